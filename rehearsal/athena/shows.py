"""SHOW and DESCRIBE, as far as the Glue Data Catalog answers them."""

from __future__ import annotations

from fnmatch import translate
from re import compile as pattern
from typing import Any

from rehearsal.athena.catalog import CATALOG, Catalog
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.results import Answer
from rehearsal.athena.syntax import Source, place
from rehearsal.athena.types import VARCHAR


def _answer(name: str, values: list[str]) -> Answer:
    return Answer(((name, VARCHAR),), [(value,) for value in values], 0, True, "UTILITY", name)


def tables(source: Source, node: Any, catalog: Catalog, database: str | None) -> Answer:
    if node.pattern is not None:
        raise CannotRehearse("SHOW TABLES LIKE; use SHOW TABLES")
    names = source.names(node.qualifiedName()) if node.qualifiedName() else ()
    wanted = names[-1] if names else database
    if wanted is None:
        raise QueryFailed("MISSING_SCHEMA_NAME", "Schema must be specified when session schema is not set", place(node))
    if not catalog.has_database(wanted):
        raise QueryFailed("SCHEMA_NOT_FOUND", f"Schema '{wanted}' does not exist", place(node))
    return _answer("tab_name", catalog.table_names(wanted))


def schemas(source: Source, node: Any, catalog: Catalog, _database: str | None) -> Answer:
    if node.identifier() is not None and source.name(node.identifier()).lower() != CATALOG:
        raise QueryFailed(
            "CATALOG_NOT_FOUND", f"Catalog '{source.name(node.identifier())}' does not exist", place(node)
        )
    if node.pattern is None:
        return _answer("database_name", catalog.database_names())
    like = pattern(translate(source.string(node.pattern).replace("%", "*").replace("_", "?")))
    return _answer("database_name", [name for name in catalog.database_names() if like.match(name)])


def columns(source: Source, node: Any, catalog: Catalog, _database: str | None) -> Answer:
    """SHOW COLUMNS gives names; DESCRIBE names and types."""
    if node.pattern is not None or node.qualifiedName() is None:
        raise CannotRehearse(source.of(node))
    table = catalog.find(source.names(node.qualifiedName()), place(node.qualifiedName()))
    if source.of(node).split()[0].upper() == "SHOW":
        return _answer("field", list(table.columns))
    rows = [(name, str(kind), "") for name, kind in table.columns.items()]
    kinds = tuple((name, VARCHAR) for name in ("col_name", "data_type", "comment"))
    return Answer(kinds, rows, 0, True, "UTILITY", "DESCRIBE_TABLE")
