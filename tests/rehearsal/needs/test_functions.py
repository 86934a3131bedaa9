"""Lambda."""

from __future__ import annotations

import pytest

from rehearsal.needs import NotMapped

ROLE = "arn:aws:iam::123456789012:role/lake/worker"
ARN = "arn:aws:lambda:eu-north-1:123456789012:function:f"
NEW = {"FunctionName": "f", "Role": ROLE, "Runtime": "python3.13", "Handler": "m.h"}


@pytest.mark.parametrize(
    ("arguments", "resource"),
    [
        ({"FunctionName": "f"}, "lambda:.:function:f"),
        ({"FunctionName": "f", "Qualifier": "live"}, "lambda:.:function:f:live"),
        ({"FunctionName": "f:live"}, "lambda:.:function:f:live"),
        ({"FunctionName": ARN}, "lambda:.:function:f"),
        ({"FunctionName": f"{ARN}:3"}, "lambda:.:function:f:3"),
        ({"FunctionName": "123456789012:function:f"}, "lambda:.:function:f"),
    ],
)
def test_a_function_goes_by_each_of_its_names(pairs, arguments, resource):
    assert pairs("lambda", "invoke", **arguments) == [("lambda:InvokeFunction", resource)]


def test_a_function_is_made_by_who_may_pass_its_role(needed):
    made, passed = needed("lambda", "create_function", **NEW, Code={"ZipFile": b"x"})
    assert (made.action, made.resource) == ("lambda:CreateFunction", ARN)
    assert (passed.action, passed.resource) == ("iam:PassRole", ROLE)
    assert passed.context["iam:PassedToService"] == "lambda.amazonaws.com"


def test_code_in_a_bucket_is_read_by_who_makes_the_function(pairs, facts):
    facts.keys_of["b/code.zip"] = "arn:aws:kms:eu-north-1:123456789012:key/1"
    found = pairs("lambda", "create_function", **NEW, Code={"S3Bucket": "b", "S3Key": "code.zip"})
    assert found[2:] == [("s3:GetObject", "s3:::b/code.zip"), ("kms:Decrypt", "kms:.:key/1")]
    found = pairs("lambda", "update_function_code", FunctionName="f", S3Bucket="b", S3Key="k", S3ObjectVersion="1")
    assert found[1:] == [("s3:GetObjectVersion", "s3:::b/k")]


def test_layers_are_read_by_who_uses_them(needed):
    layer = "arn:aws:lambda:eu-north-1:123456789012:layer:l:1"
    made, _, read = needed("lambda", "create_function", **NEW, Code={"ZipFile": b"x"}, Layers=[layer])
    assert made.context["lambda:Layer"] == [layer]
    assert (read.action, read.resource) == ("lambda:GetLayerVersion", layer)


def test_tags_of_a_new_function_need_their_own_permission(needed):
    made, tagged, _ = needed("lambda", "create_function", **NEW, Code={"ZipFile": b"x"}, Tags={"owner": "ana"})
    assert (tagged.action, tagged.resource) == ("lambda:TagResource", ARN)
    assert made.context["aws:RequestTag/owner"] == tagged.context["aws:RequestTag/owner"] == "ana"
    assert made.context["aws:TagKeys"] == ["owner"]


def test_a_configuration_without_a_role_passes_none(pairs):
    assert pairs("lambda", "update_function_configuration", FunctionName="f", Timeout=3) == [
        ("lambda:UpdateFunctionConfiguration", "lambda:.:function:f")
    ]


def test_a_customers_key_for_variables_is_used_at_once(pairs, facts):
    key = "arn:aws:kms:eu-north-1:123456789012:key/1"
    found = pairs("lambda", "update_function_configuration", FunctionName="f", KMSKeyArn=key)
    assert found[1:] == [("kms:CreateGrant", "kms:.:key/1"), ("kms:Encrypt", "kms:.:key/1")]


def test_a_mapping_is_judged_by_its_function(needed, facts):
    facts.mappings["u"] = ARN
    (made,) = needed("lambda", "create_event_source_mapping", FunctionName="f", EventSourceArn="arn:aws:sqs:x:1:q")
    assert (made.resource, made.context["lambda:FunctionArn"]) == ("*", ARN)
    (changed,) = needed("lambda", "update_event_source_mapping", UUID="u", Enabled=False)
    assert changed.resource == "arn:aws:lambda:eu-north-1:123456789012:event-source-mapping:u"
    assert changed.context["lambda:FunctionArn"] == ARN


def test_a_permission_shows_to_whom_it_is_given(needed):
    (need,) = needed(
        "lambda", "add_permission", FunctionName="f", StatementId="s", Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )  # fmt: skip
    assert need.context["lambda:Principal"] == "events.amazonaws.com"


def test_tags_are_given_and_taken_by_arn(needed):
    (given,) = needed("lambda", "tag_resource", Resource=ARN, Tags={"owner": "ana"})
    (taken,) = needed("lambda", "untag_resource", Resource=ARN, TagKeys=["a", "b"])
    assert (given.action, given.resource, given.context["aws:RequestTag/owner"]) == ("lambda:TagResource", ARN, "ana")
    assert (taken.resource, taken.context["aws:TagKeys"]) == (ARN, ["a", "b"])


def test_a_layer_version_has_its_number(pairs):
    found = pairs("lambda", "get_layer_version", LayerName="l", VersionNumber=2)
    assert found == [("lambda:GetLayerVersion", "lambda:.:layer:l:2")]


def test_code_in_an_image_is_refused(needed):
    with pytest.raises(NotMapped, match="image"):
        needed("lambda", "create_function", FunctionName="f", Role=ROLE, Code={"ImageUri": "x"}, PackageType="Image")
