"""What the tables name is really there: in the models of the services, and in AWS's reference."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import botocore.session
import pytest

from rehearsal.needs import FREE, reference
from rehearsal.needs.ask import PREFIXES
from rehearsal.needs.keys import CHOOSES
from rehearsal.needs.passing import PASSES
from rehearsal.needs.service import Service
from rehearsal.needs.services import SERVICES, athena, cloudcontrol, dynamodb, keys, logs, s3, s3_tables
from rehearsal.needs.tagging import MADE
from rehearsal.needs.tagging import SERVICES as TAGGED

MODELS = botocore.session.Session()

# The account has none of what these are about, or refuses them by name itself.
UNMAPPED_OF_S3 = {
    "CreateBucketMetadataConfiguration", "CreateBucketMetadataTableConfiguration", "CreateSession",
    "DeleteBucketMetadataConfiguration", "DeleteBucketMetadataTableConfiguration", "DeleteObjectAnnotation",
    "GetBucketMetadataConfiguration", "GetBucketMetadataTableConfiguration", "GetObjectAnnotation",
    "ListDirectoryBuckets", "ListObjectAnnotations", "PutObjectAnnotation", "RenameObject",
    "UpdateBucketMetadataAnnotationTableConfiguration", "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration", "WriteGetObjectResponse",
}  # fmt: skip


@cache
def operations(service: str) -> dict[str, set[str]]:
    """The operations of a service, each with the names of its members and how they are written in a URL."""
    model = MODELS.get_service_model(SERVICES[service].model)
    found = {}
    for name in model.operation_names:
        members = getattr(model.operation_model(name).input_shape, "members", {})
        found[name] = {*members, *(str(each.serialization.get("name")) for each in members.values())}
    return found


def firsts(path: str) -> Iterator[str]:
    """The members at which a path may begin."""
    return (way.split(".")[0] for way in path.split("|") if not way.startswith("="))


def prefix(service: str) -> str:
    return PREFIXES.get(service, service)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_operations_and_actions_of_a_service_exist(service: str):
    said, known = SERVICES[service], operations(service)
    assert {*said.actions, *said.rules} <= set(known)
    missing = [action for action in said.actions.values() if not reference.action_exists(f"{prefix(service)}:{action}")]
    assert not missing


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_places_of_a_service_exist(service: str):
    """Each type of resource, as many paths as its ARN has places, and every member at which a path begins."""
    said, known = SERVICES[service], operations(service)
    kinds = {
        kind.name: kind for action in reference.actions(prefix(service)).values() for kind in action.resource_types
    }
    for name, paths in said.places.items():
        operation, _, kind = name.rpartition(":")
        members = known[operation] if operation else set().union(*known.values())
        assert len(paths) == len(kinds[kind].places), name
        assert {first for path in paths for first in firsts(path)} <= members, name


def test_operations_that_pass_a_role_exist():
    for name, (path, principal) in PASSES.items():
        service, operation = name.split(":")
        assert set(firsts(path)) <= operations(service)[operation], name
        assert principal.endswith(".amazonaws.com")


def test_operations_that_choose_a_key_exist():
    for name, (path, actions) in CHOOSES.items():
        service, operation = name.split(":")
        assert set(firsts(path)) <= operations(service)[operation], name
        assert all(reference.action_exists(action) for action in actions), name


def test_operations_that_tag_what_they_make_exist():
    assert set(SERVICES) >= TAGGED
    for name, (_, path) in MADE.items():
        service, operation = name.split(":")
        assert set(firsts(path)) <= operations(service)[operation], name


def test_operations_that_are_free_exist():
    assert {name.partition(":")[2] for name in FREE} <= set(operations("sts"))


def test_every_operation_of_s3_is_mapped_or_refused():
    mapped = {*s3_tables.ANYWHERE, *s3_tables.ON_BUCKET, *s3_tables.ON_OBJECT, *s3.SERVICE.rules}
    assert mapped | UNMAPPED_OF_S3 == set(operations("s3"))
    assert not mapped & UNMAPPED_OF_S3


def test_every_action_of_s3_exists():
    tables = (s3_tables.ANYWHERE, s3_tables.ON_BUCKET, s3_tables.ON_OBJECT, s3_tables.VERSIONED, s3.BESIDES)
    actions = {action for table in tables for action in table.values()} | set(s3_tables.VERSIONED)
    actions |= {action for several in s3.OF_NEW_BUCKET.values() for action in several}
    assert [action for action in sorted(actions) if not reference.action_exists(f"s3:{action}")] == []


@pytest.mark.parametrize(
    ("service", "names"),
    [
        ("athena", tuple(athena.BY_ID)),
        ("dynamodb", (*dynamodb.ON_INDEX, *dynamodb.ON_ITEM, *dynamodb.PARTIQL)),
        ("kms", keys.ALIASES),
        ("logs", logs.OF_NO_GROUP),
    ],
)
def test_operations_with_a_rule_of_their_own_exist(service: str, names: tuple[str, ...]):
    assert set(names) <= set(operations(service))


def test_actions_of_parts_exist():
    assert all(reference.action_exists(f"dynamodb:{action}") for action in dynamodb.TRANSACTED.values())
    handlers = [(service, several) for service, _, _, several in cloudcontrol.HANDLED.values()]
    assert all(
        reference.action_exists(f"{service}:{action}")
        for service, several in handlers
        for actions in several.values()
        for action in actions
    )


def test_a_service_is_read_once():
    assert isinstance(SERVICES["s3"], Service)
    assert reference.actions("s3") is reference.actions("s3")
