"""A Glue job on Spark, with Iceberg tables in the Glue Data Catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, glue

from infra import policies
from infra.naming import Names
from infra.policies import Statement
from infra.role import LakeRole, LakeRoleArgs

CATALOG = "glue_catalog"
TIMEOUT_MINUTES = 60


@dataclass(frozen=True)
class LakeJobArgs:
    """One job, and what it may do."""

    names: Names  # what everything is called
    job: str  # its name
    script: pulumi.Input[str]  # URL of the script
    extra_py_files: pulumi.Input[str]  # URL of a zip that the script imports from
    warehouse: pulumi.Input[str]  # URL of the folder for tables
    statements: Sequence[Statement]  # what it may do, besides writing its logs
    arguments: Mapping[str, pulumi.Input[str]]  # its own defaults; a run may add to them
    glue_version: str = "6.0"  # 6.0 or 5.1
    worker_type: str = "G.1X"  # G.1X has 4 processors and 16 GB
    workers: int = 2  # 2 at least
    log_retention_days: int = 30  # how long its logs are kept


class LakeJob(pulumi.ComponentResource):
    """A job of which one run at a time works, and which nobody repeats but the ledger. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeJobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeJob", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = _log_groups(name, args, child)
        own = policies.write_logs(*(args.names.log_group_arn(group) for group in args.names.job_logs(args.job)))
        role = LakeRoleArgs(args.job, "glue", [*args.statements, own], args.names.tags)
        job = glue.Job(
            name,
            name=args.job,
            role_arn=LakeRole(f"{name}-role", role, child).arn,
            glue_version=args.glue_version,
            worker_type=args.worker_type,
            number_of_workers=args.workers,
            command={"name": "glueetl", "python_version": "3", "script_location": args.script},
            default_arguments={**_spark_arguments(args), **args.arguments},
            execution_property={"max_concurrent_runs": 1},
            max_retries=0,
            timeout=TIMEOUT_MINUTES,
            tags=args.names.tags,
            # The job may not make the groups itself, and what it makes would be kept for ever.
            opts=pulumi.ResourceOptions(parent=self, depends_on=logs),
        )
        self.name = job.name
        self.register_outputs({"name": self.name})


def _log_groups(name: str, args: LakeJobArgs, child: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    return [
        cloudwatch.LogGroup(
            f"{name}-{group.rsplit('/', 1)[-1]}-log",
            name=group,
            retention_in_days=args.log_retention_days,
            tags=args.names.tags,
            opts=child,
        )
        for group in args.names.job_logs(args.job)
    ]


def _spark_arguments(args: LakeJobArgs) -> dict[str, pulumi.Input[str]]:
    return {
        "--custom-logGroup-prefix": args.names.job_log_prefix(args.job),
        "--job-language": "python",
        "--datalake-formats": "iceberg",
        "--extra-py-files": args.extra_py_files,
        "--conf": pulumi.Output.from_input(args.warehouse).apply(lambda warehouse: chained(iceberg_conf(warehouse))),
    }


def iceberg_conf(warehouse: str) -> dict[str, str]:
    """What Spark must know before it starts, to find Iceberg tables in the Glue Data Catalog."""
    catalog = f"spark.sql.catalog.{CATALOG}"
    return {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{catalog}.warehouse": warehouse,
    }


def chained(conf: Mapping[str, str]) -> str:
    """Glue has one ``--conf`` argument; further settings are chained inside its value."""
    return " --conf ".join(f"{key}={value}" for key, value in conf.items())
