"""Tags given when a resource is made need the permission to tag it as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rehearsal.needs.ask import ANYTHING, Ask
from rehearsal.needs.need import Need

# The action that tags, where it is not TagResource; in IAM it is called after what is tagged.
TAGGERS: dict[str, Callable[[Ask], str]] = {
    "iam": lambda ask: f"iam:Tag{ask.operation.removeprefix('Create').removeprefix('Upload')}",
    "sqs": lambda _: "sqs:TagQueue",
    "ssm": lambda _: "ssm:AddTagsToResource",
    "sts": lambda _: "sts:TagSession",
}
SERVICES = frozenset(
    ("athena", "budgets", "cloudwatch", "dynamodb", "events", "glue", "iam", "kms", "lambda", "logs", "quicksight",
     "scheduler", "secretsmanager", "sns", "sqs", "ssm", "sts")
)  # fmt: skip

# What is tagged by an operation whose own action works on nothing in particular.
MADE: dict[str, tuple[str, str]] = {
    "glue:CreateCrawler": ("crawler/", "Name"),
    "glue:CreateDataQualityRuleset": ("dataQualityRuleset/", "Name"),
    "glue:CreateConnection": ("connection/", "ConnectionInput.Name"),
    "lambda:CreateEventSourceMapping": ("event-source-mapping:", "=*"),
    "logs:CreateLogGroup": ("log-group:", "logGroupName"),
    "quicksight:CreateDataSet": ("dataset/", "DataSetId"),
    "quicksight:CreateDataSource": ("datasource/", "DataSourceId"),
}

# The key policy of a key that is being made has no say yet: that of the caller must allow it on anything.
OF_NOTHING_YET = ("kms:CreateKey",)


def tagged(ask: Ask, main: Sequence[Need]) -> Iterable[Need]:
    """The needs of tags in a call that does more than tagging; ``main`` is what it needs besides."""
    service = ask.asked.service
    if service not in SERVICES or not ask.tags or not main or "Tag" in ask.operation:
        return []
    action = TAGGERS[service](ask) if service in TAGGERS else f"{service}:TagResource"
    if made := MADE.get(ask.name):
        return [ask.need(action, ask.arn(f"{made[0]}{ask.needed(made[1])}"))]
    if main[0].resource == ANYTHING and ask.name not in OF_NOTHING_YET:
        raise ask.refusal("tags what it makes, and nobody has said what that is")
    return [ask.need(action, main[0].resource)]
