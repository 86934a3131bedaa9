"""What other programs may build with. Each component has its arguments beside it."""

from __future__ import annotations

from infra.bucket import LakeBucket, LakeBucketArgs
from infra.catalog import LakeDatabase, LakeDatabaseArgs
from infra.conduct import Conduct, ConductArgs
from infra.function import LakeFunction, LakeFunctionArgs
from infra.job import LakeJob, LakeJobArgs
from infra.lake import Lake, LakeArgs
from infra.naming import Names
from infra.operations import Operations, OperationsArgs
from infra.packaging import Packager
from infra.pipeline import SourcePipeline, SourcePipelineArgs
from infra.queries import LakeQueries, LakeQueriesArgs
from infra.queue import LakeQueue, LakeQueueArgs
from infra.role import LakeRole, LakeRoleArgs
from infra.rule import LakeRule, LakeRuleArgs
from infra.schedule import LakeSchedule, LakeScheduleArgs
from infra.secret import LakeSecret, LakeSecretArgs
from infra.settings import Settings
from infra.table import Index, LakeTable, LakeTableArgs
from infra.upkeep import Upkeep, UpkeepArgs

__all__ = [
    "Conduct",
    "ConductArgs",
    "Index",
    "Lake",
    "LakeArgs",
    "LakeBucket",
    "LakeBucketArgs",
    "LakeDatabase",
    "LakeDatabaseArgs",
    "LakeFunction",
    "LakeFunctionArgs",
    "LakeJob",
    "LakeJobArgs",
    "LakeQueries",
    "LakeQueriesArgs",
    "LakeQueue",
    "LakeQueueArgs",
    "LakeRole",
    "LakeRoleArgs",
    "LakeRule",
    "LakeRuleArgs",
    "LakeSchedule",
    "LakeScheduleArgs",
    "LakeSecret",
    "LakeSecretArgs",
    "LakeTable",
    "LakeTableArgs",
    "Names",
    "Operations",
    "OperationsArgs",
    "Packager",
    "Settings",
    "SourcePipeline",
    "SourcePipelineArgs",
    "Upkeep",
    "UpkeepArgs",
]
