from __future__ import annotations

import pytest

from rehearsal.needs import reference
from rehearsal.needs.reference import UnknownAction


def test_an_action_exists_in_any_case():
    assert reference.action_exists("s3:GetObject")
    assert reference.action_exists("S3:getobject")
    assert not reference.action_exists("s3:GetObjects")
    assert not reference.action_exists("nothing:GetObject")
    assert not reference.action_exists("GetObject")


def test_an_action_says_its_level_its_resources_and_its_conditions():
    assert reference.access_level("s3:GetObject") == "Read"
    assert reference.access_level("sqs:SendMessage") == "Write"
    assert [kind.name for kind in reference.resource_types("glue:GetTable") if kind.is_required] == [
        "database",
        "rootcatalog",
        "table",
    ]
    assert reference.resource_types("s3:ListAllMyBuckets") == ()
    assert "s3:prefix" in reference.condition_keys("s3:ListBucket")
    assert "aws:ResourceTag/${TagKey}" in reference.condition_keys("sqs:SendMessage")


def test_a_kind_of_resource_knows_its_arns():
    table = next(kind for kind in reference.resource_types("glue:GetTable") if kind.name == "table")
    assert table.places == ("DatabaseName", "TableName")
    assert table.matches("arn:aws:glue:eu-north-1:123456789012:table/lake/runs")
    assert not table.matches("arn:aws:glue:eu-north-1:123456789012:database/lake")


def test_what_aws_does_not_have_is_named():
    with pytest.raises(UnknownAction, match="s3:GetObjects"):
        reference.action("s3:GetObjects")


@pytest.mark.parametrize("prefix", ["a4b", "resource-explorer", "s3", "iam"])
def test_a_service_is_found_wherever_it_stands_in_the_file(prefix):
    found = reference.actions(prefix)
    assert found
    assert all(action.name.startswith(f"{prefix}:") for action in found.values())
