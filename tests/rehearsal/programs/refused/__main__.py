"""Everything that is wrong here must be told in one go, each thing on a line of its own."""

import pulumi_aws as aws

jobs = aws.sqs.Queue("jobs", visiblity_timeout_seconds=30)
bucket = aws.s3.Bucket("inbox", tags={"any": "tag", "is": "fine"})
aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
aws.s3.BucketNotification(
    "inbox",
    bucket=bucket.id,
    queues=[{"queue_arn": jobs.arn, "events": ["s3:ObjectCreated:*"], "filter_prefx": "in/"}],
)
aws.s3.BucketLifecycleConfiguration(
    "inbox",
    bucket=bucket.id,
    rules=[{"id": "old", "status": "Enabled", "expiration": {"days": "thirty"}}],
)
aws.sqs.QueuePolicy("jobs", queue_url=jobs.url)
aws.dynamodb.Table("notes", hash_key="id", attributes=[{"name": "id"}], billing_mode="PAY_PER_REQUEST")
