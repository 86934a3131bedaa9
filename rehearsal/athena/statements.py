"""One statement from text to answer, by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.athena.catalog import Catalog
from rehearsal.athena.errors import BadRequest, CannotRehearse, QueryFailed
from rehearsal.athena.home import Home
from rehearsal.athena.queries import Queries
from rehearsal.athena.results import Answer
from rehearsal.athena.scopes import Env, Expr, Scope
from rehearsal.athena.syntax import Source, parse

# Statements of Athena's own, which Trino's grammar does not have; or that Athena leaves to Hive.
_ATHENA_ONLY = re.compile(
    r"(OPTIMIZE|VACUUM|UNLOAD|MSCK|ALTER|CREATE|DROP|INSERT|DELETE|UPDATE|MERGE|TRUNCATE|ANALYZE|CALL|EXPLAIN|"
    r"SHOW\s+(?:CREATE|PARTITIONS|TBLPROPERTIES|VIEWS|FUNCTIONS|STATS))\b", re.IGNORECASE)  # fmt: skip
_COMMENTS = re.compile(r"\A(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True)
class Surroundings:
    """Where a statement runs. ``client`` makes boto3 clients of the caller's; ``prepared`` finds a prepared statement.

    ``now`` is what current_timestamp tells, ``cutoff`` how many bytes may be read.
    """

    client: Callable[[str], Any]
    prepared: Callable[[str], str | None]
    now: str
    database: str | None = None
    cutoff: int | None = None


def judged(text: str) -> str:
    """The statement without a semicolon after it. Raises BadRequest where Athena refuses the call."""
    bare = _bare(text)
    if not bare:
        raise BadRequest("line 1:1: mismatched input '<EOF>'. Expecting: <statement>")
    if not _ATHENA_ONLY.match(_COMMENTS.sub("", bare)):
        parse(bare)
    return bare


def _bare(text: str) -> str:
    """The places of errors stay those in the text, so nothing is cut off before the statement."""
    stripped = text.rstrip()
    if stripped.endswith(";"):
        stripped = stripped[:-1].rstrip()
    return stripped if _COMMENTS.sub("", stripped) else ""


def run(text: str, parameters: list[str], around: Surroundings) -> Answer:
    """The answer of a statement. Raises QueryFailed or CannotRehearse."""
    bare = judged(text)
    if found := _ATHENA_ONLY.match(_COMMENTS.sub("", bare)):
        raise CannotRehearse(
            f"{' '.join(found[1].upper().split())}: only queries, SHOW and DESCRIBE run here; tables belong to the jobs"
        )
    node = parse(bare).statement()
    kind = type(node).__name__.removesuffix("Context")
    if kind == "Execute":
        return _executed(Source(bare), node, parameters, around)
    if kind == "StatementDefault":
        return _query(bare, node.query(), [_parameter(value, around) for value in parameters], around)
    if kind in _OTHERS:
        from rehearsal.athena import shows

        catalog = Catalog(around.client, around.database, lambda _: None)
        answer: Answer = getattr(shows, _OTHERS[kind])(Source(bare), node, catalog, around.database)
        return answer
    raise CannotRehearse(f"{bare.split()[0].upper()} ({kind})")


_OTHERS = {"ShowTables": "tables", "ShowSchemas": "schemas", "ShowColumns": "columns"}


def _executed(source: Source, node: Any, parameters: list[str], around: Surroundings) -> Answer:
    """EXECUTE name USING values."""
    name = source.name(node.identifier())
    text = around.prepared(name)
    if text is None:
        raise QueryFailed("NOT_FOUND", f"Prepared statement not found: {name}")
    values = [source.of(value) for value in node.expression()] or parameters
    return run(text, values, around)


def _parameter(text: str, around: Surroundings) -> Expr:
    """A value for a question mark: an expression of constants, as SQL writes it."""
    try:
        tree = parse(text, "standaloneExpression").expression()
    except BadRequest as error:
        raise QueryFailed("SYNTAX_ERROR", f"parameter {text!r}: {error}") from error
    queries = Queries(text, _no_tables, around.now, [])
    try:
        return queries.expressions.compile(tree, Env(Scope(())))
    except QueryFailed as error:
        if error.code != "COLUMN_NOT_FOUND":
            raise
        raise QueryFailed(
            error.code, f"parameter {text!r} is no value; put strings into single quotes: '{text}'"
        ) from error


def _no_tables(*_: Any) -> Any:
    raise QueryFailed("INVALID_PARAMETER_USAGE", "a parameter cannot be a query")


def _query(text: str, node: Any, parameters: list[Expr], around: Surroundings) -> Answer:
    with Home() as home:
        catalog = Catalog(around.client, around.database, lambda sql: home.run(f"SELECT {sql}", {})[0][0])
        queries = Queries(text, catalog.find, around.now, parameters)
        made = queries.compile(node)
        readings = {scan.alias: scan.table.plan(tuple(scan.used), tuple(scan.bounds)) for scan in queries.scans}
        size = sum(reading.bytes for reading in readings.values())
        if around.cutoff is not None and size > around.cutoff:
            raise ScanLimit(size)
        rows = home.run(made.sql, {alias: reading.rows() for alias, reading in readings.items()})
    names = tuple(label if label is not None else f"_col{i}" for i, (label, _) in enumerate(made.columns))
    return Answer(tuple(zip(names, (kind for _, kind in made.columns), strict=True)), rows, size)


class ScanLimit(QueryFailed):
    """The workgroup's limit is below what the query would read; it is stopped."""

    def __init__(self, size: int) -> None:
        super().__init__("", "")
        self.args = ("Bytes scanned limit was exceeded",)
        self.size = size
