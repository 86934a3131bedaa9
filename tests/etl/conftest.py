"""One Spark for all tests of the room: local, with Iceberg in a folder, and S3 where the tests' account answers."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from etl.manifests import Manifest, Page
from rehearsal.spark import archive, jars, java, jvm
from rehearsal.spark.handover import remember_classes
from rehearsal.spark.machine import tuning
from rehearsal.spark.settings import LIGHT, SMALL
from sources.layout import RunName, manifest_key, page_key

S3A = {
    "fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
    "fs.s3a.endpoint.region": "eu-north-1",
    "fs.s3a.path.style.access": "true",
    "fs.s3a.connection.ssl.enabled": "false",
    "fs.s3a.access.key": "test",
    "fs.s3a.secret.key": "test",
    "fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
}


@pytest.fixture(scope="session")
def spark(aws_endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.master": "local[2]",
        "spark.app.name": "tests",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        # A job sets these two itself when its batch is small (etl.fit); parts of one are called here too, in sessions
        # of their own.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.ui.explainMode": "simple",
        **LIGHT,
        # Java code made for one test serves the next: of the pieces that all tests need, few are kept by default.
        "spark.sql.codegen.cache.maxEntries": "5000",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.glue_catalog": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.glue_catalog.type": "hadoop",
        "spark.sql.catalog.glue_catalog.warehouse": str(folder / "warehouse"),
        "spark.sql.warehouse.dir": str(folder / "spark-warehouse"),
        "spark.hadoop.fs.s3a.endpoint": aws_endpoint,
        **{f"spark.hadoop.{name}": value for name, value in S3A.items()},
    }
    with pytest.MonkeyPatch.context() as patch, (folder / "log").open("wb") as log:
        machine = start_java(folder, log)
        try:
            port, secret = machine.gateway()
            patch.setenv("PYSPARK_GATEWAY_PORT", str(port))
            patch.setenv("PYSPARK_GATEWAY_SECRET", secret)
            session = SparkSession.builder.config(map=settings).getOrCreate()
            session.sparkContext.setLogLevel("ERROR")
            remember_classes()
            write_no_checksums(session)
            yield session
            session.stop()
        finally:
            machine.close()


def start_java(folder: Path, log: IO[bytes]) -> jvm.Jvm:
    """As a job's driver starts it: with the class-data archive, if there is one."""
    found, libraries = java.find(), jars.classpath()
    # Each file in a folder costs Hadoop a call of chmod.
    quick_calls = ["-Djdk.lang.Process.launchMechanism=VFORK"] if sys.platform == "linux" else []
    options = [*tuning(SMALL, folder), *quick_calls, *archive.options(found, jvm.classpath(libraries))]
    command = jvm.command(found.command, libraries, options)
    environment = {**os.environ, "SPARK_HOME": str(jvm.spark_home()), "SPARK_LOCAL_IP": "127.0.0.1"}
    return jvm.start(command, environment, folder / "gateway", log)


def write_no_checksums(spark: SparkSession) -> None:
    """Beside each file in a folder there would be one with its checksum; in S3 there is none."""
    java: Any = spark._jvm
    java.org.apache.hadoop.fs.FileSystem.getLocal(spark._jsc.hadoopConfiguration()).setWriteChecksum(False)


def frame(spark: SparkSession, rows: list[tuple[Any, ...]], shape: str) -> DataFrame:
    """These rows, as a part of the query's plan. Those of a list would come by processes of Python, anew each time."""
    names = StructType.fromDDL(shape).names
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return spark.createDataFrame(pyarrow.table(columns), shape)


@pytest.fixture
def database(spark: SparkSession, unique: Callable[[str], str]) -> str:
    """A database of the test's own, with its catalog in front."""
    name = f"glue_catalog.{unique('lake').replace('-', '_')}"
    spark.sql(f"CREATE DATABASE {name}")
    return name


class Pages:
    """A raw bucket in a folder: ``pages.write("20261121T050000Z", [records, records])`` gives the run's manifest."""

    def __init__(self, folder: Path) -> None:
        self.root = f"{folder}/"
        self._folder = folder

    def write(self, run: str, pages: list[list[Any]]) -> Manifest:
        return self._put(*stored("olympics", "athletes", run, pages))

    def write_answers(self, source: str, stream: str, run: str, answers: list[Answer]) -> Manifest:
        return self._put(*stored_answers(RunName(source, stream, run), answers))

    def _put(self, manifest: Manifest, objects: dict[str, bytes]) -> Manifest:
        for key, body in objects.items():
            path = self._folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        return manifest


@dataclass(frozen=True)
class Answer:
    """An answer of an API, how many records it holds, and the part that it was asked for."""

    body: Any
    rows: int
    part: str = ""


def stored(source: str, stream: str, run: str, pages: list[list[Any]]) -> tuple[Manifest, dict[str, bytes]]:
    """A run of these records by page, as ``stored_answers`` gives it."""
    answers = [Answer({"year": 2024, stream: records}, len(records)) for records in pages]
    return stored_answers(RunName(source, stream, run), answers)


def stored_answers(name: RunName, answers: list[Answer]) -> tuple[Manifest, dict[str, bytes]]:
    """A run as the extract function stores it: its manifest, and the objects by key (the manifest's too)."""
    listed, objects = [], {}
    for number, answer in enumerate(answers, start=1):
        key = page_key(name, number)
        text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
        objects[key] = gzip.compress(text.encode(), mtime=0)
        listed.append(Page(number, key, answer.rows, answer.part))
    rows = sum(page.rows for page in listed)
    pages = [{name: value for name, value in vars(page).items() if value != ""} for page in listed]
    objects[manifest_key(name)] = json.dumps({**asdict(name), "rows": rows, "pages": pages}).encode()
    return Manifest(name, rows, tuple(listed)), objects


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(tmp_path)
