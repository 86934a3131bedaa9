"""Budgets. The account keeps them; nothing is billed, so none is ever exceeded."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


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
    notifications = [_notification(given) for given in inputs.objects("notifications")]
    order.client("budgets").create_budget(AccountId=account, Budget=wanted, NotificationsWithSubscribers=notifications)
    inputs.unheeded("notifications")
    return Created(f"{account}:{name}", {"name": name, "accountId": account,
                                         "arn": f"arn:aws:budgets::{account}:budget/{name}"})  # fmt: skip


def _notification(given: Inputs) -> dict[str, Any]:
    subscribers = [
        {"SubscriptionType": kind, "Address": address}
        for kind, name in (("EMAIL", "subscriberEmailAddresses"), ("SNS", "subscriberSnsTopicArns"))
        for address in given.value(name, [])
    ]
    notification = given.take(NotificationType="notificationType", ComparisonOperator="comparisonOperator",
                              Threshold="threshold", ThresholdType="thresholdType")  # fmt: skip
    return {"Notification": notification, "Subscribers": subscribers}
