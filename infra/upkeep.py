"""Upkeep of all tables of the lake: one job for all sources, started by a schedule of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import scheduler

from infra import policies
from infra.job import LakeJob, LakeJobArgs
from infra.lake import GIVEN_UP, Lake
from infra.naming import Names
from infra.policies import Statement
from infra.role import LakeRole, LakeRoleArgs
from infra.schedule import HOUR, RETRIES, cron
from infra.settings import Settings
from sources import layout
from sources.layout import UPKEEP
from sources.model import Weekly

SUNDAY = Weekly("SUN", "03:00", "UTC")


@dataclass(frozen=True)
class UpkeepArgs:
    """The job that looks after the tables of all sources."""

    names: Names  # what everything is called
    settings: Settings  # what the stack decides
    lake: Lake  # where everything is kept
    script: pulumi.Input[str]  # the URL of the job's script
    schedule_group: pulumi.Input[str]  # the group of its schedule
    schedule: Weekly = SUNDAY  # when it works

    @property
    def tables(self) -> list[str]:
        return [table for source in self.settings.sources for table in source.table_names]


class Upkeep(pulumi.ComponentResource):
    """Once a week the job looks after all tables. Outputs: ``job`` and ``schedule``, by name."""

    job: pulumi.Output[str]
    schedule: pulumi.Output[str]

    def __init__(self, name: str, args: UpkeepArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:Upkeep", name, {}, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        self.job = self._job().name
        self.schedule = self._schedule().name
        self.register_outputs({"job": self.job, "schedule": self.schedule})

    def _job(self) -> LakeJob:
        names, lake, settings = self._args.names, self._args.lake, self._args.settings
        job = LakeJobArgs(
            names=names,
            job=names.of(UPKEEP),
            script=self._args.script,
            extra_py_files=lake.job_library,
            warehouse=lake.warehouse,
            statements=upkeep(names),
            arguments={
                "--tables": ",".join(self._args.tables),
                "--database": lake.database.name,
                "--curated_bucket": lake.curated.name,
                "--keep_snapshots_days": str(settings.keep_snapshots_days),
            },
            glue_version=settings.glue_version,
            worker_type=settings.worker_type,
            workers=settings.workers,
            log_retention_days=settings.log_retention_days,
        )
        return LakeJob(UPKEEP, job, self._child)

    def _schedule(self) -> scheduler.Schedule:
        """Scheduler calls Glue itself; no function stands in between."""
        names = self._args.names
        return scheduler.Schedule(
            f"{UPKEEP}-schedule",
            name=names.of(UPKEEP),
            group_name=self._args.schedule_group,
            schedule_expression=cron(self._args.schedule),
            schedule_expression_timezone=self._args.schedule.zone,
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:{names.partition}:scheduler:::aws-sdk:glue:startJobRun",
                "role_arn": self._starter().arn,
                "input": self.job.apply(lambda job: json.dumps({"JobName": job})),
                # While somebody else has the job run, Glue refuses: an hour is enough for it to end.
                "retry_policy": {"maximum_retry_attempts": RETRIES, "maximum_event_age_in_seconds": HOUR},
                "dead_letter_config": {"arn": names.queue_arn(GIVEN_UP)},
            },
            opts=self._child,
        )

    def _starter(self) -> LakeRole:
        names = self._args.names
        statements = [policies.start_jobs(job_arn(names)), policies.send_messages(names.queue_arn(GIVEN_UP))]
        role = LakeRoleArgs(f"{names.of(UPKEEP)}-schedule", "scheduler", statements, names.tags, account=names.account)
        return LakeRole(f"{UPKEEP}-schedule-role", role, self._child)


def job_arn(names: Names) -> str:
    return names.arn("glue", f"job/{names.of(UPKEEP)}")


def upkeep(names: Names) -> list[Statement]:
    """Rewrite the files of all tables that are there, and delete those that no snapshot has; nothing raw is seen."""
    database = names.database
    catalog = [names.arn("glue", each) for each in ("catalog", f"database/{database}", f"table/{database}/*")]
    curated, warehouse = names.bucket_arn("curated"), f"{layout.WAREHOUSE}{database}/"
    return [
        policies.get_objects(names.bucket_arn("artifacts"), layout.SCRIPTS),
        policies.get_objects(curated, warehouse),
        policies.put_objects(curated, warehouse, f"{layout.RESULTS}{UPKEEP}/"),
        policies.delete_objects(curated, warehouse),
        policies.list_objects(curated, warehouse),  # what no snapshot names can only be found by looking
        policies.allow(["glue:GetTable", "glue:UpdateTable"], catalog),
    ]
