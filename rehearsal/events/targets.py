"""Sending to what an ARN names: a queue, a function, a topic or the event bus, with a given identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.identity.services import HANDS_ON
from rehearsal.runtime.spec import NotRehearsed
from rehearsal.standing import queue_url

ClientOf = Callable[[str], Any]  # a boto3 client of a service, under the identity that sends


class DeliveryRefused(RehearsalError):
    """A target does not let a service in."""


def check_let_in(account: Account, service: str, arn: str, source_arn: str) -> None:
    """Raises DeliveryRefused unless the target's own policy lets a service in that comes under no role."""
    action = HANDS_ON.get(arn.split(":")[2])
    refusal = account.services.may(service, action, arn, source_arn) if action else None
    if refusal:
        raise DeliveryRefused(f"{refusal}; look at the policy of {arn}")


def send(
    account: Account, client: ClientOf, arn: str, body: str, attributes: Mapping[str, str] | None = None,
    group_id: str | None = None,
) -> None:  # fmt: skip
    """Deliver ``body``. Raises ClientError when the service refuses it, NotRehearsed for other kinds of targets."""
    service = arn.split(":")[2]
    texts = {name: {"DataType": "String", "StringValue": value} for name, value in (attributes or {}).items()}
    if service == "sqs":
        group = {"MessageGroupId": group_id} if group_id else {}
        url = queue_url(account, arn)
        client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageAttributes=texts, **group)
    elif service == "lambda":
        client("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=body.encode())
    elif service == "sns":
        client("sns").publish(TopicArn=arn, Message=body, MessageAttributes=texts)
    else:
        raise NotRehearsed(f"a delivery to {arn} is not rehearsed; queues, functions and topics are")
