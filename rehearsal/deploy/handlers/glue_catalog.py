"""Databases and tables of the Glue Data Catalog."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:glue/catalogDatabase:CatalogDatabase")
def catalog_database(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name(limit=255, lower=True)
    catalog = inputs.value("catalogId", order.account_id)
    wanted = {
        "Name": name,
        **inputs.take(Description="description", LocationUri="locationUri", Parameters="parameters"),
    }
    order.client("glue").create_database(CatalogId=catalog, DatabaseInput=wanted, Tags=order.tags)
    return Created(f"{catalog}:{name}", {"name": name, "arn": order.arn("glue", f"database/{name}"),
                                         "catalogId": catalog})  # fmt: skip


@handles("aws:glue/catalogTable:CatalogTable")
def catalog_table(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name(limit=255, lower=True)
    catalog = inputs.value("catalogId", order.account_id)
    database = inputs["databaseName"]
    wanted: dict[str, Any] = {
        "Name": name, **inputs.take(
            Description="description", Owner="owner", Retention="retention", TableType="tableType",
            Parameters="parameters", ViewOriginalText="viewOriginalText", ViewExpandedText="viewExpandedText"),
    }  # fmt: skip
    if "partitionKeys" in inputs:
        wanted["PartitionKeys"] = _columns(inputs, "partitionKeys")
    storage = inputs.object("storageDescriptor")
    if storage:
        wanted["StorageDescriptor"] = _storage(storage)
    order.client("glue").create_table(CatalogId=catalog, DatabaseName=database, TableInput=wanted)
    return Created(f"{catalog}:{database}:{name}", {"name": name, "catalogId": catalog,
                                                    "arn": order.arn("glue", f"table/{database}/{name}")})  # fmt: skip


def _columns(given: Inputs, name: str) -> list[dict[str, Any]]:
    return [
        column.take(Name="name", Type="type", Comment="comment", Parameters="parameters")
        for column in given.objects(name)
    ]


def _storage(given: Inputs) -> dict[str, Any]:
    storage = given.take(
        Location="location", InputFormat="inputFormat", OutputFormat="outputFormat", Compressed="compressed",
        NumberOfBuckets="numberOfBuckets", BucketColumns="bucketColumns", Parameters="parameters",
        StoredAsSubDirectories="storedAsSubDirectories",
    )  # fmt: skip
    if "columns" in given:
        storage["Columns"] = _columns(given, "columns")
    serde = given.object("serDeInfo")
    if serde:
        storage["SerdeInfo"] = serde.take(
            Name="name", SerializationLibrary="serializationLibrary", Parameters="parameters"
        )
    if "sortColumns" in given:
        storage["SortColumns"] = [c.take(Column="column", SortOrder="sortOrder") for c in given.objects("sortColumns")]
    return storage
