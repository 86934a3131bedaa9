"""What stays when nothing runs: the buckets, the ledger, the catalog, and the queue for calls that came to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import s3

from infra import policies
from infra.bucket import LakeBucket, LakeBucketArgs
from infra.catalog import LakeDatabase, LakeDatabaseArgs
from infra.naming import Names
from infra.packaging import Packager, hashed_name
from infra.permissions import UNFINISHED
from infra.queries import FOLDER, LakeQueries, LakeQueriesArgs
from infra.queue import LakeQueue, LakeQueueArgs
from infra.settings import Settings
from infra.table import Index, LakeTable, LakeTableArgs
from sources import layout

GIVEN_UP = "given-up"
JOB_ENDED = "job-ended"
ANSWER_DAYS = 30  # how long Athena's answers are kept


@dataclass(frozen=True)
class LakeArgs:
    """One lake."""

    names: Names  # what everything is called
    settings: Settings  # what the stack decides
    packager: Packager  # builds what the jobs import


class Lake(pulumi.ComponentResource):
    """The ground that pipelines stand on. Outputs are its parts."""

    def __init__(self, name: str, args: LakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:Lake", name, {}, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        self.project, self.region = args.names.project, args.names.region
        expire_days = args.settings.raw_expire_days
        self.raw = self._bucket("raw", {layout.RAW: expire_days} if expire_days else {})
        self.curated = self._bucket("curated", {layout.ANSWERS: ANSWER_DAYS})
        self.artifacts = self._bucket("artifacts", {})
        self.runs = self._table("runs", "stream", "run", "S", index=Index(UNFINISHED, UNFINISHED, "run"))
        self.pages = self._table("pages", "run", "page", "N", expires="expires")
        self.quota = self._table("quota", "source", "window", "S", expires="expires")
        self.warehouse = pulumi.Output.format("s3://{0}/{1}", self.curated.name, layout.WAREHOUSE.rstrip("/"))
        self.database = self._database()
        self.queries = self._queries()
        self.given_up = self._given_up()
        self.job_library = self.upload(args.packager.etl())
        self.register_outputs({})

    def upload(self, path: Path) -> pulumi.Output[str]:
        """The URL of a file in the artifacts bucket, where it stands under the hash of what is in it."""
        key = f"{layout.SCRIPTS}{hashed_name(path)}"
        stored = s3.BucketObjectv2(
            path.name, bucket=self.artifacts.name, key=key, source=pulumi.FileAsset(str(path)), opts=self._child
        )
        return pulumi.Output.format("s3://{0}/{1}", stored.bucket, stored.key)

    def _bucket(self, stage: str, expire_days: dict[str, int]) -> LakeBucket:
        names, settings = self._args.names, self._args.settings
        args = LakeBucketArgs(
            bucket=names.bucket(stage),
            arn=names.bucket_arn(stage),
            tags=names.tags,
            protect=settings.protect_data,
            expendable=stage in settings.expendable or stage == "artifacts",
            expire_days=expire_days,
        )
        return LakeBucket(stage, args, self._child)

    def _table(
        self,
        table: str,
        hash_key: str,
        range_key: str,
        kind: str,
        index: Index | None = None,
        expires: str | None = None,
    ) -> LakeTable:
        args = LakeTableArgs(
            table=self._args.names.of(table),
            hash_key=(hash_key, "S"),
            range_key=(range_key, kind),
            tags=self._args.names.tags,
            index=index,
            expires=expires,
            protect=self._args.settings.protect_data,
        )
        return LakeTable(table, args, self._child)

    def _database(self) -> LakeDatabase:
        names = self._args.names
        location = pulumi.Output.format("{0}/{1}", self.warehouse, names.database)
        ledger = pulumi.Output.format("s3://{0}/{1}", self.curated.name, layout.LEDGER)
        return LakeDatabase("database", LakeDatabaseArgs(names.database, location, ledger, names.tags), self._child)

    def _queries(self) -> LakeQueries:
        names, settings = self._args.names, self._args.settings
        args = LakeQueriesArgs(
            names=names,
            database=self.database.name,
            results=pulumi.Output.format("s3://{0}/{1}", self.curated.name, layout.ANSWERS),
            cutoff_gigabytes=settings.query_cutoff_gigabytes,
            sources=[source.name for source in settings.sources],
            folders=(FOLDER, *(folder / "queries" for folder in self._args.packager.extra)),
        )
        return LakeQueries("queries", args, self._child)

    def _given_up(self) -> LakeQueue:
        """Functions and schedules send here under their roles; rules have none, so the queue lets them in."""
        names = self._args.names
        rule_arn = names.arn("events", f"rule/{names.of(JOB_ENDED)}")
        sender = policies.sent_by("events", rule_arn, names.account, names.queue_arn(GIVEN_UP))
        return LakeQueue(GIVEN_UP, LakeQueueArgs(names, GIVEN_UP, senders=[sender]), self._child)
