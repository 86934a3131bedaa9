"""The home engine: DuckDB in memory, taught to answer as Trino does, and its errors in Athena's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.macros import definitions

# Athena's own code and words are inside, put there by error().
_OWN = re.compile(r"((?:[A-Z][A-Z_]+|cannot be rehearsed): .*)", re.DOTALL)
_OVERFLOW = re.compile(r"Overflow in (\w+) of \w+ \((.*)\)", re.DOTALL)
_DIVISION = re.compile(r"Overflow in division of (\S+ / \S+)")
_TOO_LONG = re.compile(r'Casting value "(\S+)" to type DECIMAL\((\d+),(\d+)\) failed')
_WIDTH = {"INT8": "tinyint", "INT16": "smallint", "INT32": "integer", "INT64": "bigint"}
_OUT_OF_RANGE = re.compile(
    r"with value (\S+) can't be cast because the value is out of range for the destination type (\w+)"
)


@cache
def _engine() -> Any:
    """Started once a process, which takes as long as many a statement. It holds nothing itself."""
    import duckdb

    settings = {"threads": 2, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return duckdb.connect(":memory:", config=settings)


class Home:
    """One connection for one statement: tables and macros are the connection's own, and go with it."""

    def __init__(self) -> None:
        self._connection = _engine().cursor()

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def run(self, sql: str, tables: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of a compiled query over Arrow tables. Raises QueryFailed or CannotRehearse."""
        import duckdb

        for name, rows in tables.items():
            self._connection.register(name, rows)
        if needed := definitions(sql):
            self._connection.execute(needed)
        try:
            found: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise told(str(error)) from error
        return found


def told(message: str) -> Exception:
    """An error of DuckDB as Athena words it, or as a refusal where it has no equal there."""
    first = message.split("\n")[0]
    if found := _OWN.search(message.split("\n\nLINE")[0]):
        code, _, rest = " ".join(found[1].split()).partition(": ")
        return CannotRehearse(rest) if code == "cannot be rehearsed" else QueryFailed(code, rest)
    if "More than one row returned by a subquery" in first:
        return QueryFailed("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows")
    if found := _OVERFLOW.search(first):
        kind = next((name for width, name in _WIDTH.items() if f"of {width} " in first), "bigint")
        return QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", f"{kind} {found[1]} overflow: {found[2].rstrip('!')}")
    if found := _DIVISION.search(first):
        return QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", f"bigint division overflow: {found[1]}")
    if found := _TOO_LONG.search(first):
        return QueryFailed("INVALID_CAST_ARGUMENT", f"Cannot cast '{found[1]}' to DECIMAL({found[2]}, {found[3]})")
    if found := _OUT_OF_RANGE.search(first):
        return QueryFailed(
            "NUMERIC_VALUE_OUT_OF_RANGE", f"Out of range for {_WIDTH.get(found[2], found[2].lower())}: {found[1]}"
        )
    return CannotRehearse(f"the home engine stopped with: {first}")
