"""IAM, STS, Secrets Manager, KMS, and the small ones."""

from __future__ import annotations

import base64
import json

import pytest

from rehearsal.needs import NotMapped

ROLE = "arn:aws:iam::123456789012:role/lake/r"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
KEY = "arn:aws:kms:eu-north-1:123456789012:key/1"
SECRET = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:api-AbCdEf"


def test_who_one_is_needs_no_permission(needed):
    assert needed("sts", "get_caller_identity") == ()


def test_a_new_role_has_the_path_that_it_is_given(needed):
    (need,) = needed(
        "iam", "create_role", RoleName="r", Path="/lake/", AssumeRolePolicyDocument="{}", PermissionsBoundary=BOUNDARY
    )
    assert (need.resource, need.context["iam:PermissionsBoundary"]) == (ROLE, BOUNDARY)


def test_a_role_has_the_path_that_it_has(needed, facts):
    facts.iam["role", "r"] = ROLE
    facts.boundaries[ROLE] = BOUNDARY
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    (need,) = needed("iam", "attach_role_policy", RoleName="r", PolicyArn=policy)
    assert (need.action, need.resource) == ("iam:AttachRolePolicy", ROLE)
    assert need.context["iam:PolicyARN"] == policy
    assert need.context["iam:PermissionsBoundary"] == BOUNDARY


def test_tags_of_a_new_role_need_their_own_permission(needed):
    tags = [{"Key": "owner", "Value": "ana"}]
    made, tagged = needed("iam", "create_role", RoleName="r", AssumeRolePolicyDocument="{}", Tags=tags)
    assert (tagged.action, tagged.resource) == ("iam:TagRole", made.resource)
    assert tagged.context == {"aws:RequestTag/owner": "ana", "aws:TagKeys": ["owner"]}


def test_a_policy_goes_by_its_arn_and_a_new_one_by_its_path(pairs):
    assert pairs("iam", "get_policy", PolicyArn=BOUNDARY) == [("iam:GetPolicy", "iam::123456789012:policy/boundary")]
    found = pairs("iam", "create_policy", PolicyName="p", Path="/lake/", PolicyDocument="{}")
    assert found == [("iam:CreatePolicy", "iam::123456789012:policy/lake/p")]


def test_tags_of_what_is_there_are_shown(needed, facts):
    facts.iam["role", "r"] = ROLE
    facts.tagged[ROLE] = {"owner": "ana"}
    (need,) = needed("iam", "get_role", RoleName="r")
    assert need.context["aws:ResourceTag/owner"] == "ana"


def test_tags_of_a_secret_are_shown_by_their_older_name_too(needed, facts):
    facts.secrets["api"] = SECRET
    facts.tagged[SECRET] = {"owner": "ana"}
    (need,) = needed("secretsmanager", "get_secret_value", SecretId="api")
    assert need.context["aws:ResourceTag/owner"] == need.context["secretsmanager:ResourceTag/owner"] == "ana"


def test_to_assume_a_role_shows_the_session(needed):
    assumed, tagged = needed(
        "sts", "assume_role", RoleArn=ROLE, RoleSessionName="s", ExternalId="e", Tags=[{"Key": "k", "Value": "v"}]
    )
    assert (assumed.action, assumed.resource, assumed.context["sts:ExternalId"]) == ("sts:AssumeRole", ROLE, "e")
    assert (tagged.action, tagged.context["aws:RequestTag/k"]) == ("sts:TagSession", "v")


def test_a_secret_goes_by_its_full_name_whatever_a_call_uses(needed, facts):
    facts.secrets.update({"api": SECRET, SECRET: SECRET})
    for given in ("api", SECRET):
        (need,) = needed("secretsmanager", "get_secret_value", SecretId=given, VersionStage="AWSCURRENT")
        assert need.resource == need.context["secretsmanager:SecretId"] == SECRET
        assert need.context["secretsmanager:VersionStage"] == "AWSCURRENT"


def test_a_secret_that_is_not_there_goes_by_what_it_was_called(pairs):
    assert pairs("secretsmanager", "get_secret_value", SecretId="gone")[0][1] == "gone"


def test_a_new_secret_has_six_characters_that_nobody_knows(needed):
    (need,) = needed("secretsmanager", "create_secret", Name="api", SecretString="x")
    assert need.resource == "arn:aws:secretsmanager:eu-north-1:123456789012:secret:api-??????"
    assert need.context["secretsmanager:Name"] == "api"


