"""What tells people how the lake is: alarms and their topic, the dashboard, the budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from infra import dashboard
from infra.alarm import declare
from infra.alarms import alarms
from infra.budget import LakeBudget, LakeBudgetArgs
from infra.naming import Names
from infra.settings import Settings
from infra.topic import AlarmTopic, AlarmTopicArgs
from sources.layout import UPKEEP


@dataclass(frozen=True)
class OperationsArgs:
    """One stack to watch."""

    names: Names  # what everything is called
    settings: Settings  # what the stack decides

    @property
    def functions(self) -> dict[str, str]:
        """The names of all functions of the stack, by what people call them."""
        extracts = {f"extract-{source.name}": self.names.extract(source.name) for source in self.settings.sources}
        return {**extracts, **{name: self.names.of(name) for name in ("start", "record", "reconcile")}}

    @property
    def log_groups(self) -> list[str]:
        jobs = [*(self.names.job(source.name) for source in self.settings.sources), self.names.of(UPKEEP)]
        groups = [f"/aws/lambda/{function}" for function in self.functions.values()]
        return groups + [group for job in jobs for group in self.names.job_logs(job)]


class Operations(pulumi.ComponentResource):
    """Watches a stack. Outputs: ``topic``, ``alarms``, ``dashboard`` and ``budget``."""

    def __init__(self, name: str, args: OperationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:Operations", name, {}, opts)
        names, settings = args.names, args.settings
        child = pulumi.ResourceOptions(parent=self)
        self.log_groups = args.log_groups
        self.topic = AlarmTopic("alarms", AlarmTopicArgs(names, settings.alarm_emails), child)
        self.alarms = [
            declare(alarm, names, self.topic.arn, child) for alarm in alarms(names, settings.sources, args.functions)
        ]
        self.dashboard = self._dashboard(names, settings, args.functions, child)
        dollars, emails = settings.monthly_budget_dollars, settings.alarm_emails
        self.budget = LakeBudget("budget", LakeBudgetArgs(names, dollars, self.topic.arn, emails), child)
        self.register_outputs({})

    def _dashboard(
        self, names: Names, settings: Settings, functions: Mapping[str, str], opts: pulumi.ResourceOptions
    ) -> pulumi.Output[str]:
        made = cloudwatch.Dashboard(
            "dashboard",
            dashboard_name=names.prefix,
            dashboard_body=dashboard.body(names, settings.sources, functions, settings.monthly_budget_dollars),
            opts=opts,
        )
        return made.dashboard_name
