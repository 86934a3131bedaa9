"""Who may do what: the statements of each function and job, from names alone. Logs and failed calls come on top."""

from __future__ import annotations

from collections.abc import Sequence

from infra import policies
from infra.naming import Names
from infra.policies import Statement
from sources import layout

MANIFESTS_QUEUE = "manifests"
UNFINISHED = "unfinished"  # the index of the runs that somebody still has to do something about


def extract(names: Names, source: str) -> list[Statement]:
    """Read the source's own secret, keep its own ledger and quota, write its own pages and manifests.

    Nothing is ever overwritten: a page that is there already is read instead.
    """
    own = (f"{layout.RAW}{source}/", f"{layout.MANIFESTS}{source}/")
    return [
        policies.read_secret(names.secret_arn(source)),
        policies.put_objects(names.bucket_arn("raw"), *own),
        policies.get_objects(names.bucket_arn("raw"), f"{layout.RAW}{source}/"),
        policies.use_items(names.table_arn("runs"), ["UpdateItem"], f"{source}/*"),
        policies.use_items(names.table_arn("pages"), ["PutItem", "Query"], f"{source}/*"),
        policies.use_items(names.table_arn("quota"), ["GetItem", "UpdateItem"], source),
    ]


def start(names: Names, sources: Sequence[str]) -> list[Statement]:
    """Take manifests from the queue, claim their runs, start the jobs."""
    return [
        policies.consume_messages(names.queue_arn(MANIFESTS_QUEUE)),
        _runs_of(names, sources),
        policies.start_jobs(*(names.job_arn(source) for source in sources)),
    ]


def record(names: Names, sources: Sequence[str]) -> list[Statement]:
    """Read how a job run ended and what it says it did, and write that down: in the ledger, and copied for Athena."""
    return [
        policies.read_job_runs(*(names.job_arn(source) for source in sources)),
        policies.get_objects(names.bucket_arn("curated"), *(f"{layout.RESULTS}{source}/" for source in sources)),
        policies.put_objects(names.bucket_arn("curated"), *(f"{layout.LEDGER}{source}/" for source in sources)),
        _runs_of(names, sources),
    ]


def reconcile(names: Names, sources: Sequence[str], streams: Sequence[str]) -> list[Statement]:
    """Find the runs that stopped, and set them going again; look up when each stream last reached its tables."""
    jobs = [names.job_arn(source) for source in sources]
    return [
        policies.query_index(names.table_arn("runs"), UNFINISHED),
        policies.use_items(names.table_arn("runs"), ["Query"], *streams),
        _runs_of(names, sources),
        policies.invoke(*(names.function_arn(names.extract(source)) for source in sources)),
        policies.start_jobs(*jobs),
        policies.read_job_runs(*jobs),
        policies.get_objects(names.bucket_arn("curated"), *(f"{layout.RESULTS}{source}/" for source in sources)),
        policies.put_objects(names.bucket_arn("curated"), *(f"{layout.LEDGER}{source}/" for source in sources)),
    ]


def curate(names: Names, source: str, tables: Sequence[str]) -> list[Statement]:
    """Read the source's pages by their manifests, and merge them into its tables.

    Iceberg deletes what a failed commit has written. It may not abort an upload in parts: the bucket's life cycle does.
    """
    catalog = [
        names.arn("glue", "catalog"),
        names.arn("glue", f"database/{names.database}"),
        *(names.arn("glue", f"table/{names.database}/{table}") for table in tables),
    ]
    own = (f"{layout.RAW}{source}/", f"{layout.MANIFESTS}{source}/")
    warehouse = f"{layout.WAREHOUSE}{names.database}/"
    return [
        policies.get_objects(names.bucket_arn("artifacts"), layout.SCRIPTS),
        policies.get_objects(names.bucket_arn("raw"), *own),
        policies.list_objects(names.bucket_arn("raw"), *own),  # S3A lists a path before it reads it as a file
        policies.get_objects(names.bucket_arn("curated"), warehouse),
        policies.put_objects(names.bucket_arn("curated"), warehouse, f"{layout.RESULTS}{source}/"),
        policies.delete_objects(names.bucket_arn("curated"), warehouse),
        policies.allow(["glue:GetDatabase", "glue:GetTable", "glue:CreateTable", "glue:UpdateTable"], catalog),
    ]


def _runs_of(names: Names, sources: Sequence[str]) -> Statement:
    """Look up and change the ledger's entries of these sources."""
    return policies.use_items(
        names.table_arn("runs"), ["GetItem", "UpdateItem"], *(f"{source}/*" for source in sources)
    )
