"""What nobody has mapped is refused by its name."""

from __future__ import annotations

import pytest

from rehearsal.needs import NotMapped
from rehearsal.needs.keys import keys_in
from rehearsal.needs.members import nested
from rehearsal.needs.passing import roles_in
from rehearsal.needs.tags import tags_given, tags_taken

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.mark.parametrize(
    ("service", "method", "arguments", "said"),
    [
        ("sagemaker", "list_models", {}, "NotMapped: sagemaker:ListModels is of a service that is not mapped"),
        ("glue", "get_data_quality_result", {"ResultId": "r"}, "names no dataQualityRuleset"),
        ("athena", "get_session", {"SessionId": "s"}, "names no workgroup"),
        ("ec2", "create_subnet", {"VpcId": "vpc-1"}, "NotMapped: ec2:CreateSubnet names no"),
        ("iam", "get_user", {}, "names no UserName"),
    ],
)
def test_what_cannot_be_told_is_refused(needed, service, method, arguments, said):
    with pytest.raises(NotMapped, match=said):
        needed(service, method, **arguments)


def test_a_role_that_is_handed_on_where_nobody_has_said_so_is_refused(needed):
    with pytest.raises(NotMapped, match="hands on the role"):
        needed("logs", "create_import_task", importSourceArn="arn:aws:cloudtrail:x:1:y", importRoleArn=ROLE)


def test_roles_are_found_at_any_depth_but_not_in_what_is_the_users_own():
    members = {"Targets": [{"RoleArn": ROLE}], "Environment": {"Variables": {"Role": ROLE}}, "Note": ROLE}
    assert list(roles_in(members)) == [ROLE]


def test_keys_are_found_at_any_depth_but_not_those_of_aws():
    members = {"Rules": [{"KmsKeyId": "1"}], "KMSMasterKeyId": "alias/aws/s3", "KeyId": "2"}
    assert list(keys_in(members)) == ["1"]


def test_a_key_that_is_chosen_where_nobody_has_said_so_is_refused(needed):
    with pytest.raises(NotMapped, match="names the key"):
        needed(
            "scheduler", "create_schedule", Name="s", ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": "a", "RoleArn": ROLE},
            KmsKeyArn="arn:aws:kms:eu-north-1:123456789012:key/1",
        )  # fmt: skip


def test_a_refusal_says_what_to_do(needed):
    with pytest.raises(NotMapped) as refused:
        needed("iam", "get_user")
    assert "\n" not in str(refused.value)
    assert "until rehearsal/needs says what the call needs" in str(refused.value)


def test_flat_names_are_nested():
    flat = {
        "Action": "CreateTopic",
        "Tags.member.1.Key": "a",
        "Tags.member.1.Value": "1",
        "Attributes.entry.1.key": "DisplayName",
        "Attributes.entry.1.value": "x",
        "InstanceId.2": "j",
        "InstanceId.1": "i",
    }
    assert nested(flat) == {
        "Action": "CreateTopic",
        "Tags": [{"Key": "a", "Value": "1"}],
        "Attributes": [{"key": "DisplayName", "value": "x"}],
        "InstanceId": ["i", "j"],
    }


@pytest.mark.parametrize(
    "members",
    [
        {"Tags": {"a": "1"}},
        {"tags": {"a": "1"}},
        {"Tags": [{"Key": "a", "Value": "1"}]},
        {"Tags": [{"TagKey": "a", "TagValue": "1"}]},
        {"TagsToAdd": {"a": "1"}},
        {"ResourceTags": [{"Key": "a", "Value": "1"}]},
    ],
)
def test_tags_are_read_in_each_of_their_forms(members):
    assert tags_given(members) == {"a": "1"}
    assert tags_taken(members) == []


def test_the_names_of_tags_that_are_taken_away_are_read():
    assert tags_taken({"TagKeys": ["a", "b"]}) == tags_taken({"tags": ["a", "b"]}) == ["a", "b"]
