"""The lake's tables as they are now, read from their Iceberg files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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


def open_catalog(properties: Mapping[str, str], glue: Any = None) -> GlueCatalog:
    """The catalog, through a client of Glue that is there already, or one of its own."""
    from pyiceberg.catalog.glue import GlueCatalog

    return GlueCatalog("lake", glue, **{"py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO", **properties})


def open_table(catalog: GlueCatalog, database: str, name: str) -> IcebergTable | None:
    """The table, or None where no run has made it yet."""
    from pyiceberg.exceptions import NoSuchTableError

    try:
        return catalog.load_table((database, name))
    except NoSuchTableError:
        return None


def rows_by(catalog: GlueCatalog, database: str, name: str, column: str) -> Mapping[str, int]:
    """How many rows each value of a column has, the largest first, ties by name."""
    found = open_table(catalog, database, name)
    counts = Counter[str]() if found is None else _by_partition(found, column) or _by_value(found, column)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _by_partition(table: IcebergTable, column: str) -> Counter[str]:
    """As the table's metadata have it, without a look into a file; nothing where they do not tell."""
    from pyiceberg.transforms import IdentityTransform

    as_it_is: IdentityTransform[Any] = IdentityTransform()
    places = {
        (spec, field.name): place
        for spec, each in table.specs().items()
        for place, field in enumerate(each.fields)
        if field.transform == as_it_is
    }
    type_ = table.schema().find_type(column)
    counts = Counter[str]()
    for task in table.scan().plan_files():
        place = places.get((task.file.spec_id, column))
        if task.delete_files or place is None:
            return Counter()
        value = task.file.partition[place]  # of a date, the days since 1970
        counts["None" if value is None else as_it_is.to_human_string(type_, value)] += task.file.record_count
    return counts


def _by_value(table: IcebergTable, column: str) -> Counter[str]:
    values = table.scan(selected_fields=(column,)).to_arrow().column(column)
    return Counter({str(each["values"]): each["counts"] for each in values.value_counts().to_pylist()})
