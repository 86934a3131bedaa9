"""Whatever is sent, it is refused or it passes."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rehearsal.strict import Warnings, refusal
from rehearsal.strict.limits import LIMITS
from tests.rehearsal.strict.asking import Held, cbor_call, form_call, http, raw_json_call, refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = {
    "events": ("Name", "Entries", "ScheduleExpression"),
    "glue": ("Name", "Role", "Command", "WorkerType", "NumberOfWorkers", "Timeout", "JobName", "JobUpdate"),
    "logs": ("logGroupName", "logStreamName", "logEvents", "retentionInDays"),
    "sqs": ("QueueName", "QueueUrl", "Attributes", "MessageBody", "Entries"),
    "secretsmanager": ("Name", "SecretString", "SecretBinary"),
    "ssm": ("Name", "Type", "Value", "Tier"),
    "dynamodb": ("TableName", "Item", "Key", "RequestItems"),
}
CALLS = [(service, operation) for service in MEMBERS for operation in LIMITS.get(service, {})] + [
    ("dynamodb", "PutItem"),
    ("dynamodb", "BatchWriteItem"),
]
FORM = ("RoleName", "UserName", "PolicyName", "PolicyDocument", "AssumeRolePolicyDocument", "MaxSessionDuration")
HELD = Held(inline={"p": "{}"}, timeout=30, visibility=60, content=b"PK\x05\x06")


@settings(deadline=None)
@given(st.sampled_from(CALLS).flatmap(
    lambda call: st.tuples(st.just(call), st.dictionaries(st.sampled_from(MEMBERS[call[0]]), JSON))
))  # fmt: skip
def test_members_of_any_kind(told):
    (service, operation), members = told
    refusal(raw_json_call(service, operation, json.dumps(members).encode()), HELD, Warnings())


@settings(deadline=None)
@given(st.sampled_from(CALLS), JSON | st.binary())
def test_bodies_of_any_kind(call, body):
    refusal(raw_json_call(*call, body if isinstance(body, bytes) else json.dumps(body).encode()), HELD, Warnings())


@settings(deadline=None)
@given(st.sampled_from(["", "configuration", "code", "invocations"]), JSON)
def test_lambda_bodies_of_any_kind(part, body):
    path = f"/2015-03-31/functions/extract/{part}".rstrip("/")
    for method in ("POST", "PUT", "GET"):
        refusal(http("lambda", method, path, body=json.dumps(body).encode(), kind="application/json"), HELD, Warnings())


@settings(deadline=None)
@given(st.sampled_from(sorted(LIMITS["iam"])), st.dictionaries(st.sampled_from(FORM), st.text()))
def test_forms_of_any_kind(operation, members):
    refusal(form_call("iam", operation, **members), HELD, Warnings())


@settings(deadline=None)
@given(st.sampled_from(["", "policy", "versioning", "lifecycle", "notification", "max-keys=x"]), st.binary())
def test_xml_of_any_kind(query, body):
    for method in ("GET", "PUT"):
        refusal(http("s3", method, "/lake", query, body), HELD, Warnings())


@settings(deadline=None)
@given(st.binary())
@example(b"{\x00\x00\x01\x00\x00\x00\x00\x00")  # a text that says it has a terabyte
def test_cbor_of_any_kind(body):
    headers = {"Smithy-Protocol": "rpc-v2-cbor"}
    path = "/service/cloudwatch/operation/PutMetricAlarm"
    refusal(http("cloudwatch", path=path, body=body, headers=headers, kind="application/cbor"), HELD, Warnings())


def test_a_right_call_passes_all_the_same():
    call = cbor_call("cloudwatch", "PutDashboard", DashboardName="lake", DashboardBody="{}")
    assert refused(call).status is None
