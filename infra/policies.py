"""From ARNs to statements. Each function gives the least that one piece of work needs, and names its resources."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Statement = dict[str, Any]


def document(statements: Iterable[Statement]) -> str:
    """A policy of these statements, always the same text for the same statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, sort_keys=True)


def allow(actions: Iterable[str], resources: Iterable[str], condition: dict[str, Any] | None = None) -> Statement:
    statement: Statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": condition} if condition else {})


def trust(service: str, account: str | None = None) -> str:
    """Who may take a role: one service, for ``account`` only where the service tells for whom it acts.

    Scheduler is documented to tell. Lambda and Glue are not; to them, a role can only be passed within its account.
    """
    statement: Statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
    }
    condition = {"Condition": {"StringEquals": {"aws:SourceAccount": account}}} if account else {}
    return document([statement | condition])


# Objects


def get_objects(bucket_arn: str, *prefixes: str) -> Statement:
    return allow(["s3:GetObject"], [f"{bucket_arn}/{prefix}*" for prefix in prefixes])


def put_objects(bucket_arn: str, *prefixes: str) -> Statement:
    return allow(["s3:PutObject"], [f"{bucket_arn}/{prefix}*" for prefix in prefixes])


def delete_objects(bucket_arn: str, *prefixes: str) -> Statement:
    return allow(["s3:DeleteObject"], [f"{bucket_arn}/{prefix}*" for prefix in prefixes])


def list_objects(bucket_arn: str, *prefixes: str) -> Statement:
    """List what is under the prefixes; nothing else of the bucket is seen."""
    condition = {"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}}
    return allow(["s3:ListBucket"], [bucket_arn], condition)


# Items


def use_items(table_arn: str, actions: Iterable[str], *keys: str) -> Statement:
    """Do ``actions`` to items, where ``keys`` are given only to those whose hash key is like one of them."""
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": sorted(keys)}} if keys else None
    return allow([f"dynamodb:{action}" for action in actions], [table_arn], condition)


def query_index(table_arn: str, index: str) -> Statement:
    return allow(["dynamodb:Query"], [f"{table_arn}/index/{index}"])


# Calls


def write_logs(*group_arns: str) -> Statement:
    """Write to log groups that are there already."""
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{arn}:*" for arn in group_arns])


def read_secret(secret_arn: str) -> Statement:
    return allow(["secretsmanager:GetSecretValue"], [secret_arn])


def send_messages(queue_arn: str) -> Statement:
    return allow(["sqs:SendMessage"], [queue_arn])


def consume_messages(queue_arn: str) -> Statement:
    """What an event source mapping does to its queue, in the name of the function."""
    return allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], [queue_arn])


def invoke(*function_arns: str) -> Statement:
    return allow(["lambda:InvokeFunction"], function_arns)


def start_jobs(*job_arns: str) -> Statement:
    return allow(["glue:StartJobRun"], job_arns)


def read_job_runs(*job_arns: str) -> Statement:
    return allow(["glue:GetJobRun"], job_arns)


# The policies of resources


def only_by_tls(action: str, *resource_arns: str) -> Statement:
    return {
        "Sid": "OnlyByTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": list(resource_arns),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def published_by(service: str, source_arn: str, account: str, topic_arn: str) -> Statement:
    """A service of AWS may publish to a topic, on behalf of resources of this account."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"ArnLike": {"aws:SourceArn": source_arn}, "StringEquals": {"aws:SourceAccount": account}},
    }


def sent_by(service: str, source_arn: str, account: str, queue_arn: str) -> Statement:
    """A service of AWS may send to a queue, on behalf of one resource of this account."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}, "StringEquals": {"aws:SourceAccount": account}},
    }
