"""What the stack may cost in a month, and who hears of it in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import budgets

from infra.naming import Names

COST_TAG = "lake"  # counts only once it is activated as a cost allocation tag in the billing console


@dataclass(frozen=True)
class LakeBudgetArgs:
    """Told are the topic and, without having to confirm, the ``emails``."""

    names: Names
    dollars: int
    topic_arn: pulumi.Input[str]
    emails: Sequence[str] = ()


class LakeBudget(pulumi.ComponentResource):
    """A monthly budget over what bears the tag of the stack. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeBudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeBudget", name, {}, opts)
        budget = budgets.Budget(
            name,
            name=args.names.of("monthly"),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.dollars),
            limit_unit="USD",
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:{COST_TAG}${args.names.tags[COST_TAG]}"]}],
            notifications=[_told("ACTUAL", 80, args), _told("FORECASTED", 100, args)],
            tags=args.names.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = budget.name
        self.register_outputs({"name": self.name})


def _told(kind: str, percent: int, args: LakeBudgetArgs) -> budgets.BudgetNotificationArgsDict:
    return {
        "notification_type": kind,
        "comparison_operator": "GREATER_THAN",
        "threshold": percent,
        "threshold_type": "PERCENTAGE",
        "subscriber_sns_topic_arns": [args.topic_arn],
        "subscriber_email_addresses": list(args.emails),
    }
