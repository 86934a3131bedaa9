from __future__ import annotations

import json


def test_a_bucket_policy_with_a_condition_denies_nobody_by_itself(account, unique) -> None:
    s3, bucket = account.client("s3"), unique("tls")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.region})
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*"}
    plain = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{**deny, **plain}]}))
    s3.put_object(Bucket=bucket, Key="page", Body=b"1")
    assert s3.get_object(Bucket=bucket, Key="page")["Body"].read() == b"1"
