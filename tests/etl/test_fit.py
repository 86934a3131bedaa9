"""How Spark is set for a small batch and for a large one, and that each job does so."""

from __future__ import annotations

import time

import pytest

from etl.fit import ROWS_A_PARTITION, ROWS_WORTH_COMPILING, fit
from etl.upkeep import Rules, keep_up

ASKED = (
    "shuffle.partitions",
    "leafNodeDefaultParallelism",
    "codegen.wholeStage",
    "codegen.factoryMode",
    "adaptive.enabled",
    "ui.explainMode",
)
SMALL = ("1", "1", "false", "NO_CODEGEN", "false", "simple")
LARGE = ("2", "true", "FALLBACK", "true", "simple")  # behind the parts of a shuffle, with two cores


@pytest.fixture
def settings(spark):
    """``settings()`` are those that matter, which are Spark's own to begin with and as they were in the end."""
    before = {name: spark.conf.get(f"spark.sql.{name}", None) for name in ASKED}
    for name in ASKED:
        spark.conf.unset(f"spark.sql.{name}")
    spark.conf.set("spark.sql.shuffle.partitions", "200")
    yield lambda: tuple(spark.conf.get(f"spark.sql.{name}") for name in ASKED)
    for name, value in before.items():
        spark.conf.unset(f"spark.sql.{name}") if value is None else spark.conf.set(f"spark.sql.{name}", value)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (0, SMALL),
        (ROWS_WORTH_COMPILING - 1, SMALL),
        (ROWS_WORTH_COMPILING, ("2", *LARGE)),
        (7 * ROWS_A_PARTITION, ("7", *LARGE)),
        (1000 * ROWS_A_PARTITION, ("200", *LARGE)),
    ],
)
def test_spark_fits_the_number_of_rows(spark, settings, rows, expected):
    fit(spark, rows)
    assert settings() == expected


def test_upkeep_fits_it_to_the_table(spark, settings, database):
    name, rules = f"{database}.kept", Rules(time.time(), time.time(), keep_days=30)
    spark.sql(f"CREATE TABLE {name} (id int) USING iceberg")
    keep_up(spark, name, rules)
    assert settings() == SMALL
    spark.range(ROWS_WORTH_COMPILING).selectExpr("int(id) AS id").writeTo(name).append()
    keep_up(spark, name, rules)
    assert settings() == ("2", *LARGE)
