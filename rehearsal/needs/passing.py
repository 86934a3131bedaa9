"""iam:PassRole: whoever hands a role to a service must be allowed to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need

# Where an operation names the role, and the service that will assume it.
PASSES: dict[str, tuple[str, str]] = {
    "athena:CreateWorkGroup": ("Configuration.ExecutionRole", "athena.amazonaws.com"),
    "athena:StartSession": ("ExecutionRole", "athena.amazonaws.com"),
    "athena:UpdateWorkGroup": ("ConfigurationUpdates.ExecutionRole", "athena.amazonaws.com"),
    "budgets:CreateBudgetAction": ("ExecutionRoleArn", "budgets.amazonaws.com"),
    "budgets:UpdateBudgetAction": ("ExecutionRoleArn", "budgets.amazonaws.com"),
    "cloudcontrolapi:CreateResource": ("RoleArn", "cloudformation.amazonaws.com"),
    "cloudcontrolapi:DeleteResource": ("RoleArn", "cloudformation.amazonaws.com"),
    "cloudcontrolapi:GetResource": ("RoleArn", "cloudformation.amazonaws.com"),
    "cloudcontrolapi:UpdateResource": ("RoleArn", "cloudformation.amazonaws.com"),
    "cloudwatch:PutMetricStream": ("RoleArn", "streams.metrics.cloudwatch.amazonaws.com"),
    "events:CreateEndpoint": ("RoleArn", "events.amazonaws.com"),
    "events:PutRule": ("RoleArn", "events.amazonaws.com"),
    "events:PutTargets": ("Targets.RoleArn", "events.amazonaws.com"),
    "events:UpdateEndpoint": ("RoleArn", "events.amazonaws.com"),
    "glue:CreateColumnStatisticsTaskSettings": ("Role", "glue.amazonaws.com"),
    "glue:CreateCrawler": ("Role", "glue.amazonaws.com"),
    "glue:CreateDevEndpoint": ("RoleArn", "glue.amazonaws.com"),
    "glue:CreateJob": ("Role", "glue.amazonaws.com"),
    "glue:CreateMLTransform": ("Role", "glue.amazonaws.com"),
    "glue:CreateSession": ("Role", "glue.amazonaws.com"),
    "glue:CreateTableOptimizer": ("TableOptimizerConfiguration.roleArn", "glue.amazonaws.com"),
    "glue:StartBlueprintRun": ("RoleArn", "glue.amazonaws.com"),
    "glue:StartColumnStatisticsTaskRun": ("Role", "glue.amazonaws.com"),
    "glue:StartDataQualityRuleRecommendationRun": ("Role", "glue.amazonaws.com"),
    "glue:StartDataQualityRulesetEvaluationRun": ("Role", "glue.amazonaws.com"),
    "glue:UpdateCrawler": ("Role", "glue.amazonaws.com"),
    "glue:UpdateJob": ("JobUpdate.Role", "glue.amazonaws.com"),
    "glue:UpdateMLTransform": ("Role", "glue.amazonaws.com"),
    "glue:UpdateTableOptimizer": ("TableOptimizerConfiguration.roleArn", "glue.amazonaws.com"),
    "lambda:CreateFunction": ("Role", "lambda.amazonaws.com"),
    "lambda:UpdateFunctionConfiguration": ("Role", "lambda.amazonaws.com"),
    "logs:PutDestination": ("roleArn", "logs.amazonaws.com"),
    "logs:PutSubscriptionFilter": ("roleArn", "logs.amazonaws.com"),
    "quicksight:CreateDataSource": ("DataSourceParameters.*.RoleArn", "quicksight.amazonaws.com"),
    "quicksight:UpdateDataSource": ("DataSourceParameters.*.RoleArn", "quicksight.amazonaws.com"),
    "scheduler:CreateSchedule": ("Target.RoleArn", "scheduler.amazonaws.com"),
    "scheduler:UpdateSchedule": ("Target.RoleArn", "scheduler.amazonaws.com"),
    "sns:CreateTopic": ("Attributes.value", "sns.amazonaws.com"),
    "sns:SetTopicAttributes": ("AttributeValue", "sns.amazonaws.com"),
}

# These name roles without handing them on.
NAMES_ONLY = ("iam", "sts", "kms")
# What is in here is the user's own, whatever it is called.
_USERS_OWN = ("Arguments", "DefaultArguments", "NonOverridableArguments", "Environment", "Tags", "tags", "Parameters")
_ROLE_MEMBER = re.compile(r"[A-Za-z]*[Rr]ole(A[Rr][Nn])?")
_ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+")


def passed(ask: Ask) -> Iterable[Need]:
    """Raises NotMapped for a call that names a role where nobody has said that one is passed."""
    known = PASSES.get(ask.name)
    if known is None:
        if ask.asked.service not in NAMES_ONLY and (role := next(roles_in(ask.members), None)):
            raise ask.refusal(f"hands on the role {role}, and nobody has said to whom")
        return []
    path, service = known
    roles = {role: None for value in ask.every(path) if (role := _role_arn(ask, path, value))}
    return [ask.need("iam:PassRole", role, {"iam:PassedToService": service}) for role in roles]


def _role_arn(ask: Ask, path: str, value: str) -> str | None:
    """Glue takes the name of a role too; attributes of SNS hold much else."""
    if _ROLE.fullmatch(value):
        return value
    if path.rpartition(".")[2] != "Role":
        return None
    return ask.facts.iam_arn("role", value.rpartition("/")[2]) or ask.arn(f"role/{value}", "iam", is_global=True)


def roles_in(value: Any, name: str = "") -> Iterator[str]:
    """The ARNs of roles in members that are called after a role."""
    if isinstance(value, Mapping):
        for inner, each in value.items():
            if inner not in _USERS_OWN:
                yield from roles_in(each, str(inner))
    elif isinstance(value, list):
        for each in value:
            yield from roles_in(each, name)
    elif isinstance(value, str) and _ROLE_MEMBER.fullmatch(name) and _ROLE.fullmatch(value):
        yield value
