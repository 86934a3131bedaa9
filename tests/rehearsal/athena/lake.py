"""A small lake in the account of a test: an Iceberg table in three commits, and a table of JSON lines."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType, TimestamptzType

COLUMNS = Schema(
    NestedField(1, "id", StringType()),
    NestedField(2, "sport", StringType()),
    NestedField(3, "points", LongType()),
    NestedField(4, "seen", TimestamptzType()),
)
BY_SPORT = PartitionSpec(PartitionField(2, 1000, IdentityTransform(), "sport"))
JSON = "org.openx.data.jsonserde.JsonSerDe"


@dataclass
class SmallLake:
    """``asked`` runs a statement to its end and gives its execution; ``rows`` its results."""

    account: Any
    database: str
    workgroup: str
    table: Any

    def asked(self, sql: str, **more: Any) -> dict[str, Any]:
        athena = self.account.client("athena")
        context = {"QueryExecutionContext": {"Database": self.database}, "WorkGroup": self.workgroup, **more}
        id_ = athena.start_query_execution(QueryString=sql, **context)["QueryExecutionId"]
        while True:
            told = athena.get_query_execution(QueryExecutionId=id_)["QueryExecution"]
            if told["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return dict(told)
            time.sleep(0.01)

    def rows(self, sql: str, **more: Any) -> list[list[str | None]]:
        told = self.asked(sql, **more)
        assert told["Status"]["State"] == "SUCCEEDED", told["Status"]
        found = self.account.client("athena").get_query_results(QueryExecutionId=told["QueryExecutionId"])
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in found["ResultSet"]["Rows"][1:]]


def make(account: Any, name: str, cutoff: int | None = None) -> SmallLake:
    glue, s3, keys = account.client("glue"), account.client("s3"), account.credentials()
    for bucket in (f"{name}-data", f"{name}-results"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.region})
    glue.create_database(DatabaseInput={"Name": name})
    limit = {"BytesScannedCutoffPerQuery": cutoff} if cutoff else {}
    result = {"OutputLocation": f"s3://{name}-results/out/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    account.client("athena").create_work_group(Name=name, Configuration={"ResultConfiguration": result, **limit})
    catalog = GlueCatalog("test", **{
        "client.region": keys.region, "client.access-key-id": keys.access_key,
        "client.secret-access-key": keys.secret_key,
        "glue.endpoint": keys.endpoint, "s3.endpoint": keys.endpoint,
        "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
    })  # fmt: skip
    table = catalog.create_table(
        (name, "athletes"), COLUMNS, location=f"s3://{name}-data/athletes", partition_spec=BY_SPORT
    )
    return SmallLake(account, name, name, table)


def rows_of(sport: str, first: int, last: int) -> pa.Table:
    numbers = list(range(first, last))
    return pa.table({
        "id": [f"a{number}" for number in numbers],
        "sport": [sport] * len(numbers),
        "points": [None if number % 5 == 0 else number for number in numbers],
        "seen": pa.array([number * 1_000_000 for number in numbers], pa.timestamp("us", "UTC")),
    })  # fmt: skip


def make_runs(lake: SmallLake, *lines: str) -> None:
    """A table ``runs`` over JSON lines, an object each."""
    for position, line in enumerate(lines):
        lake.account.client("s3").put_object(
            Bucket=f"{lake.database}-data", Key=f"runs/{position}.json", Body=line.encode()
        )
    lake.account.client("glue").create_table(DatabaseName=lake.database, TableInput={
        "Name": "runs", "TableType": "EXTERNAL_TABLE", "Parameters": {"classification": "json"},
        "StorageDescriptor": {
            "Location": f"s3://{lake.database}-data/runs/", "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": JSON},
            "Columns": [{"Name": "run", "Type": "string"}, {"Name": "rows_in", "Type": "bigint"},
            {"Name": "seconds", "Type": "double"}],
        },
    })  # fmt: skip
