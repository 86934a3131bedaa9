"""The lake, in the order the data flows. `pulumi up` makes it; `lakelet run` rehearses it."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi_aws import scheduler

from infra import settings as stack
from infra.conduct import Conduct, ConductArgs
from infra.exports import exports
from infra.lake import Lake, LakeArgs
from infra.naming import Names
from infra.operations import Operations, OperationsArgs
from infra.packaging import Packager
from infra.pipeline import SourcePipeline, SourcePipelineArgs
from infra.quicksight import LakeDashboards, LakeDashboardsArgs
from infra.upkeep import Upkeep, UpkeepArgs

settings = stack.load()
keys = {source.name: stack.api_key(source) for source in settings.sources}
identity = aws.get_caller_identity()
names = Names(
    stack=settings.stack,
    account=identity.account_id,
    region=aws.get_region().region,
    partition=identity.arn.split(":")[1],
)
packager = Packager()
extract_package, conduct_package = packager.extract(), packager.conduct()

# Where everything is kept: raw pages and manifests, curated tables, the ledger of runs.
lake = Lake("lake", LakeArgs(names, settings, packager))
group = scheduler.ScheduleGroup("schedules", name=names.prefix, tags=names.tags)
curate = lake.upload(packager.script("curate"))

# schedule -> extract -> raw pages, then a manifest; later curate -> tables.
pipelines = {
    source.name: SourcePipeline(
        source.name,
        SourcePipelineArgs(
            names=names,
            settings=settings,
            source=source,
            lake=lake,
            api_key=keys[source.name],
            package=extract_package,
            script=curate,
            schedule_group=group.name,
        ),
    )
    for source in settings.sources
}

# manifest -> queue -> start -> curate; job ended -> record; every 15 minutes -> reconcile.
conduct = Conduct("conduct", ConductArgs(names, settings, lake, conduct_package, group.name))

# once a week: small files folded together, old snapshots and strays removed, in all tables.
upkeep_args = UpkeepArgs(names, settings, lake, lake.upload(packager.script("upkeep")), group.name)
upkeep = Upkeep("upkeep", upkeep_args)

# alarms -> mail; a dashboard in the order of the flow; a monthly budget.
operations = Operations("operations", OperationsArgs(names, settings))

# the lake's dashboards in QuickSight, for a stack that says who owns them.
if settings.quicksight_owner:
    dashboards = LakeDashboardsArgs(names, settings.quicksight_owner, lake.queries.workgroup, settings.sources)
    LakeDashboards("dashboards", dashboards)

for name, value in exports(lake, pipelines, conduct, upkeep, operations).items():
    pulumi.export(name, value)
