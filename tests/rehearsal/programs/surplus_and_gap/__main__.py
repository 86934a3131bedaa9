"""Uploads are indexed: bucket -> queue -> function -> table and topic.

The function may more than it needs, and not all that it needs. ``clean`` gives it exactly that.
"""

import json

import pulumi
import pulumi_aws as aws

clean = pulumi.Config().get_bool("clean")


def document(*statements):
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, *resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources), **more}


uploads = aws.s3.Bucket("uploads", force_destroy=True)
failed = aws.sqs.Queue("failed")
arrived = aws.sqs.Queue(
    "arrived",
    visibility_timeout_seconds=60,
    redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": failed.arn, "maxReceiveCount": 2}),
)
told = aws.sqs.QueuePolicy(
    "arrived",
    queue_url=arrived.url,
    policy=document(
        allow(
            "sqs:SendMessage",
            arrived.arn,
            Principal={"Service": "s3.amazonaws.com"},
            Condition={"ArnEquals": {"aws:SourceArn": uploads.arn}},
        )
    ),
)
aws.s3.BucketNotification(
    "uploads",
    bucket=uploads.id,
    queues=[{"queue_arn": arrived.arn, "events": ["s3:ObjectCreated:*"]}],
    opts=pulumi.ResourceOptions(depends_on=[told]),
)
index = aws.dynamodb.Table(
    "index", billing_mode="PAY_PER_REQUEST", hash_key="key", attributes=[{"name": "key", "type": "S"}]
)
news = aws.sns.Topic("news")

logs = aws.cloudwatch.LogGroup("indexer", name="/aws/lambda/indexer", retention_in_days=7)
role = aws.iam.Role(
    "indexer",
    name="indexer",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    ),
)
objects = pulumi.Output.format("{0}/*", uploads.arn)
needed = [
    allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arrived.arn),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.format("{0}:*", logs.arn)),
    allow("s3:GetObject", objects),
    allow("dynamodb:PutItem", index.arn),
    allow("sns:Publish", news.arn),
]
granted = [
    *needed[:2],
    allow(["s3:GetObject", "s3:DeleteObject"], objects),
    allow("dynamodb:*", index.arn),
]
rights = aws.iam.RolePolicy("indexer", role=role.id, policy=document(*(needed if clean else granted)))

function = aws.lambda_.Function(
    "indexer",
    name="indexer",
    role=role.arn,
    runtime="python3.13",
    handler="indexer.handler",
    code=pulumi.FileArchive("app"),
    timeout=10,
    environment={"variables": {"TABLE": index.name, "TOPIC": news.arn}},
    opts=pulumi.ResourceOptions(depends_on=[rights, logs]),
)
aws.lambda_.EventSourceMapping("indexer", event_source_arn=arrived.arn, function_name=function.arn, batch_size=1)

pulumi.export("bucket", uploads.bucket)
pulumi.export("table", index.name)
pulumi.export("topic", news.arn)
pulumi.export("failed", failed.url)
pulumi.export("role", role.arn)