def test_a_secret_under_a_customers_key_needs_the_key(needed, facts):
    facts.secrets["api"] = SECRET
    facts.keys_of["api"] = KEY
    _, read = needed("secretsmanager", "get_secret_value", SecretId="api")
    written = needed("secretsmanager", "put_secret_value", SecretId="api", SecretString="x")
    assert (read.action, read.context["kms:EncryptionContext:SecretARN"]) == ("kms:Decrypt", SECRET)
    assert [need.action for need in written[1:]] == ["kms:GenerateDataKey", "kms:Decrypt"]


def test_a_key_by_its_alias_is_the_key(needed, facts):
    facts.keys["alias/data"] = KEY
    (need,) = needed("kms", "encrypt", KeyId="alias/data", Plaintext=b"x", EncryptionContext={"for": "test"})
    assert (need.resource, need.context["kms:RequestAlias"]) == (KEY, "alias/data")
    assert need.context["kms:EncryptionContext:for"] == "test"
    assert need.context["kms:EncryptionContextKeys"] == ["for"]


def test_an_encrypted_text_knows_its_key(needed, facts):
    key = "55b6dee2-14c7-463d-9998-65eb02c58ceb"
    facts.keys[key] = KEY
    assert needed("kms", "decrypt", CiphertextBlob=key.encode() + b"...")[0].resource == KEY
    with pytest.raises(NotMapped, match="does not tell its key"):
        needed("kms", "decrypt", CiphertextBlob=base64.b64decode("AAAA"))


def test_an_alias_needs_itself_and_its_keys(pairs, facts):
    facts.keys.update({"alias/data": KEY, "2": KEY.replace("/1", "/2")})
    assert pairs("kms", "update_alias", AliasName="alias/data", TargetKeyId="2") == [
        ("kms:UpdateAlias", "kms:.:alias/data"),
        ("kms:UpdateAlias", "kms:.:key/1"),
        ("kms:UpdateAlias", "kms:.:key/2"),
    ]


def test_tags_of_a_new_key_are_those_of_no_key_yet(pairs):
    found = pairs("kms", "create_key", Tags=[{"TagKey": "owner", "TagValue": "ana"}])
    assert found == [("kms:CreateKey", "*"), ("kms:TagResource", "*")]


def test_budgets_are_changed_or_viewed(pairs):
    budget = {"BudgetName": "b", "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    assert pairs("budgets", "create_budget", AccountId="123456789012", Budget=budget) == [
        ("budgets:ModifyBudget", "budgets::123456789012:budget/b")
    ]
    found = pairs("budgets", "describe_budgets", AccountId="123456789012")
    assert found == [("budgets:ViewBudget", "budgets::123456789012:budget/*")]


def test_a_data_set_needs_its_sources(pairs):
    source = "arn:aws:quicksight:eu-north-1:123456789012:datasource/s"
    table = {
        "RelationalTable": {"DataSourceArn": source, "Name": "t", "InputColumns": [{"Name": "a", "Type": "STRING"}]}
    }
    found = pairs(
        "quicksight", "create_data_set", AwsAccountId="123456789012", DataSetId="d", Name="d", ImportMode="SPICE",
        PhysicalTableMap={"t": table},
    )  # fmt: skip
    assert ("quicksight:CreateDataSet", "quicksight:.:datasource/s") in found


def test_the_handler_of_a_type_calls_in_the_name_of_who_asks(pairs):
    document = json.dumps({"DashboardId": "d"})
    assert pairs("cloudcontrol", "create_resource", TypeName="AWS::QuickSight::Dashboard", DesiredState=document) == [
        ("cloudformation:CreateResource", "*"),
        ("quicksight:CreateDashboard", "quicksight:.:dashboard/d"),
        ("quicksight:DescribeDashboard", "quicksight:.:dashboard/d"),
    ]


def test_a_handler_that_nobody_knows_is_refused(needed):
    with pytest.raises(NotMapped, match="AWS::SQS::Queue"):
        needed("cloudcontrol", "create_resource", TypeName="AWS::SQS::Queue", DesiredState="{}")


def test_a_parameter_loses_its_first_slash(pairs):
    assert pairs("ssm", "get_parameter", Name="/a/b")[0][1] == "ssm:.:parameter/a/b"
    assert pairs("ssm", "get_parameters", Names=["a", "/b"])[1][1] == "ssm:.:parameter/b"
    assert pairs("ssm", "describe_parameters") == [("ssm:DescribeParameters", "*")]


def test_a_parameter_in_clear_is_refused(needed):
    with pytest.raises(NotMapped, match="ssm:GetParameter decrypts"):
        needed("ssm", "get_parameter", Name="a", WithDecryption=True)


def test_what_ec2_tells_is_about_nothing_in_particular(pairs):
    assert pairs("ec2", "describe_subnets") == [("ec2:DescribeSubnets", "*")]
