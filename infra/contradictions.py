"""What a stack's settings cannot be, alone or beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.naming import PROJECT

if TYPE_CHECKING:
    from infra.settings import Settings

KEEPERS = ("prod",)  # stacks that hold what nobody can fetch again
GLUE_VERSIONS = ("5.1", "6.0")
RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
LEAST_WORKERS = 2  # Glue takes no fewer for a Spark job
LEAST_RAW_DAYS = 7  # a failed run is read again from its pages
LOCAL = ("127.0.0.1", "localhost", "::1")


def contradictions(has: Settings) -> list[str]:
    """What cannot be so at once, a line each."""
    found = []
    if has.stack in KEEPERS and not has.protect_data:
        found.append(f"stack {has.stack!r} keeps its data, but {PROJECT}:protectData is false; set it to true")
    if has.protect_data and has.expendable:
        names = ", ".join(sorted(has.expendable))
        found.append(f"{PROJECT}:protectData is true, but {PROJECT}:expendable is {names}; drop one of the two")
    if has.workers < LEAST_WORKERS:
        found.append(f"{PROJECT}:workers is {has.workers}, but Glue {has.glue_version} takes no fewer than 2; raise it")
    if has.log_retention_days not in RETENTIONS:
        known = ", ".join(map(str, RETENTIONS))
        found.append(f"{PROJECT}:logRetentionDays is {has.log_retention_days}, but CloudWatch takes only {known}")
    if has.raw_expire_days is not None and has.raw_expire_days < LEAST_RAW_DAYS:
        found.append(
            f"{PROJECT}:rawExpireDays is {has.raw_expire_days}, but a run that fails needs its pages for "
            f"{LEAST_RAW_DAYS} days; raise it, or leave it out to keep them"
        )
    if has.keep_snapshots_days < 1:
        found.append(
            f"{PROJECT}:keepSnapshotsDays is {has.keep_snapshots_days}, but a query that is under way needs the state "
            "that it reads; give 1 or more"
        )
    if has.query_cutoff_gigabytes < 1:
        found.append(
            f"{PROJECT}:queryCutoffGigabytes is {has.query_cutoff_gigabytes}, but a query must read; give 1 or more"
        )
    if has.monthly_budget_dollars < 1:
        found.append(
            f"{PROJECT}:monthlyBudgetDollars is {has.monthly_budget_dollars}, but a stack costs something; give 1 or "
            "more"
        )
    return found + _keys_in_clear(has)


def _keys_in_clear(has: Settings) -> list[str]:
    return [
        f"{PROJECT}:apiUrls has {source}: {url}, but {PROJECT}:{source}ApiKey would travel in clear; use https"
        for source, url in has.api_urls.items()
        if urlsplit(url).scheme == "http" and urlsplit(url).hostname not in LOCAL
    ]
