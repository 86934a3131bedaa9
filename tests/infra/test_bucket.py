import json

import pytest

from infra.bucket import LakeBucket, LakeBucketArgs, lifecycle_rules

ARN = "arn:aws:s3:::lakelet-dev-raw-123456789012"


def bucket_args(**changes):
    return LakeBucketArgs(**{"bucket": "lakelet-dev-raw-123456789012", "arn": ARN, "tags": {}} | changes)


def test_a_bucket_is_private_and_its_owners(declare):
    declared = declare(lambda: LakeBucket("raw", bucket_args()))
    (private,) = declared.of("BucketPublicAccessBlock")
    shut = {key: value for key, value in private.inputs.items() if key != "bucket"}
    assert shut == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    (owner,) = declared.of("BucketOwnershipControls")
    assert owner.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_a_bucket_denies_whoever_comes_without_tls(declare):
    declared = declare(lambda: LakeBucket("raw", bucket_args()))
    (policy,) = declared.of("BucketPolicy")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Resource"] == [ARN, f"{ARN}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_bucket_is_encrypted_and_keeps_versions(declare):
    declared = declare(lambda: LakeBucket("raw", bucket_args()))
    (encryption,) = declared.of("BucketServerSideEncryptionConfiguration")
    (rule,) = encryption.inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    (versions,) = declared.of("BucketVersioning")
    assert versions.inputs["versioningConfiguration"] == {"status": "Enabled"}


@pytest.mark.parametrize(
    ("protect", "expendable", "destroyed"),
    [(True, True, False), (True, False, False), (False, False, False), (False, True, True)],
)
def test_contents_are_destroyed_only_when_stack_and_bucket_both_say_so(declare, protect, expendable, destroyed):
    declared = declare(lambda: LakeBucket("raw", bucket_args(protect=protect, expendable=expendable)))
    assert declared.one("Bucket", "raw")["forceDestroy"] is destroyed


def test_a_bucket_nobody_asked_about_is_kept():
    assert not bucket_args().destroyed_with_contents


def test_leftovers_go_and_other_things_stay():
    (rule,) = lifecycle_rules({})
    assert rule["noncurrent_version_expiration"] == {"noncurrent_days": 30}
    assert rule["abort_incomplete_multipart_upload"] == {"days_after_initiation": 7}
    assert "expiration" not in rule


def test_what_is_to_expire_expires_under_its_prefix_only():
    _, rule = lifecycle_rules({"raw/": 90})
    assert (rule["filter"], rule["expiration"]) == ({"prefix": "raw/"}, {"days": 90})
