"""Each protocol is read in its own way, and refused in its own way."""

from __future__ import annotations

import pytest

from rehearsal.asked import Asked
from tests.rehearsal.strict.asking import (
    Told,
    cbor_call,
    form_call,
    http,
    json_call,
    lambda_call,
    raw_json_call,
    refused,
)

NOTHING = Told(None, None, None)
SCHEMA = "The XML you provided was not well-formed or did not validate against our published schema"


def put(path: str, query: str = "", body: bytes = b"", **headers: str) -> Asked:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http("s3", "PUT", path, query, body, named)


def test_json():
    told = refused(json_call("glue", "GetJob", JobName=""))
    assert (told.status, told.code) == (400, "ValidationException")
    assert refused(json_call("glue", "GetJob", JobName="curate")) == NOTHING


def test_json_with_a_name_of_its_own_for_the_protocol_of_a_queue():
    wrong = json_call("sqs", "GetQueueAttributes", QueueUrl="u", AttributeNames=["Weight"])
    assert refused(wrong).code == "InvalidParameterValue"


def test_forms():
    told = refused(form_call("iam", "CreateRole", RoleName="a b", AssumeRolePolicyDocument="{}"))
    assert (told.status, told.code) == (400, "ValidationError")
    assert told.message == (
        "1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [\\w+=,.@-]+"
    )
    assert refused(form_call("iam", "CreateRole", RoleName="ab", AssumeRolePolicyDocument="{}")) == NOTHING


def test_a_list_in_a_form():
    tags = {"Tags__member__1__Key": "", "Tags__member__1__Value": "x"}
    told = refused(form_call("iam", "TagRole", RoleName="r", **tags))
    assert "at 'tags.1.member.key'" in str(told.message)


def test_a_form_whose_number_is_none():
    told = refused(form_call("iam", "CreateRole", RoleName="r", AssumeRolePolicyDocument="{}", MaxSessionDuration="x"))
    assert told.code == "MalformedInput"


def test_cbor():
    named = {"EvaluationPeriods": 1, "AlarmName": "late"}
    told = refused(cbor_call("cloudwatch", "PutMetricAlarm", ComparisonOperator="Bigger", **named))
    assert (told.status, told.code) == (400, "application/cbor")
    assert "ValidationError" in str(told.message)
    assert "'comparisonOperator' failed to satisfy constraint: Member must satisfy enum" in str(told.message)
    assert (
        refused(cbor_call("cloudwatch", "PutMetricAlarm", ComparisonOperator="LessThanThreshold", **named)) == NOTHING
    )


def test_what_is_no_cbor():
    broken = http(
        "cloudwatch", path="/service/x/operation/PutDashboard", body=b"\xbf\xff\x63", headers={"Smithy-Protocol": "x"}
    )
    assert "'dashboardName'" in str(refused(broken).message)
    worse = http(
        "cloudwatch", path="/service/x/operation/PutDashboard", body=b"\x7f\x00", headers={"Smithy-Protocol": "x"}
    )
    assert "SerializationException" in str(refused(worse).message)


def test_a_label_of_the_path():
    told = refused(lambda_call("GET", "functions/no%20spaces/configuration".replace("%20", " ")))
    assert "'no spaces' at 'functionName'" in str(told.message)


def test_a_member_of_a_rest_body():
    told = refused(lambda_call("PUT", "functions/f/configuration", MemorySize=64))
    assert told == Told(
        400,
        "ValidationException",
        "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: "
        "Member must have value greater than or equal to 128",
    )
    assert refused(lambda_call("PUT", "functions/f/configuration", MemorySize=128)) == NOTHING


def test_a_number_in_a_query_string():
    def listing(size: str) -> Asked:
        return http("lambda", "GET", "/2015-03-31/functions/", f"MaxItems={size}")

    assert "at 'maxItems'" in str(refused(listing("0")).message)
    assert refused(listing("many")).code == "SerializationException"
    assert refused(listing("50")) == NOTHING


def test_a_header():
    told = refused(lambda_call("POST", "functions/f/invocations", {"X-Amz-Invocation-Type": "Someday"}))
    assert "Value 'Someday' at 'invocationType'" in str(told.message)


def test_a_list_in_a_query_string():
    arn = "arn:aws:lambda:eu-north-1:123456789012:function:f"
    assert refused(http("lambda", "DELETE", f"/2017-03-31/tags/{arn}", "tagKeys=a&tagKeys=b")) == NOTHING
    told = refused(http("lambda", "DELETE", f"/2017-03-31/tags/{arn}", f"tagKeys=a&tagKeys={'b' * 129}"))
    assert "at 'tagKeys'" in str(told.message)


def test_a_header_of_s3():
    assert refused(put("/lake/key", x_amz_storage_class="WARM")).code == "InvalidStorageClass"
    assert refused(put("/lake/key", x_amz_server_side_encryption="magic")).code == "InvalidArgument"
    assert refused(put("/lake/key", x_amz_storage_class="GLACIER")) == NOTHING


def test_xml():
    def versioning(status: str) -> Asked:
        return put(
            "/lake",
            "versioning",
            f"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>".encode(),
        )

    assert refused(versioning("On")) == Told(400, "MalformedXML", SCHEMA)
    assert refused(versioning("Enabled")) == NOTHING
    assert refused(put("/lake", "versioning", b"<Versioning")).code == "MalformedXML"


def test_a_place_that_s3_does_not_know():
    body = b"<CreateBucketConfiguration><LocationConstraint>mars</LocationConstraint></CreateBucketConfiguration>"
    assert refused(put("/lake", body=body)).code == "InvalidLocationConstraint"


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'"text"', b"null", b"[" * 100_000])
def test_a_body_that_is_no_object(body):
    assert refused(raw_json_call("glue", "GetJob", body)).code == "SerializationException"


def test_a_value_of_another_type():
    assert refused(json_call("glue", "GetJob", JobName=7)) == Told(
        400, "SerializationException", "NUMBER_VALUE can not be converted to a String"
    )
    assert refused(json_call("glue", "GetJob", JobName=["a"])).message == "Start of list found where not expected"
    assert refused(json_call("glue", "BatchGetJobs", JobNames="a")).code == "SerializationException"


def test_null_is_nothing():
    assert refused(json_call("glue", "GetJobs", MaxResults=None)) == NOTHING


def test_a_whole_number_may_have_a_point():
    assert refused(json_call("glue", "GetJobs", MaxResults=5.0)) == NOTHING
    assert refused(json_call("glue", "GetJobs", MaxResults=5.5)).code == "SerializationException"


def test_an_operation_without_a_model_is_left_to_the_account():
    assert refused(json_call("glue", "MakeCoffee", Sugar=-1)) == NOTHING
    assert refused(json_call("coffee", "Make", Sugar=-1)) == NOTHING
