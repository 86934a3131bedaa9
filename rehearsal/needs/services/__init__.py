"""One module per service, or per few small ones: what its calls are about, and what they need besides."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.needs.service import Service
from rehearsal.needs.services import (
    athena,
    catalog,
    cloudcontrol,
    cloudwatch,
    dynamodb,
    events,
    functions,
    identity,
    keys,
    logs,
    messages,
    s3,
    secrets,
    small,
)  # fmt: skip

# By the name in the signature of a call.
SERVICES: Mapping[str, Service] = {
    "athena": athena.SERVICE,
    "budgets": small.BUDGETS,
    "cloudcontrolapi": cloudcontrol.SERVICE,
    "cloudwatch": cloudwatch.SERVICE,
    "dynamodb": dynamodb.SERVICE,
    "ec2": small.EC2,
    "events": events.SERVICE,
    "glue": catalog.SERVICE,
    "iam": identity.IAM,
    "kms": keys.SERVICE,
    "lambda": functions.SERVICE,
    "logs": logs.SERVICE,
    "quicksight": small.QUICKSIGHT,
    "s3": s3.SERVICE,
    "scheduler": events.SCHEDULER,
    "secretsmanager": secrets.SERVICE,
    "sns": messages.SNS,
    "sqs": messages.SQS,
    "ssm": small.SSM,
    "sts": identity.STS,
}
