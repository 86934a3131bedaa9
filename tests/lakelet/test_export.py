"""`lakelet export` as it is called, over tables in an embedded account: what is in the file is what is in the table."""

from __future__ import annotations

import csv
import io
import json
import random
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import (
    DateType,
    DecimalType,
    DoubleType,
    ListType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)  # fmt: skip

from lakelet import cli
from lakelet.place import Place
from lakelet.tables import open_catalog, properties_of
from rehearsal.account import Account

ATHLETES = Schema(
    NestedField(1, "id", StringType(), required=True),
    NestedField(2, "name", StringType()),
    NestedField(3, "sport", StringType()),
    NestedField(4, "points", LongType()),
    NestedField(5, "share", DecimalType(9, 2)),
    NestedField(6, "mean", DoubleType()),
    NestedField(7, "born", DateType()),
    NestedField(8, "seen", TimestamptzType()),
)
BY_SPORT = PartitionSpec(PartitionField(3, 1000, IdentityTransform(), "sport"))
SEEN = datetime(2026, 3, 2, 5, 0, 0, 7, UTC)
ROWS = [
    ("1", "Ana Example", "Judo", 7, Decimal("33.30"), 0.1, date(2000, 2, 29), SEEN),
    ("2", "", "Rowing", -(2**62), Decimal("0.00"), float("inf"), date(1969, 12, 31), SEEN),
    ("2", 'Bo "B", Two\r\nLines', "Judo", None, None, None, None, None),
    ("3", None, None, 0, Decimal("-0.01"), -0.0, None, SEEN),
    ("4", "李小龙 😀", "Table Tennis", 1, None, 1e300, None, None),
    ("5", "NULL", "Judo", 1, None, None, None, None),
]
PLAIN = [dict(zip((field.name for field in ATHLETES.fields), row, strict=True)) for row in ROWS]


@pytest.fixture(scope="module")
def place():
    """``athletes`` in three commits, one of which took a row away; the same rows again in one; and odd tables."""
    with Account() as account:
        s3, glue = account.client("s3"), account.client("glue")
        s3.create_bucket(Bucket="curated", CreateBucketConfiguration={"LocationConstraint": account.region})
        glue.create_database(DatabaseInput={"Name": "lake"})
        glue.create_table(DatabaseName="lake", TableInput={"Name": "runs", "Parameters": {"classification": "json"}})
        properties = properties_of(account.credentials())
        catalog = open_catalog(properties, glue)

        def make(name, schema, spec, *commits):
            table = catalog.create_table(f"lake.{name}", schema, f"s3://curated/warehouse/{name}", spec)
            for rows in commits:
                table.append(pa.Table.from_pylist(rows, schema.as_arrow()))
            return table

        make("athletes", ATHLETES, BY_SPORT, [*PLAIN[3:], {**PLAIN[0], "id": "gone"}], PLAIN[:3]).delete("id = 'gone'")
        shuffled = random.Random(7).sample(PLAIN, len(PLAIN))
        make("athletes_again", ATHLETES, PartitionSpec(), shuffled)
        make("empty", ATHLETES, BY_SPORT)
        lists = Schema(NestedField(1, "id", LongType()), NestedField(2, "tags", ListType(3, StringType())))
        make("lists", lists, PartitionSpec(), [{"id": 1, "tags": ["a"]}])
        yield Place("the test's lake", {"database": "lake"}, account.client, catalog_properties=properties)


@pytest.fixture
def export(place, tmp_path, monkeypatch, capsysbinary):
    """``export("athletes", "--csv", "a.csv")`` in a folder of its own: exit code, stdout and stderr."""

    @contextmanager
    def here(stack, live):
        yield place

    monkeypatch.setattr("lakelet.place.open_place", here)
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = cli.main(["export", *arguments])
        told = capsysbinary.readouterr()
        return code, told.out.decode(), told.err.decode()

    return call


def left_in(folder):
    return [file.name for file in folder.iterdir()]


def snapshots(place, name):
    table = open_catalog(place.catalog_properties, place.client("glue")).load_table(("lake", name))
    return [snapshot.snapshot_id for snapshot in table.metadata.snapshots]


