"""Tables of the Glue Data Catalog that others than the deployer made or changed, with their versions and partitions,
and the databases that others made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.glue.models import FakePartition, FakeTable, glue_backends

from rehearsal.asked import Asked
from rehearsal.kept.parts import moments
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store

CHANGES = frozenset(
    f"{batch}{verb}{what}"
    for batch in ("", "Batch")
    for verb in ("Create", "Update", "Delete")
    for what in ("Table", "TableVersion", "Partition")
)


class Tables(Part):
    service = "glue"
    names = ("table", "database")

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id, self._backend = account_id, glue_backends[account_id][region]
        self._filled: set[str] = set()
        self._versions: dict[tuple[str, str], set[str]] = {}
        self._partitions: dict[tuple[str, str], dict[str, Any]] = {}

    def touched(self, asked: Asked, _answer: bytes) -> Iterable[Name]:
        given = asked.parameters
        if asked.operation in ("CreateDatabase", "UpdateDatabase", "DeleteDatabase"):
            name = given.get("Name") or given.get("DatabaseInput", {}).get("Name", "")
            return [Name("database", "", name)]
        if asked.operation not in CHANGES:
            return ()
        one = given.get("TableName") or given.get("TableInput", {}).get("Name") or given.get("Name")
        return [Name("table", given["DatabaseName"], name) for name in given.get("TablesToDelete") or [one]]

    def gather(self, name: Name, batch: Batch) -> None:
        if name.part == "database":
            self._gather_database(name, batch)
            return
        database = self._backend.databases.get(name.place)
        table = database.tables.get(name.name) if database else None
        place = f"{name.place}/{name.name}"
        if table is None:
            batch.drop(name)
            batch.drop_place("version", place)
            batch.drop_place("partition", place)
            self._versions.pop((name.place, name.name), None)
            self._partitions.pop((name.place, name.name), None)
            return
        batch.put(name, _told(table))
        self._gather_versions(name, table, place, batch)
        self._gather_partitions(name, table, place, batch)

    def restore(self, store: Store, _cut_off: bool) -> None:
        for _, name, told in store.rows("database"):
            if name not in self._backend.databases:
                self._backend.create_database(name, told)
        for name, database in self._backend.databases.items():
            if name in self._filled:
                continue
            self._filled.add(name)
            for _, table, told in store.rows("table", name):
                self._restore(store, database, table, told)

    def _gather_database(self, name: Name, batch: Batch) -> None:
        database = self._backend.databases.get(name.name)
        if database is not None:
            batch.put(name, database.input)
            return
        batch.drop(name)
        for database_name, table in [key for key in self._versions if key[0] == name.name]:
            self.gather(Name("table", database_name, table), batch)

    def _gather_versions(self, name: Name, table: Any, place: str, batch: Batch) -> None:
        """A version never changes: only new ones are written."""
        kept, now = self._versions.get((name.place, name.name), set()), set(table.versions)
        for version in sorted(now - kept, key=int):
            batch.put(Name("version", place, version), table.versions[version])
        for version in kept - now:
            batch.drop(Name("version", place, version))
        self._versions[name.place, name.name] = now

    def _gather_partitions(self, name: Name, table: Any, place: str, batch: Batch) -> None:
        """Moto puts a new object for one that is updated: the same object is the same partition."""
        kept, now = self._partitions.get((name.place, name.name), {}), dict(table.partitions)
        for values, partition in now.items():
            if kept.get(values) is not partition:
                told = {"input": partition.partition_input, "created": moments.written(partition.creation_time)}
                batch.put(Name("partition", place, values), told)
        for values in kept.keys() - now.keys():
            batch.drop(Name("partition", place, values))
        self._partitions[name.place, name.name] = now

    def _restore(self, store: Store, database: Any, name: str, told: dict[str, Any]) -> None:
        place = f"{database.name}/{name}"
        table = FakeTable(database.name, name, {}, catalog_id=self._account_id)
        table.created_time, table.updated_time = moments.read(told["created"]), moments.read(told["updated"])
        table._current_version = told["version"]
        table.versions = {version: given for _, version, given in store.rows("version", place)}
        for _, values, kept in store.rows("partition", place):
            partition = FakePartition(database.name, name, kept["input"])
            partition.creation_time = moments.read(kept["created"])
            table.partitions[values] = partition
        database.tables[name] = table
        self._versions[database.name, name] = set(table.versions)
        self._partitions[database.name, name] = dict(table.partitions)


def _told(table: Any) -> dict[str, Any]:
    return {
        "created": moments.written(table.created_time),
        "updated": moments.written(table.updated_time),
        "version": table._current_version,
    }
