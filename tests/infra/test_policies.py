import json

from infra import policies

BUCKET = "arn:aws:s3:::raw"


def test_listing_is_for_the_prefixes_only():
    assert policies.list_objects(BUCKET, "raw/olympics/") == {
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": [BUCKET],
        "Condition": {"StringLike": {"s3:prefix": ["raw/olympics/*"]}},
    }


def test_reading_is_for_the_prefixes_only():
    assert policies.get_objects(BUCKET, "b/", "a/")["Resource"] == [f"{BUCKET}/a/*", f"{BUCKET}/b/*"]


def test_items_are_kept_apart_by_their_keys():
    statement = policies.use_items("arn:table", ["PutItem", "GetItem"], "olympics/*")
    assert statement["Action"] == ["dynamodb:GetItem", "dynamodb:PutItem"]
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["olympics/*"]}}
    assert "Condition" not in policies.use_items("arn:table", ["GetItem"])


def test_a_service_that_says_for_whom_it_acts_is_trusted_for_this_account_only():
    (statement,) = json.loads(policies.trust("scheduler", "123456789012"))["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    (statement,) = json.loads(policies.trust("lambda"))["Statement"]
    assert "Condition" not in statement


def test_only_one_resource_of_one_account_may_have_a_service_send():
    statement = policies.sent_by("s3", BUCKET, "123456789012", "arn:queue")
    assert (statement["Principal"], statement["Action"]) == ({"Service": "s3.amazonaws.com"}, "sqs:SendMessage")
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": BUCKET},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }


def test_the_same_statements_are_the_same_text():
    one, other = {"Effect": "Allow", "Action": "a"}, {"Action": "a", "Effect": "Allow"}
    assert policies.document([one]) == policies.document([other])
