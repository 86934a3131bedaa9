"""Shared by the tests of Athena: statements that need no table, and an account with two tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rehearsal.athena.results import text
from rehearsal.athena.statements import Surroundings, run
from rehearsal.errors import RehearsalError

NOW = "2026-11-21 12:00:00.123456"


def _nowhere(service: str):
    raise AssertionError(f"a statement without tables asked for {service}")


@pytest.fixture(scope="session")
def ask() -> Callable[[str], list[list[str | None]]]:
    """The rows of a statement without tables, each value as Athena writes it."""
    around = Surroundings(client=_nowhere, prepared=lambda name: None, now=NOW)

    def asked(sql: str, *parameters: str) -> list[list[str | None]]:
        answer = run(sql, list(parameters), around)
        return [
            [text(value, kind) for value, (_, kind) in zip(row, answer.columns, strict=True)] for row in answer.rows
        ]

    return asked


@pytest.fixture(scope="session")
def words(ask) -> Callable[[str], str]:
    """How a statement is refused."""

    def refused(sql: str, *parameters: str) -> str:
        with pytest.raises(RehearsalError) as error:
            ask(sql, *parameters)
        return str(error.value)

    return refused
