"""The seams: what the patched account tells the other parts of the rehearsal, and asks of them.

Each seam is a plain attribute that the part concerned sets. Apart from ``invoke``, they are called in the thread that
serves a request, once the call has been carried out and before it is answered; they hold no lock of the account, so
they may call it, and one that has long work to do should only note it and return.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.errors import NotWired, RehearsalError

InvocationType = Literal["RequestResponse", "Event"]


@dataclass(frozen=True)
class InvokeRequest:
    """One call of Lambda's Invoke for a function that exists; ``payload`` is JSON. A dry run never gets here."""

    function_name: str
    qualifier: str | None
    payload: bytes
    invocation_type: InvocationType = "RequestResponse"


@dataclass(frozen=True)
class InvokeResult:
    """What Lambda answers. ``function_error`` is None when the function returned, else "Unhandled" or "Handled".

    For an Event invocation only the acceptance counts: status and payload are Lambda's own (202, empty).
    """

    status_code: int
    payload: bytes
    function_error: str | None = None
    log_tail: bytes = b""


class InvokeRefused(RehearsalError):
    """Lambda itself says no before the function runs: ``code`` such as TooManyRequestsException, and its status."""

    def __init__(self, code: str, message: str, status: int = 429) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass(frozen=True)
class RuleMatch:
    """An event that a rule let through, for one of the rule's targets.

    ``target`` is as in PutTargets (Id, Arn, Input, InputPath, InputTransformer, RoleArn, RetryPolicy,
    DeadLetterConfig); ``event`` is the whole envelope, from version to detail, its time a string.
    """

    rule_name: str
    rule_arn: str
    target: dict[str, Any]
    event: dict[str, Any]


@dataclass(frozen=True)
class ObjectDelivery:
    """An S3 notification on its way to a queue. ``message`` holds Records, or S3's own test event."""

    queue_arn: str
    bucket: str
    message: dict[str, Any]


@dataclass(frozen=True)
class Notification:
    """A message of a topic that leaves the account: by "email", "sms", "https" and the like, to ``endpoint``."""

    topic_arn: str
    protocol: str
    endpoint: str
    subject: str | None
    message: str


@dataclass(frozen=True)
class Undelivered:
    """Something that a service was to hand on, and could not: ``name`` is what sent it, ``target`` an ARN or empty."""

    name: str
    target: str
    reason: str
    moment: float


def _no_functions(request: InvokeRequest) -> InvokeResult:
    raise NotWired(f"function {request.function_name} was invoked, but nothing runs functions here; set hooks.invoke")


def _no_bus(event: dict[str, Any]) -> None:
    raise NotWired(f"event {event.get('detail-type')!r} was put, but no account is running; start the account first")


def _no_client(_key: str, service: str) -> Any:
    raise NotWired(f"{service} was needed for a caller, but no account is running; start the account first")


def _nobody_to_ask(service: str, action: str, resource_arn: str, _source_arn: str | None) -> str | None:
    return f"{service} asked for {action} on {resource_arn}, but no account is running; start the account first"


def _unheeded(*_: object) -> None:
    return None


def _as_sent(delivery: ObjectDelivery) -> list[ObjectDelivery]:
    return [delivery]


@dataclass
class Hooks:
    """The seams of one account.

    Told by the account:
    - ``invoke``: runs a function. Unset, an invocation is refused by name.
    - ``job_run_started(job name, run id)``: a Glue run was accepted and stands in STARTING until somebody moves it.
    - ``job_run_stopped(job name, run id)``: a stop was asked for; the run stands in STOPPING until somebody moves it.
    - ``rule_matched(match)``: a rule let an event through to a target. Unset, nothing is delivered: moto never does.
    - ``object_event(bucket, key, event name)``: an object was written or deleted, whatever notifications say.
    - ``changed(*names)``: data have changed by themselves, not by the call that is being served. A name is the part of
      the account, the place in it, and the name there: see ``rehearsal.kept.parts``.
    - ``object_delivery(delivery)``: the notifications that really go out: none, one, or several.
    - ``counted(namespace, metric, dimension)``: something that CloudWatch counts has happened, as a throttled call is:
      ("AWS/Lambda", "Throttles", ("FunctionName", "f")).
    - ``metrics_logged(log group, lines)``: lines were accepted that may hold metrics in the embedded format.
    - ``notified(notification)``: a topic has a message for somebody outside; it goes nowhere.
    - ``alarm_set(name, state before)``: somebody put an alarm into a state by SetAlarmState.
    - ``lost(name, target, reason)``: what a service was to hand on could not be delivered.

    Told to the account:
    - ``event_put(event)``: an AWS service puts an event on the default bus ({"source", "detail-type", "detail",
      "resources"}; the rest is filled in). The account sets it; what rules let through goes to ``rule_matched``.
    - ``may(service, action, resource ARN, source ARN)``: why the policy of a resource does not let a service of AWS
      do something for its source; None when it does.
    - ``client_of(access key, service)``: a boto3 client under the identity of a caller, for what AWS does in his name.
    """

    invoke: Callable[[InvokeRequest], InvokeResult] = field(default=_no_functions)
    job_run_started: Callable[[str, str], None] = field(default=_unheeded)
    job_run_stopped: Callable[[str, str], None] = field(default=_unheeded)
    event_put: Callable[[dict[str, Any]], None] = field(default=_no_bus)
    client_of: Callable[[str, str], Any] = field(default=_no_client)
    may: Callable[[str, str, str, str | None], str | None] = field(default=_nobody_to_ask)
    rule_matched: Callable[[RuleMatch], None] = field(default=_unheeded)
    object_event: Callable[[str, str, str], None] = field(default=_unheeded)
    changed: Callable[..., object] = field(default=_unheeded)
    object_delivery: Callable[[ObjectDelivery], list[ObjectDelivery]] = field(default=_as_sent)
    counted: Callable[[str, str, tuple[str, str]], None] = field(default=_unheeded)
    metrics_logged: Callable[[str, list[str]], None] = field(default=_unheeded)
    notified: Callable[[Notification], None] = field(default=_unheeded)
    alarm_set: Callable[[str, str], None] = field(default=_unheeded)
    lost: Callable[[str, str, str], object] = field(default=_unheeded)
