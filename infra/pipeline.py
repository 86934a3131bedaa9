"""The pipeline of one source: its schedules call its extract function, its job curates what that has stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pulumi

from infra import permissions
from infra.function import LakeFunction, LakeFunctionArgs
from infra.job import LakeJob, LakeJobArgs
from infra.lake import GIVEN_UP, Lake
from infra.naming import Names
from infra.schedule import SCHEDULED_AT, LakeSchedule, LakeScheduleArgs, cron
from infra.secret import LakeSecret, LakeSecretArgs
from infra.settings import Settings
from sources.model import Source, Stream

EXTRACT_SECONDS = 900  # the most that Lambda gives; a sweep that needs longer goes on in the next call


@dataclass(frozen=True)
class SourcePipelineArgs:
    """One source of a stack."""

    names: Names  # what everything is called
    settings: Settings  # what the stack decides
    source: Source  # as the stack has configured it
    lake: Lake  # where it keeps things
    api_key: pulumi.Output[str]  # of its API; for client credentials ID:SECRET
    package: Path  # the zip of the extract function
    script: pulumi.Input[str]  # URL of the script of the curate job
    schedule_group: pulumi.Input[str]  # that its schedules are in


class SourcePipeline(pulumi.ComponentResource):
    """All that one source needs. Outputs: ``extract``, ``job`` and ``schedules``, by stream."""

    def __init__(self, name: str, args: SourcePipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:SourcePipeline", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.extract = self._extract(args)
        self.schedules = {stream.name: self._schedule(args, stream) for stream in args.source.streams}
        self.job = self._job(args)
        self.register_outputs({})

    def _extract(self, args: SourcePipelineArgs) -> LakeFunction:
        names, source, lake = args.names, args.source.name, args.lake
        secret_args = LakeSecretArgs(names.of(source), args.api_key, names.tags, args.settings.protect_data)
        secret = LakeSecret(f"{source}-secret", secret_args, self._child)
        function = LakeFunctionArgs(
            names=names,
            function=names.extract(source),
            package=args.package,
            handler="lambdas.extract.handler.handler",
            statements=permissions.extract(names, source),
            environment={
                "RAW_BUCKET": lake.raw.name,
                "RUNS_TABLE": lake.runs.name,
                "PAGES_TABLE": lake.pages.name,
                "QUOTA_TABLE": lake.quota.name,
                "SECRET_ID": secret.name,
                "API_URL": args.settings.url_of(args.source),
                "OPTIONS": json.dumps(args.settings.options.get(source, {}), sort_keys=True),
            },
            timeout_seconds=EXTRACT_SECONDS,
            log_retention_days=args.settings.log_retention_days,
            given_up=GIVEN_UP,
        )
        return LakeFunction(f"{source}-extract", function, self._child)

    def _schedule(self, args: SourcePipelineArgs, stream: Stream) -> LakeSchedule:
        names, source = args.names, args.source.name
        schedule = LakeScheduleArgs(
            names=names,
            schedule=names.of(source, stream.name),
            group=args.schedule_group,
            expression=cron(stream.schedule),
            zone=stream.schedule.zone,
            function=names.extract(source),
            function_arn=self.extract.arn,
            event={"source": source, "stream": stream.name, "scheduled_at": SCHEDULED_AT},
            given_up=GIVEN_UP,
        )
        return LakeSchedule(f"{source}-{stream.name}", schedule, self._child)

    def _job(self, args: SourcePipelineArgs) -> LakeJob:
        names, source, lake, settings = args.names, args.source.name, args.lake, args.settings
        job = LakeJobArgs(
            names=names,
            job=names.job(source),
            script=args.script,
            extra_py_files=lake.job_library,
            warehouse=lake.warehouse,
            statements=permissions.curate(names, source, args.source.table_names),
            arguments={
                "--raw_bucket": lake.raw.name,
                "--curated_bucket": lake.curated.name,
                "--database": lake.database.name,
            },
            glue_version=settings.glue_version,
            worker_type=settings.worker_type,
            workers=settings.workers,
            log_retention_days=settings.log_retention_days,
        )
        return LakeJob(f"{source}-curate", job, self._child)
