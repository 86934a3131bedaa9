"""What AWS tries before it takes a setting: whether the role it names, or the resource, would let the service in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from rehearsal.answers import Answer, refused
from rehearsal.asked import Asked
from rehearsal.events.universal import TargetRefused, check_target
from rehearsal.identity.documents import Refusal, document_refusal
from rehearsal.identity.home import Home
from rehearsal.identity.services import HANDS_ON, Services
from rehearsal.needs import Need

LAMBDA, S3, SCHEDULER = "lambda.amazonaws.com", "s3.amazonaws.com", "scheduler.amazonaws.com"
BUDGETS = "budgets.amazonaws.com"

# In the order in which Lambda tries them on a queue.
READS_QUEUE = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")

Check = Callable[[Home, Services, Asked], Refusal | None]


def settings_refusal(home: Home, services: Services, asked: Asked) -> Answer | None:
    """The answer to a call that sets what could not work: a malformed policy, a role or resource that stays closed."""
    check = _CHECKS.get((asked.service, asked.operation))
    found = document_refusal(asked) or (check(home, services, asked) if check else None)
    return refused(asked.protocol, found.code, found.message, asked.service) if found else None


def _notifications(_home: Home, services: Services, asked: Asked) -> Refusal | None:
    """S3 sends a test to each destination, and takes none of them when one stays closed."""
    if asked.headers.get("x-amz-skip-destination-validation", "").lower() == "true":
        return None
    bucket = f"arn:aws:s3:::{asked.parameters.get('Bucket', '')}"
    for arn in _destinations(asked.body):
        action = HANDS_ON.get(arn.split(":")[2] if arn.count(":") >= 5 else "")
        reason = services.may(S3, action, arn, bucket) if action else "it is no queue, topic or function"
        if reason:
            message = f"Unable to validate the following destination configurations: {arn}: {reason}"
            return Refusal("InvalidArgument", message)
    return None


def _destinations(body: bytes) -> Iterator[str]:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return
    for element in root.iter():
        if element.tag.rsplit("}", 1)[-1] in ("Queue", "Topic", "CloudFunction"):
            yield (element.text or "").strip()


def _mapping(home: Home, services: Services, asked: Asked) -> Refusal | None:
    queue, role = str(asked.parameters.get("EventSourceArn", "")), _role_of_function(home, asked)
    if role is None or queue.split(":")[2:3] != ["sqs"]:
        return None
    for operation in READS_QUEUE:
        if not services.would(role, LAMBDA, Need(f"sqs:{operation}", queue)):
            return _invalid(f"The function execution role does not have permissions to call {operation} on SQS")
    return None


def _invoke_config(home: Home, services: Services, asked: Asked) -> Refusal | None:
    role, config = _role_of_function(home, asked), asked.parameters.get("DestinationConfig") or {}
    for arn in [str((config.get(kind) or {}).get("Destination") or "") for kind in ("OnSuccess", "OnFailure")]:
        if role and (call := _closed(services, role, arn)):
            return _invalid(f"The function's execution role does not have permissions to call {call[0]} on {arn}")
    return None


def _function_role(home: Home, services: Services, asked: Asked) -> Refusal | None:
    """The role must be one that Lambda may take, and that may send to the dead letters."""
    role = str(asked.parameters.get("Role") or "")
    if role and (reason := services.assume_refusal(role, LAMBDA, None, is_noted=False)):
        return _invalid(f"The role defined for the function cannot be assumed by Lambda. {role}: {reason}")
    held, letters = role or _role_of_function(home, asked), asked.parameters.get("DeadLetterConfig") or {}
    if held and (call := _closed(services, held, str(letters.get("TargetArn") or ""))):
        return _invalid(f"The provided execution role does not have permissions to call {call[0]} on {call[1]}")
    return None


def _closed(services: Services, role: str, arn: str) -> tuple[str, str] | None:
    """The operation that Lambda could not do as the role, and the name of its service; None when it could."""
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    action = HANDS_ON.get(service)
    if action is None or services.would(role, LAMBDA, Need(action, arn)):
        return None
    return action.split(":")[1], service.upper()


def _schedule(home: Home, services: Services, asked: Asked) -> Refusal | None:
    """The target must be one that Scheduler calls, and the role one that it may take."""
    target = asked.parameters.get("Target") or {}
    try:
        if target.get("Arn"):
            check_target(str(target["Arn"]), target.get("Input"), home.partition)
    except TargetRefused as refusal:
        return Refusal("ValidationException", str(refusal))
    return _schedule_role(home, services, asked)


def _schedule_role(home: Home, services: Services, asked: Asked) -> Refusal | None:
    role = (asked.parameters.get("Target") or {}).get("RoleArn")
    group = home.arn("scheduler", f"schedule-group/{asked.parameters.get('GroupName') or 'default'}", home.region)
    reason = services.assume_refusal(str(role), SCHEDULER, group, is_noted=False) if role else None
    message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    return Refusal("ValidationException", f"{message} {role}: {reason}") if reason else None


def _budget(home: Home, services: Services, asked: Asked) -> Refusal | None:
    """Budgets looks whether it could publish to the topics that a notification names."""
    told = asked.parameters
    listed = [each.get("Subscribers") or () for each in told.get("NotificationsWithSubscribers") or ()]
    subscribers = [*(one for some in listed for one in some), *(told.get("Subscribers") or ()), told.get("Subscriber")]
    source = home.arn("budgets", f"budget/{(told.get('Budget') or told).get('BudgetName', '')}")
    for each in subscribers:
        topic = str(each["Address"]) if each and each.get("SubscriptionType") == "SNS" else ""
        if topic and (reason := services.may(BUDGETS, HANDS_ON["sns"], topic, source)):
            return Refusal("InvalidParameterException", f"Invalid SNS topic: {topic}: {reason}")
    return None


def _role_of_function(home: Home, asked: Asked) -> str | None:
    """None for a function that is not there: the service itself says so."""
    parts = str(asked.parameters.get("FunctionName", "")).split(":")
    name = parts[6] if len(parts) > 6 else parts[2] if len(parts) == 3 else parts[0]
    held: Mapping[str, Any] | None = home.backend("lambda")._lambdas._functions.get(name)
    return str(held["latest"].role) if held and held["latest"] else None


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterValueException", message)


_CHECKS: Mapping[tuple[str, str], Check] = {
    ("s3", "PutBucketNotificationConfiguration"): _notifications,
    ("s3", "PutBucketNotification"): _notifications,
    ("lambda", "CreateEventSourceMapping"): _mapping,
    ("lambda", "PutFunctionEventInvokeConfig"): _invoke_config,
    ("lambda", "UpdateFunctionEventInvokeConfig"): _invoke_config,
    ("lambda", "CreateFunction"): _function_role,
    ("lambda", "UpdateFunctionConfiguration"): _function_role,
    ("budgets", "CreateBudget"): _budget,
    ("budgets", "CreateNotification"): _budget,
    ("budgets", "CreateSubscriber"): _budget,
    ("scheduler", "CreateSchedule"): _schedule,
    ("scheduler", "UpdateSchedule"): _schedule,
}
