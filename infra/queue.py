"""A queue, and the queue for what comes to nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import sqs

from infra import policies
from infra.naming import Names
from infra.policies import Statement

FORTNIGHT = 14 * 86_400  # the longest that SQS keeps a message


@dataclass(frozen=True)
class LakeQueueArgs:
    """One queue, and who sends to it."""

    names: Names  # what everything is called
    queue: str  # its name, without that of the stack
    senders: Sequence[Statement] = ()  # who may send besides those whose role allows it
    visibility_seconds: int = 30  # how long a message that was received is hidden
    dead_letters: str | None = None  # the queue for messages received too often
    max_receives: int = 5  # how often that is


class LakeQueue(pulumi.ComponentResource):
    """A queue, encrypted, by TLS only, sent to by those named. Outputs: ``url``, ``arn``, ready to be sent to."""

    url: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: LakeQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeQueue", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        queue = sqs.Queue(
            name,
            name=args.names.of(args.queue),
            visibility_timeout_seconds=args.visibility_seconds,
            message_retention_seconds=FORTNIGHT,
            redrive_policy=_redrive(args),
            sqs_managed_sse_enabled=True,
            tags=args.names.tags,
            opts=child,
        )
        only_by_tls = policies.only_by_tls("sqs:*", args.names.queue_arn(args.queue))
        policy = sqs.QueuePolicy(
            f"{name}-policy", queue_url=queue.url, policy=policies.document([*args.senders, only_by_tls]), opts=child
        )
        self.url = queue.url
        # S3 sends a test message the moment it is told of a queue, so its policy has to be there first.
        self.arn = pulumi.Output.all(queue.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"url": self.url, "arn": self.arn})


def _redrive(args: LakeQueueArgs) -> str | None:
    if args.dead_letters is None:
        return None
    target = args.names.queue_arn(args.dead_letters)
    return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": args.max_receives})
