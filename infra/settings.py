"""The settings of a stack, read once. A missing or contradictory one stops the program, with both values named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from infra.chosen import api_urls, configured_sources
from infra.contradictions import GLUE_VERSIONS, LEAST_WORKERS, contradictions
from infra.errors import SettingsError
from infra.naming import PROJECT
from infra.told import emails, quicksight_owner
from infra.values import Values
from sources.model import ClientCredentials, Source

DATA = ("raw", "curated")  # the buckets that hold data; what is in the artifacts bucket can be built again
WORKER_TYPES = ("G.1X", "G.2X", "G.4X", "G.8X")


@dataclass(frozen=True)
class Settings:
    """What a stack decides. Where a field has a default, a stack need not say anything."""

    stack: str  # its name, a part of all names
    sources: tuple[Source, ...]  # those that it has, as its options configure them
    protect_data: bool = True  # whether `pulumi destroy` refuses to take data
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what it chose about a source, by source
    api_urls: Mapping[str, str] = field(default_factory=dict)  # where a source is read, if not as declared
    expendable: frozenset[str] = frozenset()  # buckets that `pulumi destroy` takes with what is in them, if unprotected
    glue_version: str = "6.0"  # or 5.1
    worker_type: str = "G.1X"  # has 4 processors and 16 GB
    workers: int = LEAST_WORKERS  # no fewer
    log_retention_days: int = 30  # how long logs are kept
    raw_expire_days: int | None = None  # None: raw pages are kept
    keep_snapshots_days: int = 30  # older states of tables go with the weekly upkeep
    query_cutoff_gigabytes: int = 10  # a query that would read more is stopped
    alarm_emails: tuple[str, ...] = ()  # who is told of alarms and of the budget
    monthly_budget_dollars: int = 20  # told at 80 % spent and at 100 % forecast
    quicksight_owner: str | None = None  # the ARN of who gets the dashboards in QuickSight; None: there are none

    def url_of(self, source: Source) -> str:
        """Where the source is read."""
        return self.api_urls.get(source.name, source.api.url)


def load() -> Settings:
    """The settings of the stack that is being deployed."""
    return read(pulumi.get_stack(), pulumi.Config(PROJECT).get)


def api_key(source: Source) -> pulumi.Output[str]:
    """The key of a source's API, a secret to Pulumi from here on."""
    name = f"{PROJECT}:{source.name}ApiKey"
    key = pulumi.Config(PROJECT).get_secret(f"{source.name}ApiKey")
    if key is None:
        form = ", as ID:SECRET" if isinstance(source.api.auth, ClientCredentials) else ""
        raise SettingsError(
            f"{name} is missing, and source {source.name!r} needs it{form}: pulumi config set --secret {name}"
        )
    return key


def read(stack: str, get: Callable[[str], str | None]) -> Settings:
    """Settings from the texts that ``get`` finds under their names; None where nothing is set."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", stack):
        raise SettingsError(f"stack {stack!r} cannot be part of a bucket name; use 1-20 of a-z, 0-9, -, a letter first")
    values = Values(get)
    sources, options = configured_sources(values)
    settings = Settings(
        stack=stack,
        protect_data=values.claim("protectData"),
        sources=sources,
        options=options,
        api_urls=api_urls(values, sources),
        expendable=frozenset(values.names("expendable", (), DATA)),
        glue_version=values.choice("glueVersion", Settings.glue_version, GLUE_VERSIONS),
        worker_type=values.choice("workerType", Settings.worker_type, WORKER_TYPES),
        workers=values.whole("workers", Settings.workers),
        log_retention_days=values.whole("logRetentionDays", Settings.log_retention_days),
        raw_expire_days=values.whole("rawExpireDays", None),
        keep_snapshots_days=values.whole("keepSnapshotsDays", Settings.keep_snapshots_days),
        query_cutoff_gigabytes=values.whole("queryCutoffGigabytes", Settings.query_cutoff_gigabytes),
        alarm_emails=emails(get("alarmEmail")),
        monthly_budget_dollars=values.whole("monthlyBudgetDollars", Settings.monthly_budget_dollars),
        quicksight_owner=quicksight_owner(get("quicksightOwner")),
    )
    for contradiction in contradictions(settings):
        raise SettingsError(contradiction)
    return settings