def test_csv_holds_what_the_table_holds(export, tmp_path) -> None:
    assert export("athletes", "--csv", "a.csv")[0] == 0
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file, strict=True)
    assert head == [field.name for field in ATHLETES.fields]
    assert [row[:3] for row in rows] == [[id_, name or "", sport or ""] for id_, name, sport, *_ in ROWS]
    assert rows[0] == ["1", "Ana Example", "Judo", "7", "33.30", "0.1", "2000-02-29", "2026-03-02T05:00:00.000007Z"]


def test_duckdb_reads_the_csv_as_the_table(export) -> None:
    export("athletes", "--csv", "a.csv")
    types = {"id": "VARCHAR", "name": "VARCHAR", "sport": "VARCHAR", "points": "BIGINT", "share": "DECIMAL(9, 2)",
             "mean": "DOUBLE", "born": "DATE", "seen": "TIMESTAMP"}  # fmt: skip
    read = f"SELECT * FROM read_csv('a.csv', header = true, allow_quoted_nulls = false, columns = {types})"
    assert duckdb.execute(read).fetchall() == [(*row[:7], row[7] and row[7].replace(tzinfo=None)) for row in ROWS]


def test_parquet_holds_the_rows_and_the_types_of_the_table(export) -> None:
    assert export("athletes", "--parquet", "a.parquet")[0] == 0
    table = pq.read_table("a.parquet")
    assert table.to_pylist() == PLAIN
    assert [(field.type, field.nullable) for field in table.schema] == [
        (field.type, field.nullable) for field in ATHLETES.as_arrow()
    ]
    assert {pq.ParquetFile("a.parquet").metadata.row_group(0).column(0).compression} == {"ZSTD"}


def test_duckdb_reads_the_parquet_as_the_table(export) -> None:
    export("athletes", "--parquet", "a.parquet")
    assert duckdb.execute("SELECT * EXCLUDE seen FROM 'a.parquet'").fetchall() == [row[:7] for row in ROWS]


@pytest.mark.parametrize("form", ["--csv", "--parquet"])
def test_the_same_rows_give_the_same_bytes_whatever_their_history(export, tmp_path, form) -> None:
    for number, table in enumerate(("athletes", "athletes", "athletes_again")):
        assert export(table, form, f"{number}")[0] == 0
    assert len({(tmp_path / f"{number}").read_bytes() for number in range(3)}) == 1


def test_a_line_says_what_was_written(export, place, tmp_path) -> None:
    code, out, err = export("athletes", "--csv", "a.csv", "--columns", "id")
    last = snapshots(place, "athletes")[-1]
    assert (code, err) == (0, "")
    assert out == f"{tmp_path / 'a.csv'}: 6 rows of athletes, 36 bytes, snapshot {last}\n"


def test_json_says_what_was_written(export, place, tmp_path) -> None:
    _, out, _ = export("athletes", "--parquet", "a.parquet", "--json")
    path = tmp_path / "a.parquet"
    last = str(snapshots(place, "athletes")[-1])
    assert json.loads(out) == {
        "table": "athletes", "rows": 6, "bytes": path.stat().st_size, "path": str(path), "snapshot": last
    }  # fmt: skip


def test_a_dash_is_the_standard_output(export, place, tmp_path) -> None:
    code, out, err = export("athletes", "--csv", "-", "--columns", "id,name")
    assert code == 0
    assert list(csv.reader(io.StringIO(out, newline="")))[1:] == [[row[0], row[1] or ""] for row in ROWS]
    assert err.startswith("standard output: 6 rows of athletes, ")
    assert left_in(tmp_path) == []


def test_columns_are_taken_in_the_order_asked_for_and_order_the_rows(export) -> None:
    _, out, _ = export("athletes", "--csv", "-", "--columns", "sport, id")
    assert list(csv.reader(io.StringIO(out, newline=""))) == [
        ["sport", "id"], ["", "3"], ["Judo", "1"], ["Judo", "2"], ["Judo", "5"], ["Rowing", "2"], ["Table Tennis", "4"]
    ]  # fmt: skip


def test_a_table_is_exported_as_it_was_at_a_snapshot(export, place) -> None:
    _, out, err = export(
        "athletes", "--csv", "-", "--columns", "id", "--snapshot", str(snapshots(place, "athletes")[0])
    )
    assert out.split() == ['"id"', '"3"', '"4"', '"5"', '"gone"']
    assert err.endswith(f"snapshot {snapshots(place, 'athletes')[0]}\n")


