"""SQS and SNS. A queue is named by its URL; a topic by its ARN, or a telephone stands in its place."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.keys import READ, WRITE_AND_READ, behind
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

_SENDS = ("SendMessage", "SendMessageBatch")
_MOVES = ("sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def queue_rule(ask: Ask) -> list[Need]:
    action = action_of(ask, SQS)
    return [ask.need(action.name, _queue_arn(ask))] if action.resource_types else generally(ask, SQS)


def queue_key(ask: Ask) -> Iterable[Need]:
    """To send is to encrypt, to receive is to decrypt, where the queue has a customer's key."""
    if ask.operation not in (*_SENDS, "ReceiveMessage"):
        return []
    arn = _queue_arn(ask)
    actions = READ if ask.operation == "ReceiveMessage" else WRITE_AND_READ
    return behind(ask, "sqs", ask.facts.queue_key(arn.rpartition(":")[2]), actions, {"aws:sqs:arn": arn})


def move(ask: Ask) -> list[Need]:
    """Messages of a queue of dead letters are received, sent on and deleted in the caller's name."""
    source, target = ask.needed("SourceArn"), ask.needed("DestinationArn")
    return [*(ask.need(action, source) for action in _MOVES), ask.need("sqs:SendMessage", target)]


def publish(ask: Ask) -> list[Need]:
    """To a topic or to an endpoint of an application, by its ARN; to a telephone, by its number."""
    target = ask.needed("TopicArn|TargetArn|PhoneNumber")
    needs = [ask.need("sns:Publish", target)]
    if ask.one("TopicArn|TargetArn"):
        key = ask.facts.topic_key(target)
        needs += behind(ask, "sns", key, WRITE_AND_READ, {"aws:sns:topicArn": target})
    return needs


def subscription(ask: Ask) -> Context:
    """What a subscription asks for: the protocol, and who gets it."""
    asked = {"sns:Protocol": ask.one("Protocol"), "sns:Endpoint": ask.one("Endpoint")}
    return {name: value for name, value in asked.items() if value} if ask.operation == "Subscribe" else {}


def _queue_arn(ask: Ask) -> str:
    if url := ask.one("QueueUrl"):
        *_, account, name = ["", *url.split("/")]
        return _in(ask, account if account.isdigit() else ask.facts.account_id, name)
    if source := ask.one("SourceArn"):
        return source
    return _in(ask, ask.one("QueueOwnerAWSAccountId") or ask.facts.account_id, ask.needed("QueueName"))


def _in(ask: Ask, account: str, name: str) -> str:
    return f"arn:{ask.facts.partition}:sqs:{ask.facts.region}:{account}:{name}"


SQS = Service(
    model="sqs",
    actions={
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "DeleteMessageBatch": "DeleteMessage",
        "SendMessageBatch": "SendMessage",
    },
    rules={"StartMessageMoveTask": move},
    rule=queue_rule,
    more=(queue_key,),
)

SNS = Service(
    model="sns",
    actions={"PublishBatch": "Publish"},
    places={"topic": ("TopicArn|ResourceArn|Name",)},
    rules={"Publish": publish, "PublishBatch": publish},
    context=subscription,
)
