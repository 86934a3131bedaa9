"""What a program declares of buckets and objects makes a difference to who reads and writes them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make

BUCKET, OBJECT = "aws:s3/bucket:Bucket", "aws:s3/bucketObjectv2:BucketObjectv2"


@pytest.mark.parametrize("is_versioned", [True, False])
@pytest.mark.parametrize("is_inline", [True, False])
def test_a_versioned_bucket_keeps_what_is_written_over(
    account: Account, make: Make, is_versioned: bool, is_inline: bool
) -> None:
    name = f"kept-{is_versioned}-{is_inline}".lower()
    make(BUCKET, name, bucket=name, **({"versioning": {"enabled": is_versioned}} if is_inline else {}))
    if not is_inline:
        status = {"status": "Enabled" if is_versioned else "Disabled"}
        make("aws:s3/bucketVersioning:BucketVersioning", name, bucket=name, versioningConfiguration=status)
    for body in (b"1", b"2"):
        account.client("s3").put_object(Bucket=name, Key="k", Body=body)
    found = account.client("s3").list_object_versions(Bucket=name)["Versions"]
    assert len(found) == (2 if is_versioned else 1)


def test_an_object_has_the_content_that_it_was_given(account: Account, make: Make) -> None:
    make(BUCKET, "texts", bucket="texts")
    make(OBJECT, "plain", bucket="texts", key="a/plain", content="words")
    make(OBJECT, "coded", bucket="texts", key="a/coded", contentBase64=base64.b64encode(b"\0\1").decode())
    s3 = account.client("s3")
    assert s3.get_object(Bucket="texts", Key="a/plain")["Body"].read() == b"words"
    assert s3.get_object(Bucket="texts", Key="a/coded")["Body"].read() == b"\0\1"


@pytest.mark.parametrize(
    ("name", "told", "value"),
    [
        ("cacheControl", "CacheControl", "max-age=60"),
        ("contentDisposition", "ContentDisposition", "attachment"),
        ("contentEncoding", "ContentEncoding", "gzip"),
        ("contentLanguage", "ContentLanguage", "sv"),
        ("contentType", "ContentType", "application/json"),
        ("metadata", "Metadata", {"page": "1"}),
    ],
)
def test_an_object_is_answered_with_the_headers_that_it_was_given(
    account: Account, make: Make, name: str, told: str, value: Any
) -> None:
    bucket = f"headers-{name.lower()}"
    make(BUCKET, bucket, bucket=bucket)
    make(OBJECT, "with", bucket=bucket, key="with", content="x", **{name: value})
    make(OBJECT, "without", bucket=bucket, key="without", content="x")
    s3 = account.client("s3")
    assert s3.get_object(Bucket=bucket, Key="with")[told] == value
    assert s3.get_object(Bucket=bucket, Key="without").get(told) != value


def test_only_the_events_and_endings_that_were_asked_for_are_told(account: Account, make: Make) -> None:
    make(BUCKET, "told", bucket="told")
    queue = make("aws:sqs/queue:Queue", "told", name="told").outputs
    services = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage",
                "Resource": queue["arn"]}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [services]})
    make("aws:sqs/queuePolicy:QueuePolicy", "told", queueUrl=queue["url"], policy=policy)
    wanted = {"queueArn": queue["arn"], "events": ["s3:ObjectRemoved:*"], "filterSuffix": ".json"}
    make("aws:s3/bucketNotification:BucketNotification", "told", bucket="told", queues=[wanted])
    s3 = account.client("s3")
    for key in ("a.json", "b.txt"):
        s3.put_object(Bucket="told", Key=key, Body=b"x")
        s3.delete_object(Bucket="told", Key=key)
    messages = account.client("sqs").receive_message(QueueUrl=queue["url"], MaxNumberOfMessages=10)["Messages"]
    records = [record for each in messages for record in json.loads(each["Body"]).get("Records", [])]
    assert [(each["eventName"], each["s3"]["object"]["key"]) for each in records] == [
        ("ObjectRemoved:Delete", "a.json")
    ]
