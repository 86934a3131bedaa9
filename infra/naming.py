"""What everything is called. Names are a pure function of stack, account and region, and so are the ARNs made of them.

That lets a role name its resources before they exist, and a test read the permissions without deploying anything.
"""

from __future__ import annotations

from dataclasses import dataclass

PROJECT = "lakelet"


@dataclass(frozen=True)
class Names:
    """The physical names of one stack in one account and region."""

    stack: str  # a part of all names
    account: str  # its number
    region: str  # where it is
    partition: str = "aws"  # aws, or that of another cloud of AWS
    project: str = PROJECT  # a program's own, so that two in one account keep apart

    @property
    def prefix(self) -> str:
        return f"{self.project}-{self.stack}"

    @property
    def tags(self) -> dict[str, str]:
        """``lake`` alone tells all costs of this stack from all others: by it the budget counts."""
        return {"project": self.project, "stack": self.stack, "lake": self.prefix}

    def of(self, *parts: str) -> str:
        """``of("runs")`` is ``lakelet-dev-runs``."""
        return "-".join((self.prefix, *parts))

    def bucket(self, stage: str) -> str:
        """Bucket names are shared by all accounts of the world, so they carry the account."""
        return self.of(stage, self.account)

    def extract(self, source: str) -> str:
        return self.of("extract", source)

    def job(self, source: str) -> str:
        return self.of("curate", source)

    @property
    def database(self) -> str:
        """Athena takes no hyphens without quotes."""
        return self.prefix.replace("-", "_")

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def bucket_arn(self, stage: str) -> str:
        return f"arn:{self.partition}:s3:::{self.bucket(stage)}"

    def table_arn(self, table: str) -> str:
        return self.arn("dynamodb", f"table/{self.of(table)}")

    def function_arn(self, function: str) -> str:
        return self.arn("lambda", f"function:{function}")

    def job_arn(self, source: str) -> str:
        return self.arn("glue", f"job/{self.job(source)}")

    def queue_arn(self, queue: str) -> str:
        return self.arn("sqs", self.of(queue))

    def job_logs(self, job: str) -> list[str]:
        """The log groups of a job of our own; without a word Glue would use two that all jobs of the account share."""
        return [f"{self.job_log_prefix(job)}/{kind}" for kind in ("error", "output")]

    def job_log_prefix(self, job: str) -> str:
        return f"/aws-glue/jobs/{job}"

    def topic_arn(self, topic: str) -> str:
        return self.arn("sns", self.of(topic))

    def log_group_arn(self, group: str) -> str:
        return self.arn("logs", f"log-group:{group}")

    def secret_arn(self, source: str) -> str:
        """Secrets Manager adds a hyphen and six characters of its own to the name."""
        return self.arn("secretsmanager", f"secret:{self.of(source)}-??????")
