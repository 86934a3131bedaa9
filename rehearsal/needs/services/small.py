"""Services of which little has to be said: budgets, QuickSight, parameters, and what EC2 tells of itself."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.needs.ask import Ask
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.keys import behind, key_named
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

_CHANGE, _VIEW = "ModifyBudget", "ViewBudget"
_BUDGET = "BudgetName|Budget.BudgetName|NewBudget.BudgetName"


def parameter(ask: Ask) -> list[Need]:
    """The ARN of "/a/b" ends in "parameter/a/b", as that of "a/b" would. A path stands for all below it."""
    action = action_of(ask, SSM)
    if "parameter" not in {kind.name for kind in action.resource_types if kind.is_required}:
        return generally(ask, SSM)
    names = ask.every("Name|Names|Path") or [ask.needed("Name")]
    return [ask.need(action.name, ask.arn(f"parameter/{_bare(name)}")) for name in names]


def parameter_key(ask: Ask) -> Iterable[Need]:
    """What is stored in secret, and read again in clear, needs the key."""
    if ask.one("WithDecryption") in ("True", "true"):
        raise ask.refusal("decrypts a parameter under a key that is not known")
    if ask.operation == "PutParameter" and ask.one("Type") == "SecureString":
        arn = ask.arn(f"parameter/{_bare(ask.needed('Name'))}")
        actions = ("kms:GenerateDataKey", "kms:Decrypt") if ask.one("Tier") == "Advanced" else ("kms:Encrypt",)
        return behind(ask, "ssm", key_named(ask, ask.one("KeyId")), actions, {"PARAMETER_ARN": arn})
    return []


def _bare(name: str) -> str:
    return name.split(":parameter/", 1)[-1].removeprefix("/").partition(":")[0]


BUDGETS = Service(
    model="budgets",
    actions={
        **dict.fromkeys(
            ("CreateBudget", "CreateNotification", "CreateSubscriber", "DeleteBudget", "DeleteNotification",
             "DeleteSubscriber", "UpdateBudget", "UpdateNotification", "UpdateSubscriber"), _CHANGE),
        **dict.fromkeys(
            ("DescribeBudget", "DescribeBudgetNotificationsForAccount", "DescribeBudgetPerformanceHistory",
             "DescribeBudgets", "DescribeNotificationsForBudget", "DescribeSubscribersForNotification"), _VIEW),
    },
    places={
        "budget": (_BUDGET,),
        "DescribeBudgets:budget": ("=*",),
        "DescribeBudgetNotificationsForAccount:budget": ("=*",),
        "budgetAction": (_BUDGET, "ActionId|=*"),
    },
)  # fmt: skip

QUICKSIGHT = Service(
    model="quicksight",
    places={
        "analysis": ("AnalysisId",),
        "dashboard": ("DashboardId",),
        "dataset": ("DataSetId",),
        "datasource": ("DataSourceId",),
        "CreateDataSet:datasource": ("PhysicalTableMap.*.*.DataSourceArn",),
        "UpdateDataSet:datasource": ("PhysicalTableMap.*.*.DataSourceArn",),
        "folder": ("FolderId",),
        "ingestion": ("DataSetId", "IngestionId"),
        "namespace": ("Namespace",),
        "refreshschedule": ("DataSetId", "ScheduleId|Schedule.ScheduleId"),
        "template": ("TemplateId",),
        "theme": ("ThemeId",),
        "topic": ("TopicId",),
        "vpcconnection": ("VPCConnectionId",),
    },
)

SSM = Service(model="ssm", places={"document": ("DocumentName|Name",)}, rule=parameter, more=(parameter_key,))

# What works on a resource of EC2 is not mapped; what describes works on none.
EC2 = Service(model="ec2")
