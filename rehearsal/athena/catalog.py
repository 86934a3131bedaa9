"""The tables of the account's Glue Data Catalog, as a statement names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.prune import Bound
from rehearsal.athena.scopes import Expr
from rehearsal.athena.types import Type

CATALOG = "awsdatacatalog"
METADATA = ("snapshots", "history", "files", "partitions", "manifests", "refs")


class Reading(Protocol):
    """What a statement reads of one table: the bytes are known before the rows are fetched."""

    @property
    def bytes(self) -> int: ...

    def rows(self) -> Any:
        """The rows, as an Arrow table with the columns that are used."""


class Table(Protocol):
    """One table that can be read."""

    @property
    def name(self) -> tuple[str, ...]: ...

    @property
    def columns(self) -> Mapping[str, Type]: ...

    def plan(self, used: tuple[str, ...], bounds: tuple[Bound, ...], /) -> Reading: ...


class Catalog:
    """Finds tables under the identity of whoever asks. ``evaluate`` gives the value of a constant expression.

    However often a statement names a table, it is looked up once: all of the statement sees one state of it.
    """

    def __init__(self, client: Callable[[str], Any], database: str | None, evaluate: Callable[[str], Any]) -> None:
        self._client, self._database, self._evaluate = client, database, evaluate
        self._objects: Any = None
        self._found: dict[tuple[str, str], dict[str, Any]] = {}
        self._loaded: dict[tuple[str, ...], Any] = {}

    @property
    def objects(self) -> Any:
        from rehearsal.athena.objects import Objects

        if self._objects is None:
            self._objects = Objects(self._client("s3"))
        return self._objects

    def find(self, names: tuple[str, ...], at: Place, version: tuple[str, Expr] | None = None) -> Table:
        """The table of a qualified name, at a version if one is asked for."""
        database, name = self._placed(names, at)
        plain, _, part = name.partition("$")
        if part and part not in METADATA:
            raise QueryFailed("TABLE_NOT_FOUND", f"Table '{CATALOG}.{database}.{name}' does not exist", at)
        if (database, plain) not in self._found:
            self._found[database, plain] = self.glue_table(database, plain, at, name)
        found = self._found[database, plain]
        qualified = (CATALOG, database, name)
        if found.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG":
            from rehearsal.athena import iceberg

            if qualified not in self._loaded:
                self._loaded[qualified] = iceberg.load(qualified, found, self.objects)
            table: iceberg.IcebergTable = self._loaded[qualified]
            if part:
                from rehearsal.athena.metadata import of_table

                return of_table(table, part, version is not None)
            return (
                table if version is None else table.at(version[0], self._evaluate(version[1].sql), version[1].type, at)
            )
        if part or version:
            raise QueryFailed("NOT_SUPPORTED", f"{qualified[1]}.{name}: only Iceberg tables have versions", at)
        from rehearsal.athena import files

        return files.load(qualified, found, self.objects)

    def _placed(self, names: tuple[str, ...], at: Place) -> tuple[str, str]:
        if len(names) == 3 and names[0] != CATALOG:
            raise QueryFailed("CATALOG_NOT_FOUND", f"Catalog '{names[0]}' not found", at)
        if len(names) > 3:
            raise QueryFailed("SYNTAX_ERROR", f"Too many dots in table name: {'.'.join(names)}", at)
        database = names[-2] if len(names) > 1 else self._database
        if database is None:
            raise QueryFailed("MISSING_SCHEMA_NAME", "Schema must be specified when session schema is not set", at)
        if database == "information_schema":
            raise CannotRehearse("information_schema; use SHOW and DESCRIBE")
        return database, names[-1]

    def glue_table(self, database: str, name: str, at: Place | None, shown: str = "") -> dict[str, Any]:
        glue = self._client("glue")
        try:
            table: dict[str, Any] = glue.get_table(DatabaseName=database, Name=name)["Table"]
        except glue.exceptions.EntityNotFoundException as missing:
            if not self.has_database(database):
                raise QueryFailed("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist", at) from missing
            raise QueryFailed(
                "TABLE_NOT_FOUND", f"Table '{CATALOG}.{database}.{shown or name}' does not exist", at
            ) from missing
        except glue.exceptions.ClientError as error:
            raise QueryFailed("HIVE_METASTORE_ERROR", str(error)) from error
        if table.get("TableType") == "VIRTUAL_VIEW":
            raise CannotRehearse(f"the view {database}.{name}")
        return table

    def has_database(self, name: str) -> bool:
        glue = self._client("glue")
        try:
            return bool(glue.get_database(Name=name))
        except glue.exceptions.EntityNotFoundException:
            return False

    def table_names(self, database: str) -> list[str]:
        pages = self._client("glue").get_paginator("get_tables").paginate(DatabaseName=database)
        return sorted(table["Name"] for page in pages for table in page["TableList"])

    def database_names(self) -> list[str]:
        pages = self._client("glue").get_paginator("get_databases").paginate()
        return sorted(found["Name"] for page in pages for found in page["DatabaseList"])
