"""When a function is called: EventBridge Scheduler, with time zones, retries and dead letters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import scheduler

from infra import policies
from infra.naming import Names
from infra.role import LakeRole, LakeRoleArgs
from sources.model import Schedule, Weekly

SCHEDULED_AT = "<aws.scheduler.scheduled-time>"  # Scheduler puts the time that was due here, late or not
RETRIES = 10
HOUR = 3_600


@dataclass(frozen=True)
class LakeScheduleArgs:
    """When one function is called, and with what."""

    names: Names  # what everything is called
    schedule: str  # its name
    group: pulumi.Input[str]  # the schedule group that it is in
    expression: str  # cron(...) or rate(...)
    function: str  # the name of what it calls
    function_arn: pulumi.Input[str]  # the ARN of what it calls
    event: Mapping[str, str]  # what the function gets
    given_up: str  # the queue for calls that could not be made
    zone: str = "UTC"  # of the IANA database


class LakeSchedule(pulumi.ComponentResource):
    """Calls one function, under a role that can do nothing else. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeSchedule", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        schedule = scheduler.Schedule(
            name,
            name=args.schedule,
            group_name=args.group,
            schedule_expression=args.expression,
            schedule_expression_timezone=args.zone,
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": args.function_arn,
                "role_arn": self._role(name, args).arn,
                "input": json.dumps(dict(args.event), sort_keys=True),
                "retry_policy": {"maximum_retry_attempts": RETRIES, "maximum_event_age_in_seconds": HOUR},
                "dead_letter_config": {"arn": args.names.queue_arn(args.given_up)},
            },
            opts=child,
        )
        self.name = schedule.name
        self.register_outputs({"name": self.name})

    def _role(self, name: str, args: LakeScheduleArgs) -> LakeRole:
        statements = [
            policies.invoke(args.names.function_arn(args.function)),
            policies.send_messages(args.names.queue_arn(args.given_up)),
        ]
        role = LakeRoleArgs(
            f"{args.schedule}-schedule", "scheduler", statements, args.names.tags, account=args.names.account
        )
        return LakeRole(f"{name}-role", role, pulumi.ResourceOptions(parent=self))


def cron(schedule: Schedule) -> str:
    """Daily at ``06:00`` is ``cron(0 6 * * ? *)``, weekly ``cron(0 6 ? * MON *)``, in the zone of the schedule."""
    hour, minute = schedule.at.split(":")
    days = f"? * {schedule.on}" if isinstance(schedule, Weekly) else "* * ?"
    return f"cron({int(minute)} {int(hour)} {days} *)"
