"""What the stack tells the outside: names to find its parts by. The command line reads these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.conduct import Conduct
from infra.lake import Lake
from infra.operations import Operations
from infra.pipeline import SourcePipeline
from infra.upkeep import Upkeep


def exports(
    lake: Lake, pipelines: Mapping[str, SourcePipeline], conduct: Conduct, upkeep: Upkeep, operations: Operations
) -> dict[str, Any]:
    """Flat: a name, or names by source, or by ``source/stream``."""
    return {
        "project": lake.project,
        "region": lake.region,
        "raw_bucket": lake.raw.name,
        "curated_bucket": lake.curated.name,
        "artifacts_bucket": lake.artifacts.name,
        "database": lake.database.name,
        "workgroup": lake.queries.workgroup,
        "runs_table": lake.runs.name,
        "pages_table": lake.pages.name,
        "quota_table": lake.quota.name,
        "manifests_queue": conduct.queue.url,
        "manifests_dead_queue": conduct.dead.url,
        "given_up_queue": lake.given_up.url,
        "start_function": conduct.start.name,
        "record_function": conduct.record.name,
        "reconcile_function": conduct.reconcile.name,
        "job_ended_rule": conduct.rule.name,
        "reconcile_schedule": conduct.reconcile_schedule.name,
        "upkeep_job": upkeep.job,
        "upkeep_schedule": upkeep.schedule,
        "alarms_topic": operations.topic.arn,
        "alarms": operations.alarms,
        "dashboard": operations.dashboard,
        "log_groups": operations.log_groups,
        "extract_functions": {source: pipeline.extract.name for source, pipeline in pipelines.items()},
        "curate_jobs": {source: pipeline.job.name for source, pipeline in pipelines.items()},
        "schedules": {
            f"{source}/{stream}": schedule.name
            for source, pipeline in pipelines.items()
            for stream, schedule in pipeline.schedules.items()
        },
    }
