"""The tables of properties tell of what is read, name tests that exist, and know no property that Pulumi does not."""

from __future__ import annotations

import ast
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pulumi_aws  # noqa: F401  (it registers its resource types)
import pytest
from pulumi import _types

from rehearsal.account import Account
from rehearsal.deploy import Deployment, deploy
from rehearsal.deploy.checks import args_class
from rehearsal.deploy.registry import _HANDLERS, find_handler
from rehearsal.honesty.effect import UNSHOWN, Effects, Honoured
from rehearsal.honesty.properties import OF_ALL, OF_PROVIDER, SERVICES, effects_by_type

ROOT = Path(__file__).parents[3]
PROGRAMS = ROOT / "tests" / "rehearsal" / "programs"
TABLES: Mapping[str, Effects] = {
    kind: table for service in SERVICES for kind, table in effects_by_type(service).items()
}


@pytest.fixture(scope="module", params=["everything", "uploads", "lake"])
def deployment(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    is_lake = request.param == "lake"
    keys = {"lakelet:olympicsApiKey": "planted", "lakelet:spotifyApiKey": "planted:secret"}
    secrets = keys if is_lake else {"token": "planted"}
    with Account() as account:
        folder = ROOT if is_lake else PROGRAMS / request.param
        yield deploy(folder, "dev", account.deployer_environment(), {}, secrets)


def test_every_property_that_a_handler_reads_is_in_a_table(deployment: Deployment) -> None:
    untold = {(item.resource.split()[0], item.property) for item in deployment.recorded if item.why == UNSHOWN}
    assert untold == set()


def test_every_type_that_has_a_handler_has_a_table_and_every_table_a_handler() -> None:
    for kind in TABLES:
        find_handler(kind)
    assert set(TABLES) == set(_HANDLERS)


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_test_that_is_named_exists(kind: str) -> None:
    effects = (effect for table in (TABLES[kind], OF_ALL, OF_PROVIDER) for effect in table.values())
    named = {effect.test for effect in effects if isinstance(effect, Honoured)}
    assert [name for name in sorted(named) if name not in functions_of(name.partition("::")[0])] == []


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_pulumi_knows_every_property(kind: str) -> None:
    inputs = args_class(kind)
    assert inputs is not None
    assert [path for path in TABLES[kind] if not is_known(inputs, path.split("."))] == []


@cache
def functions_of(file: str) -> frozenset[str]:
    """The tests in a file, by its text alone."""
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(f"{file}::{each.name}" for each in tree.body if isinstance(each, ast.FunctionDef))


def is_known(inputs: type, names: list[str]) -> bool:
    kind = _types.input_type_types(inputs).get(names[0])
    if kind is None:
        return False
    nested = next(inputs_in(kind), None)
    return len(names) == 1 or (nested is not None and is_known(nested, names[1:]))


def inputs_in(kind: Any) -> Iterator[type]:
    """The input types that a property may hold, alone or in a list."""
    kind = _types.unwrap_type(kind)
    if isinstance(kind, type) and _types.is_input_type(kind):
        yield kind
    for inner in typing.get_args(kind):
        yield from inputs_in(inner)
