"""A limit is told where it applies."""

from __future__ import annotations

import pytest

from rehearsal.honesty.limits import LIMITS, limits_of
from rehearsal.honesty.machine import versions
from rehearsal.honesty.properties import SERVICES, effects_by_type

DEPLOYABLE = [kind for service in SERVICES for kind in effects_by_type(service)]


def titles(*deployed: str) -> list[str]:
    return [limit.on_aws for limit in limits_of(deployed)]


def test_a_limit_of_a_type_is_told_where_that_type_is_deployed() -> None:
    assert "KMS" in titles("aws:kms/key:Key")
    assert "KMS" not in titles("aws:s3/bucket:Bucket")


def test_some_limits_hold_for_every_program() -> None:
    assert "the Pulumi engine" in titles()


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: str(limit.on_aws)[:40])
def test_a_limit_is_about_types_that_can_be_deployed(limit) -> None:
    assert [start for start in limit.types if not any(kind.startswith(start) for kind in DEPLOYABLE)] == []


def test_the_stand_ins_are_told_with_their_versions() -> None:
    assert {"python", "processor", "moto", "pyspark", "duckdb"} <= set(versions())
