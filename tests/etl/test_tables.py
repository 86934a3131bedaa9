from __future__ import annotations

from dataclasses import replace

import pytest

from etl.errors import TableDiffers
from etl.tables import ensure
from sources.model import Column, Table

HEATS = Table("heats", key=("id",), partition=("sport",), columns=(Column("id", "string"), Column("sport", "string")))


def test_a_table_is_made_as_declared_and_left_alone_after_that(spark, database):
    name = f"{database}.heats"
    assert ensure(spark, name, HEATS).columns == ["id", "sport", "source_run", "source_page", "source_position"]
    made = spark.sql(f"SHOW CREATE TABLE {name}").first()[0]
    assert "PARTITIONED BY (sport)" in made
    assert "COMMENT 'One row per id'" in made
    assert "'write.merge.mode' = 'copy-on-write'" in made
    assert "'format-version' = '2'" in made
    ensure(spark, name, HEATS)
    assert spark.table(f"{name}.snapshots").count() == 0


def test_a_table_that_is_merged_on_read_says_so_for_every_command(spark, database):
    ensure(spark, f"{database}.heats", replace(HEATS, merged_on_read=True))
    made = spark.sql(f"SHOW CREATE TABLE {database}.heats").first()[0]
    for command in ("merge", "update", "delete"):
        assert f"'write.{command}.mode' = 'merge-on-read'" in made
    assert "'format-version' = '2'" in made


def test_a_new_column_is_added_and_old_rows_have_null_there(spark, database):
    name = f"{database}.heats"
    ensure(spark, name, HEATS)
    spark.sql(f"INSERT INTO {name} VALUES ('1', 'judo', 'r1', 1, 0)")
    wider = replace(HEATS, columns=(*HEATS.columns, Column("seconds", "long")))
    assert [(row.id, row.seconds) for row in ensure(spark, name, wider).collect()] == [("1", None)]
    assert dict(spark.table(name).dtypes)["seconds"] == "bigint"


def test_a_column_that_is_no_longer_declared_stays(spark, database):
    name = f"{database}.heats"
    ensure(spark, name, replace(HEATS, columns=(*HEATS.columns, Column("seconds", "long"))))
    assert "seconds" in ensure(spark, name, HEATS).columns


def test_a_column_of_another_type_is_refused(spark, database):
    name = f"{database}.heats"
    ensure(spark, name, HEATS)
    with pytest.raises(TableDiffers, match=r"heats\.id is string, declared as int; declare a new column"):
        ensure(spark, name, replace(HEATS, columns=(Column("id", "int"), Column("sport", "string"))))
