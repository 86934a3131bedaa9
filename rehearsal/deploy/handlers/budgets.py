"""Budgets. They are checked and kept, and not evaluated: nothing is billed, so none is ever exceeded."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles

_KNOWN = {
    "notificationType": ("ACTUAL", "FORECASTED"),
    "comparisonOperator": ("GREATER_THAN", "LESS_THAN", "EQUAL_TO"),
    "thresholdType": ("PERCENTAGE", "ABSOLUTE_VALUE"),
}
MOST_MAILS = 10


@handles("aws:budgets/budget:Budget")
def budget(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name(limit=100)
    account = inputs.value("accountId", order.account_id)
    wanted: dict[str, Any] = {"BudgetName": name, **inputs.take(BudgetType="budgetType", TimeUnit="timeUnit")}
    if "limitAmount" in inputs:
        wanted["BudgetLimit"] = {"Amount": inputs["limitAmount"], "Unit": inputs.value("limitUnit", "USD")}
    filters = {given["name"]: given["values"] for given in inputs.objects("costFilters")}
    if filters:
        wanted["CostFilters"] = filters
    tags = {"ResourceTags": order.tag_list()} if order.tags else {}
    notifications = [_notification(given) for given in inputs.objects("notifications")]
    order.client("budgets").create_budget(
        AccountId=account, Budget=wanted, NotificationsWithSubscribers=notifications, **tags
    )
    return Created(f"{account}:{name}", {"name": name, "accountId": account,
                                         "arn": f"arn:aws:budgets::{account}:budget/{name}"})  # fmt: skip


def _notification(given: Inputs) -> dict[str, Any]:
    for name, known in _KNOWN.items():
        if given[name] not in known:
            raise InputRefusedError(
                f"property {name} of a notification is {given[name]!r}; known are {', '.join(known)}"
            )
    mails, topics = given.value("subscriberEmailAddresses", []), given.value("subscriberSnsTopicArns", [])
    if not (mails or topics) or len(mails) > MOST_MAILS or len(topics) > 1:
        raise InputRefusedError(
            f"a notification needs 1 to {MOST_MAILS} mail addresses, or one topic; got {len(mails)} and {len(topics)}"
        )
    subscribers = [
        {"SubscriptionType": kind, "Address": address}
        for kind, name in (("EMAIL", "subscriberEmailAddresses"), ("SNS", "subscriberSnsTopicArns"))
        for address in given.value(name, [])
    ]
    notification = given.take(NotificationType="notificationType", ComparisonOperator="comparisonOperator",
                              Threshold="threshold", ThresholdType="thresholdType")  # fmt: skip
    return {"Notification": notification, "Subscribers": subscribers}
