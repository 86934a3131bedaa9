"""SQS, SNS and EventBridge."""

from __future__ import annotations

import json

from rehearsal.deploy.removal.removal import Removal, Way

_TOPIC_ACTIONS = ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic",
                  "Subscribe", "ListSubscriptionsByTopic", "Publish")  # fmt: skip


def queue_attribute(name: str) -> Way:
    """A queue's policy, and what it does with dead letters, is taken away by an empty text."""

    def carry_out(removal: Removal) -> None:
        removal.client("sqs").set_queue_attributes(QueueUrl=removal.id, Attributes={name: ""})

    return Way(carry_out)


def topic_policy(removal: Removal) -> None:
    """A topic is never without one: it gets back the one it was made with, which lets its owner do everything."""
    own = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in _TOPIC_ACTIONS],
        "Resource": removal.id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": removal["owner"]}},
    }
    policy = json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [own]})
    removal.client("sns").set_topic_attributes(TopicArn=removal.id, AttributeName="Policy", AttributeValue=policy)


def rule(removal: Removal) -> None:
    removal.client("events").delete_rule(Name=removal.id, **_bus(removal), **_force(removal))


def target(removal: Removal) -> None:
    removal.client("events").remove_targets(
        Rule=removal["rule"], Ids=[removal["targetId"]], **_bus(removal), **_force(removal)
    )


def _bus(removal: Removal) -> dict[str, str]:
    return {"EventBusName": removal.get("eventBusName", "default")}


def _force(removal: Removal) -> dict[str, bool]:
    return {"Force": True} if removal.get("forceDestroy") else {}
