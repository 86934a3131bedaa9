"""What stands in the account: queues, mappings, schedules. Read without a call, so looking leaves no trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import sqs_backends

from rehearsal.account import Account
from rehearsal.errors import RehearsalError


class FunctionGone(RehearsalError):
    """A function is called by what has outlived it."""


@dataclass(frozen=True)
class QueueStanding:
    """How many messages can be received now, and the moments (epoch seconds) at which the others can."""

    name: str
    visible: int
    hidden_until: tuple[float, ...]

    @property
    def is_empty(self) -> bool:
        return not self.visible and not self.hidden_until


def queue_standing(account: Account, arn: str) -> QueueStanding:
    """A queue that does not exist stands empty."""
    region, name = arn.split(":")[3], arn.split(":")[-1]
    queue = sqs_backends[account.account_id][region].queues.get(name)
    if queue is None:
        return QueueStanding(name, 0, ())
    visible = len(queue.messages)  # and messages past their retention are gone
    messages = [message for message in list(queue._messages) if not message.visible or message.delayed]
    moments = sorted(max(message.visible_at, message.delayed_until) / 1000 for message in messages)
    return QueueStanding(name, visible, tuple(moments))


def configuration_of(account: Account, function: str) -> dict[str, Any]:
    """As GetFunctionConfiguration tells it. Raises FunctionGone."""
    try:
        return account.function_configuration(function)
    except UnknownFunctionException as unknown:
        raise FunctionGone(f"there is no function {function!r} any more; what calls it should go too") from unknown


def reserved_concurrency(account: Account, function: str) -> int | None:
    """How many calls of a function may run side by side; None where nothing is reserved."""
    reserved = lambda_backends[account.account_id][account.region].get_function(function).reserved_concurrency
    return None if reserved is None else int(reserved)


def event_source_mappings(account: Account) -> list[dict[str, Any]]:
    """As ListEventSourceMappings tells them."""
    mappings = lambda_backends[account.account_id][account.region]._event_source_mappings
    return [mapping.get_configuration() for mapping in list(mappings.values())]


def schedules(account: Account) -> list[dict[str, Any]]:
    """As GetSchedule tells them, of all groups; dates are epoch seconds."""
    groups = scheduler_backends[account.account_id][account.region].schedule_groups.values()
    return [schedule.to_dict() for group in list(groups) for schedule in list(group.schedules.values())]


def queue_url(account: Account, arn: str) -> str:
    """Where a queue of the account answers."""
    return f"{account.endpoint}/{arn.split(':')[4]}/{arn.split(':')[-1]}"


def function_name(arn_or_name: str) -> str:
    """The name of a function, from its ARN (with a qualifier or without) or from itself."""
    parts = arn_or_name.split(":")
    return parts[6] if len(parts) > 6 else parts[-1]
