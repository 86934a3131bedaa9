"""The Spark settings of a Glue job: what its arguments say, and what makes them run at home.

Glue takes all settings in one argument, ``--conf``, further ones chained: ``a=1 --conf b=2``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.errors import RehearsalError

ICEBERG_CATALOG = "org.apache.iceberg.spark.SparkCatalog"
S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem"
SDK_CREDENTIALS = "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider"
# Where the driver runs and how large it is decides the machine at home, not the job.
DECIDED_AT_HOME = ("spark.master", "spark.driver.memory", "spark.executor.memory", "spark.executor.cores")
FETCHED_BEFORE_JAVA = "spark.jars"
# A job at home has few rows for what it asks of Spark: each call of F.col would tell Java where it stands in the
# script, and each task would take 32 MB to sort a few rows in. A job may ask for either.
LIGHT = {"spark.python.sql.dataFrameDebugging.enabled": "false", "spark.buffer.pageSize": "1m"}


class SettingsRefused(RehearsalError):
    """A job's arguments ask for something that is no setting, or that cannot be had at home."""


@dataclass(frozen=True)
class Size:
    """How large a driver may be here; the job's own workers are not rehearsed.

    ``full_compiler`` pays off from about a million rows: small jobs end before it has warmed up.
    """

    memory: str = "2g"
    cores: int = 2
    full_compiler: bool = False


SMALL = Size()


@dataclass(frozen=True)
class Home:
    """Where the account answers, and how large a driver is."""

    endpoint: str
    region: str
    cores: int = SMALL.cores

    @classmethod
    def of(cls, environment: Mapping[str, str], size: Size) -> Home:
        return cls(environment["AWS_ENDPOINT_URL"], environment["AWS_REGION"], size.cores)


def parse_conf(text: str) -> dict[str, str]:
    """``a=1 --conf b=2`` as a mapping. A value may hold anything, ``=`` too."""
    parts = [part.strip() for part in re.split(r"(?:^|\s)--conf\s+", text)]
    for part in filter(None, parts):
        if "=" not in part:
            raise SettingsRefused(f"--conf has {part!r}, which is no name=value; write a=1 --conf b=2")
    return dict(part.split("=", 1) for part in parts if part)


def wants_iceberg(arguments: Mapping[str, str]) -> bool:
    """Whether the job asks for Iceberg. The other formats that Glue knows are refused by name."""
    formats = {name.strip() for name in arguments.get("--datalake-formats", "").split(",") if name.strip()}
    if others := formats - {"iceberg"}:
        raise SettingsRefused(f"--datalake-formats {', '.join(sorted(others))} cannot be rehearsed; only iceberg can")
    return "iceberg" in formats


def iceberg_catalogs(settings: Mapping[str, str]) -> list[str]:
    """The names of the catalogs that the settings declare as Iceberg's."""
    declared = re.compile(r"spark\.sql\.catalog\.([^.]+)")
    named = (declared.fullmatch(name) for name, value in settings.items() if value == ICEBERG_CATALOG)
    return [found[1] for found in named if found]


def spark_settings(arguments: Mapping[str, str], home: Home) -> dict[str, str]:
    """All settings of a driver: the job's own, but for those that this machine decides."""
    own = parse_conf(arguments.get("--conf", ""))
    if libraries := [name for name in own if name.startswith(FETCHED_BEFORE_JAVA)]:
        raise SettingsRefused(f"--conf {libraries[0]} cannot be rehearsed: libraries are there before Java starts")
    kept = {name: value for name, value in own.items() if name not in DECIDED_AT_HOME}
    settings = {**LIGHT, **_s3a(home), **kept, **_machine(home)}
    for catalog in iceberg_catalogs(own):
        settings |= _catalog(catalog, home)
    return settings


def _machine(home: Home) -> dict[str, str]:
    return {
        "spark.master": f"local[{home.cores}]",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.eventLog.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }


def _s3a(home: Home) -> dict[str, str]:
    """S3 for Spark's own readers: by ``s3://`` as Glue 6.0 has it, and by ``s3a://``."""
    client = {
        "endpoint": home.endpoint,
        "endpoint.region": home.region,
        "path.style.access": "true",
        "connection.ssl.enabled": "false",
        "aws.credentials.provider": SDK_CREDENTIALS,
    }
    settings = {f"spark.hadoop.fs.s3a.{name}": value for name, value in client.items()}
    return {**settings, "spark.hadoop.fs.s3.impl": S3A, "spark.hadoop.fs.s3a.impl": S3A}


def _catalog(name: str, home: Home) -> dict[str, str]:
    prefix = f"spark.sql.catalog.{name}"
    return {
        f"{prefix}.glue.endpoint": home.endpoint,
        f"{prefix}.s3.endpoint": home.endpoint,
        f"{prefix}.s3.path-style-access": "true",
        f"{prefix}.client.region": home.region,
    }
