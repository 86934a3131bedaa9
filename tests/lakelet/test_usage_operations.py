"""Whatever the lake's roles may do is priced, or known to be free."""

from __future__ import annotations

import pytest

from infra import permissions
from infra.naming import Names
from lakelet.usage.operations import BILLED, FREE
from sources import SOURCES

NAMES = Names(stack="dev", account="123456789012", region="eu-north-1")
OPERATION_OF = {"ListBucket": "ListObjectsV2", "InvokeFunction": "Invoke"}  # where an action has another name


def granted() -> set[str]:
    """Every action that a function or a job of the lake is allowed."""
    names = sorted(SOURCES)
    statements = [
        *permissions.start(NAMES, names),
        *permissions.record(NAMES, names),
        *permissions.reconcile(
            NAMES, names, [f"{name}/{each.name}" for name in names for each in SOURCES[name].streams]
        ),
    ]
    for name, source in SOURCES.items():
        statements += [*permissions.extract(NAMES, name), *permissions.curate(NAMES, name, source.table_names)]
    return {action for statement in statements for action in statement["Action"]}


@pytest.mark.parametrize("action", sorted(granted()))
def test_what_a_role_may_do_is_priced_or_free(action: str) -> None:
    service, name = action.split(":")
    operation = OPERATION_OF.get(name, name)
    billed = BILLED.get(service, {})
    assert operation in billed or "*" in billed or operation in FREE.get(service, ())


def test_nothing_is_both_priced_and_free() -> None:
    for service, operations in BILLED.items():
        assert not set(operations) & FREE.get(service, frozenset())
