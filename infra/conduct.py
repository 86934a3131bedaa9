"""What moves runs along, for all sources: manifests start jobs, jobs that end are written down, stopped runs go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import lambda_, s3

from infra import permissions, policies
from infra.function import LakeFunction, LakeFunctionArgs
from infra.lake import GIVEN_UP, JOB_ENDED, Lake
from infra.naming import Names
from infra.permissions import MANIFESTS_QUEUE
from infra.policies import Statement
from infra.queue import LakeQueue, LakeQueueArgs
from infra.rule import LakeRule, LakeRuleArgs
from infra.schedule import SCHEDULED_AT, LakeSchedule, LakeScheduleArgs
from infra.settings import Settings
from sources import layout

START_SECONDS = 60
RECORD_SECONDS = 60
VISIBILITY_SECONDS = 6 * START_SECONDS
RECONCILE_SECONDS = 300
DEAD = f"{MANIFESTS_QUEUE}-dead"

# A job that is running gives the messages of the next batch back, each time they come: that is back-pressure, no
# failure. So many receives last for hours. What can never succeed is dropped by the function at the first sight.
MAX_RECEIVES = 50


@dataclass(frozen=True)
class ConductArgs:
    """What moves the runs of a stack along."""

    names: Names  # what everything is called
    settings: Settings  # what the stack decides
    lake: Lake  # whose runs it moves along
    package: Path  # the zip of the three functions
    schedule_group: pulumi.Input[str]  # that its schedule is in

    @property
    def sources(self) -> list[str]:
        return [source.name for source in self.settings.sources]

    @property
    def streams(self) -> list[str]:
        """Each as ``source/stream``."""
        return [f"{source.name}/{stream.name}" for source in self.settings.sources for stream in source.streams]


class Conduct(pulumi.ComponentResource):
    """From manifest to job to ledger. Outputs: the queues, the functions, the rule and the schedule."""

    def __init__(self, name: str, args: ConductArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:Conduct", name, {}, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        self.dead, self.queue = self._queues()
        self.start = self._start()
        self._connect()
        self.record = self._record()
        self.rule = self._when_jobs_end()
        self.reconcile = self._reconcile()
        self.reconcile_schedule = self._every_quarter()
        self.register_outputs({})

    def _queues(self) -> tuple[LakeQueue, LakeQueue]:
        names = self._args.names
        dead = LakeQueue(DEAD, LakeQueueArgs(names, DEAD), self._child)
        sender = policies.sent_by("s3", names.bucket_arn("raw"), names.account, names.queue_arn(MANIFESTS_QUEUE))
        queue = LakeQueueArgs(
            names=names,
            queue=MANIFESTS_QUEUE,
            senders=[sender],
            visibility_seconds=VISIBILITY_SECONDS,
            dead_letters=DEAD,
            max_receives=MAX_RECEIVES,
        )
        # SQS takes a queue for dead letters only when it is there.
        return dead, LakeQueue(MANIFESTS_QUEUE, queue, pulumi.ResourceOptions(parent=self, depends_on=[dead]))

    def _connect(self) -> None:
        """New manifests go to the queue, and from there in batches to the function."""
        lambda_.EventSourceMapping(
            "manifests-to-start",
            event_source_arn=self.queue.arn,
            function_name=self.start.arn,
            batch_size=50,
            maximum_batching_window_in_seconds=60,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": 2},
            tags=self._args.names.tags,
            opts=self._child,
        )
        # The only one on this bucket: a second would take the place of the first.
        s3.BucketNotification(
            "new-manifests",
            bucket=self._args.lake.raw.name,
            queues=[
                {
                    "id": "new-manifests",
                    "queue_arn": self.queue.arn,
                    "events": ["s3:ObjectCreated:*"],
                    "filter_prefix": layout.MANIFESTS,
                    "filter_suffix": ".json",
                }
            ],
            opts=self._child,
        )

    def _start(self) -> LakeFunction:
        statements = permissions.start(self._args.names, self._args.sources)
        return self._function("start", statements, START_SECONDS, ("RUNS_TABLE", "RAW_BUCKET", "JOB_PREFIX"))

    def _record(self) -> LakeFunction:
        statements = permissions.record(self._args.names, self._args.sources)
        told = ("RUNS_TABLE", "CURATED_BUCKET", "JOB_PREFIX", "UPKEEP_JOB")
        return self._function("record", statements, RECORD_SECONDS, told, given_up=GIVEN_UP)

    def _reconcile(self) -> LakeFunction:
        statements = permissions.reconcile(self._args.names, self._args.sources, self._args.streams)
        told = ("RUNS_TABLE", "CURATED_BUCKET", "JOB_PREFIX", "EXTRACT_PREFIX", "STREAMS")
        return self._function("reconcile", statements, RECONCILE_SECONDS, told, given_up=GIVEN_UP)

    def _environment(self, told: Sequence[str]) -> dict[str, pulumi.Input[str]]:
        names, lake = self._args.names, self._args.lake
        known: dict[str, pulumi.Input[str]] = {
            "RUNS_TABLE": lake.runs.name,
            "RAW_BUCKET": lake.raw.name,
            "CURATED_BUCKET": lake.curated.name,
            "JOB_PREFIX": names.job(""),
            "EXTRACT_PREFIX": names.extract(""),
            "UPKEEP_JOB": names.of(layout.UPKEEP),
            "STREAMS": ",".join(self._args.streams),
        }
        return {name: known[name] for name in told}

    def _function(
        self,
        name: str,
        statements: list[Statement],
        seconds: int,
        told: Sequence[str],
        given_up: str | None = None,
    ) -> LakeFunction:
        args = LakeFunctionArgs(
            names=self._args.names,
            function=self._args.names.of(name),
            package=self._args.package,
            handler=f"lambdas.conduct.{name}.handler",
            statements=statements,
            environment=self._environment(told),
            timeout_seconds=seconds,
            log_retention_days=self._args.settings.log_retention_days,
            given_up=given_up,
        )
        return LakeFunction(name, args, self._child)

    def _when_jobs_end(self) -> LakeRule:
        names = self._args.names
        pattern = {
            "source": ["aws.glue"],
            "detail-type": ["Glue Job State Change"],
            "detail": {"jobName": [*map(names.job, self._args.sources), names.of(layout.UPKEEP)]},
        }
        rule = LakeRuleArgs(
            names=names,
            rule=names.of(JOB_ENDED),
            pattern=pattern,
            function=self.record.name,
            function_arn=self.record.arn,
            given_up_arn=self._args.lake.given_up.arn,
        )
        return LakeRule(JOB_ENDED, rule, self._child)

    def _every_quarter(self) -> LakeSchedule:
        names = self._args.names
        schedule = LakeScheduleArgs(
            names=names,
            schedule=names.of("reconcile"),
            group=self._args.schedule_group,
            expression="rate(15 minutes)",
            function=names.of("reconcile"),
            function_arn=self.reconcile.arn,
            event={"scheduled_at": SCHEDULED_AT},
            given_up=GIVEN_UP,
        )
        return LakeSchedule("reconcile-schedule", schedule, self._child)