def test_an_empty_table_is_its_columns(export) -> None:
    code, out, err = export("empty", "--csv", "-")
    assert (code, out) == (0, '"id","name","sport","points","share","mean","born","seen"\r\n')
    assert err.startswith("standard output: 0 rows of empty, ") and err.endswith(", which has no snapshot yet\n")
    assert json.loads(export("empty", "--parquet", "e.parquet", "--json")[1])["snapshot"] is None
    assert pq.read_table("e.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nowhere", "--csv", "-"], "no table 'nowhere' in the test's lake; there are: athletes, athletes_again, em"),
        (["", "--csv", "-"], "there is no table '' in the test's lake; there are: "),
        (["runs", "--csv", "-"], "ask for its rows: lakelet query --csv 'SELECT * FROM runs'"),
        (["athletes", "--csv", "-", "--columns", "id,nme"], "athletes has no column 'nme'; it has: id, name, sport, "),
        (["athletes", "--csv", "-", "--columns", "id,id"], "column id is asked for twice; name it once"),
        (["athletes", "--csv", "-", "--snapshot", "5"], "athletes has no snapshot 5; its newest: "),
        (["empty", "--csv", "-", "--snapshot", "5"], "empty has no snapshot 5; its newest: none, it is empty"),
        (["lists", "--csv", "-"], "column tags of lists is of type list<string>, which cannot be exported; name the"),
        (["athletes", "--parquet", "-"], "Parquet cannot go to the standard output; name a file, or use --csv -"),
        (["athletes", "--csv", "-", "--json"], "--json and the CSV cannot both go to the standard output"),
        (["athletes", "--csv", "no/a.csv"], "there is no folder "),
        (["athletes", "--csv", "."], ". is a folder; name a file in it"),
        (["athletes", "--csv", ""], "is a folder; name a file in it"),
    ],
)
def test_what_cannot_be_exported_is_a_wrong_call_and_one_line(export, tmp_path, arguments, line) -> None:
    code, out, err = export(*arguments)
    assert (code, out) == (2, "")
    assert line in err and err.startswith("lakelet: ") and len(err.splitlines()) == 1
    assert left_in(tmp_path) == []


def test_a_file_that_is_there_is_kept(export, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    code, _, err = export("athletes", "--csv", "a.csv")
    assert (code, (tmp_path / "a.csv").read_text()) == (2, "mine")
    assert "replace it with --force" in err
    assert export("athletes", "--csv", "a.csv", "--force")[0] == 0
    assert (tmp_path / "a.csv").read_text().startswith('"id"')


@pytest.mark.parametrize("form", ["--csv", "--parquet"])
def test_ctrl_c_leaves_no_file(export, tmp_path, monkeypatch, form) -> None:
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lakelet.commands.export._teller", lambda *_: stopped)
    assert export("athletes", form, "a") == (130, "", "\nstopped; no file was written\n")
    assert left_in(tmp_path) == []


def test_a_full_disk_is_one_line_and_leaves_no_file(export, tmp_path, monkeypatch) -> None:
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lakelet.export.writing.Counted.write", full)
    for form in ("--csv", "--parquet"):
        code, out, err = export("athletes", form, "a")
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert "no room for " in err and "make room there" in err
    assert left_in(tmp_path) == []


def test_a_lake_that_is_not_there_yet_is_told_with_the_next_step(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path / "home"))
    assert cli.main(["export", "athletes", "--csv", str(tmp_path / "a.csv")]) == 1
    assert "yet; make one first: lakelet run" in capsys.readouterr().err
    assert left_in(tmp_path) == []


def test_how_far_it_is_is_told_when_it_takes_a_while(export, monkeypatch) -> None:
    said = []
    monkeypatch.setattr("lakelet.commands.export.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("lakelet.progress.Progress.step", lambda _, name, text: said.append((name, text)))
    export("athletes", "--csv", "a.csv")
    assert ("export", "6 rows read; Ctrl-C leaves no file") in said
    assert said[-1] == ("export", "6 rows written; Ctrl-C leaves no file")
