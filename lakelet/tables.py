"""The lake's tables as they are now, read from their Iceberg files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sources.model import Table

if TYPE_CHECKING:  # to load pyiceberg takes a second, and not every command that finds the lake opens a table
    from pyiceberg.catalog.glue import GlueCatalog
    from pyiceberg.table import Table as IcebergTable

    from rehearsal.sessions import Credentials


def properties_of(keys: Credentials) -> dict[str, str]:
    """What pyiceberg must know to read the tables of an embedded account."""
    return {
        "client.region": keys.region,
        "client.access-key-id": keys.access_key,
        "client.secret-access-key": keys.secret_key,
        "glue.endpoint": keys.endpoint,
        "s3.endpoint": keys.endpoint,
    }


def open_catalog(properties: Mapping[str, str]) -> GlueCatalog:
    from pyiceberg.catalog.glue import GlueCatalog

    return GlueCatalog("lake", **{"py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO", **properties})


def open_table(catalog: GlueCatalog, database: str, name: str) -> IcebergTable | None:
    """The table, or None where no run has made it yet."""
    from pyiceberg.exceptions import NoSuchTableError

    try:
        return catalog.load_table((database, name))
    except NoSuchTableError:
        return None


def rows_by(catalog: GlueCatalog, database: str, table: Table, column: str) -> Mapping[str, int]:
    """How many rows each value of a column has, the largest first, ties by name."""
    found = open_table(catalog, database, table.name)
    if found is None:
        return {}
    values = found.scan(selected_fields=(column,)).to_arrow().column(column)
    counts: list[dict[str, Any]] = values.value_counts().to_pylist()
    ordered = sorted(counts, key=lambda each: (-each["counts"], str(each["values"])))
    return {str(each["values"]): each["counts"] for each in ordered}
