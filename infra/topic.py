"""Where alarms are told: one topic, and the mail addresses that listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import sns

from infra import policies
from infra.naming import Names

ALARMS = "alarms"


@dataclass(frozen=True)
class AlarmTopicArgs:
    """``emails`` get a mail from AWS that asks whether they want to listen; without any, only the topic is told."""

    names: Names
    emails: Sequence[str] = ()


class AlarmTopic(pulumi.ComponentResource):
    """A topic to which the alarms and budgets of this account publish. Outputs: ``arn``, ready to be published to.

    It is not encrypted: alarms cannot publish to a topic with AWS's own key, and what they say holds no data.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:AlarmTopic", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = sns.Topic(name, name=args.names.of(ALARMS), tags=args.names.tags, opts=child)
        policy = sns.TopicPolicy(f"{name}-policy", arn=topic.arn, policy=_policy(args.names), opts=child)
        for number, email in enumerate(args.emails, start=1):
            sns.TopicSubscription(
                f"{name}-email-{number}", topic=topic.arn, protocol="email", endpoint=email, opts=child
            )
        self.arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"arn": self.arn})


def _policy(names: Names) -> str:
    topic, account = names.topic_arn(ALARMS), names.account
    own_alarms = names.arn("cloudwatch", f"alarm:{names.of('alarm', '*')}")
    budgets = f"arn:{names.partition}:budgets::{account}:*"
    return policies.document(
        [
            policies.published_by("cloudwatch", own_alarms, account, topic),
            policies.published_by("budgets", budgets, account, topic),
            policies.only_by_tls("sns:Publish", topic),
        ]
    )
