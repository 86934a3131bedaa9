"""When something has happened: an EventBridge rule that calls a function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, lambda_

from infra.naming import Names

RETRIES = 10
HOUR = 3_600


@dataclass(frozen=True)
class LakeRuleArgs:
    """Which events go to which function."""

    names: Names  # what everything is called
    rule: str  # its name
    pattern: Mapping[str, Any]  # which events
    function: pulumi.Input[str]  # the name of what it calls
    function_arn: pulumi.Input[str]  # the ARN of what it calls
    given_up_arn: pulumi.Input[str]  # the queue for events that could not be delivered


class LakeRule(pulumi.ComponentResource):
    """Hands the events of a pattern to one function. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeRuleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeRule", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        rule = cloudwatch.EventRule(
            name,
            name=args.rule,
            event_pattern=json.dumps(dict(args.pattern), sort_keys=True),
            tags=args.names.tags,
            opts=child,
        )
        permission = lambda_.Permission(
            f"{name}-may-call",
            action="lambda:InvokeFunction",
            function=args.function,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            opts=child,
        )
        cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            arn=args.function_arn,
            retry_policy={"maximum_retry_attempts": RETRIES, "maximum_event_age_in_seconds": HOUR},
            dead_letter_config={"arn": args.given_up_arn},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
        self.name = rule.name
        self.register_outputs({"name": self.name})
