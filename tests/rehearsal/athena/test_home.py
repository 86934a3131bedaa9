"""The home engine is one for a process; what a statement is given is its own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from rehearsal.athena.errors import CannotRehearse
from rehearsal.athena.home import Home


def test_two_statements_at_once_have_tables_of_their_own():
    with Home() as one, Home() as other:
        assert one.run("SELECT n FROM t", {"t": pa.table({"n": [1]})}) == [(1,)]
        assert other.run("SELECT n FROM t", {"t": pa.table({"n": [2]})}) == [(2,)]
        assert one.run("SELECT n FROM t", {}) == [(1,)]


def test_what_a_statement_was_taught_goes_with_it():
    uses = "SELECT lake_floor(-7, 2)"
    with Home() as first, Home() as second:
        assert first.run(uses, {}) == second.run(uses, {}) == [(-4,)]
    with Home() as later, pytest.raises(CannotRehearse, match="t does not exist"):
        later.run("SELECT n FROM t", {})
    with Home() as later:
        assert later.run("SELECT count(*) FROM duckdb_functions() WHERE function_name = 'lake_' || 'floor'", {}) == [
            (0,)
        ]
