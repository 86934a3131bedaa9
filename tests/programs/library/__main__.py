"""The lake of a library: its catalogue of books, every night. All is built of the components of Lakelet."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_aws as aws
from pulumi_aws import scheduler

from infra import (
    Conduct,
    ConductArgs,
    Lake,
    LakeArgs,
    LakeBucket,
    LakeBucketArgs,
    Names,
    Operations,
    OperationsArgs,
    Packager,
    SourcePipeline,
    SourcePipelineArgs,
    Upkeep,
    UpkeepArgs,
)
from infra import settings as stack
from infra.exports import exports

settings = stack.load()
identity, region = aws.get_caller_identity(), aws.get_region().region
names = Names(settings.stack, identity.account_id, region, project="library")
packager = Packager(extra=(Path(__file__).parent,))  # sources/, etl/ and queries/ beside this file

lake = Lake("lake", LakeArgs(names, settings, packager))
group = scheduler.ScheduleGroup("schedules", name=names.prefix, tags=names.tags)
extract, curate = packager.extract(), lake.upload(packager.script("curate"))
pipelines = {
    source.name: SourcePipeline(
        source.name,
        SourcePipelineArgs(names, settings, source, lake, stack.api_key(source), extract, curate, group.name),
    )
    for source in settings.sources
}
conduct = Conduct("conduct", ConductArgs(names, settings, lake, packager.conduct(), group.name))
upkeep = Upkeep("upkeep", UpkeepArgs(names, settings, lake, lake.upload(packager.script("upkeep")), group.name))
operations = Operations("operations", OperationsArgs(names, settings))

# No part of the lake: scans of the covers, which people bring by hand.
covers = LakeBucketArgs(names.bucket("covers"), names.bucket_arn("covers"), names.tags, settings.protect_data)
pulumi.export("covers", LakeBucket("covers", covers).name)

for name, value in exports(lake, pipelines, conduct, upkeep, operations).items():
    pulumi.export(name, value)
