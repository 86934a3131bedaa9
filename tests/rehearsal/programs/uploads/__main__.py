"""A program of somebody else: nothing in it knows that it is rehearsed."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
prefix = config.require("prefix")
account = aws.get_caller_identity().account_id
tags = {"project": pulumi.get_project(), "stack": pulumi.get_stack()}


class Inbox(pulumi.ComponentResource):
    """A bucket whose uploads arrive in a queue."""

    def __init__(self, name, opts=None):
        super().__init__("uploads:index:Inbox", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bucket = aws.s3.Bucket(name, tags=tags, force_destroy=True, opts=child)
        self.dead = aws.sqs.Queue(f"{name}-dead", opts=child)
        self.queue = aws.sqs.Queue(
            name,
            visibility_timeout_seconds=90,
            redrive_policy=self.dead.arn.apply(
                lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
            ),
            opts=child,
        )
        policy = aws.iam.get_policy_document_output(
            statements=[
                {
                    "actions": ["sqs:SendMessage"],
                    "resources": [self.queue.arn],
                    "principals": [{"type": "Service", "identifiers": ["s3.amazonaws.com"]}],
                    "conditions": [{"test": "ArnEquals", "variable": "aws:SourceArn", "values": [self.bucket.arn]}],
                }
            ]
        )
        allowed = aws.sqs.QueuePolicy(name, queue_url=self.queue.url, policy=policy.json, opts=child)
        aws.s3.BucketNotification(
            name,
            bucket=self.bucket.id,
            queues=[{"queue_arn": self.queue.arn, "events": ["s3:ObjectCreated:*"], "filter_prefix": prefix}],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allowed]),
        )
        self.register_outputs({})


inbox = Inbox("inbox")
notes = aws.dynamodb.Table(
    "notes",
    billing_mode="PAY_PER_REQUEST",
    hash_key="key",
    range_key="at",
    attributes=[{"name": "key", "type": "S"}, {"name": "at", "type": "N"}, {"name": "day", "type": "S"}],
    global_secondary_indexes=[
        {"name": "by-day", "hash_key": "day", "range_key": "at", "projection_type": "ALL"},
    ],
    ttl={"attribute_name": "expires", "enabled": True},
    tags=tags,
)
role = aws.iam.Role(
    "note",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    ),
)
reads = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
rights = aws.iam.RolePolicy(
    "note",
    role=role.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": notes.arn},
                {"Effect": "Allow", "Action": reads, "Resource": inbox.queue.arn},
            ],
        }
    ),
)
function = aws.lambda_.Function(
    "note",
    role=role.arn,
    runtime="python3.13",
    handler="note.handler",
    code=pulumi.FileArchive("code"),
    timeout=15,
    environment={"variables": {"TABLE": notes.name, "TOKEN": config.get_secret("token") or ""}},
)
aws.lambda_.EventSourceMapping(
    "note",
    event_source_arn=inbox.queue.arn,
    function_name=function.arn,
    batch_size=5,
    function_response_types=["ReportBatchItemFailures"],
    scaling_config={"maximum_concurrency": 2},
    opts=pulumi.ResourceOptions(depends_on=[rights]),
)
rule = aws.cloudwatch.EventRule("nightly", schedule_expression="rate(1 day)")
aws.cloudwatch.EventTarget("nightly", rule=rule.name, arn=inbox.queue.arn, input=json.dumps({"kind": "nightly"}))

pulumi.export("bucket", inbox.bucket.bucket)
pulumi.export("queue", inbox.queue.url)
pulumi.export("function", function.invoke_arn)
pulumi.export("account", account)
pulumi.export("token", config.get_secret("token"))
