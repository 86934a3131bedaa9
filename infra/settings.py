"""The settings of a stack, read once. A missing or contradictory one stops the program, with both values named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pulumi

from infra.errors import SettingsError
from infra.naming import PROJECT
from infra.values import Values
from sources import SOURCES
from sources.model import Source

DATA = ("raw", "curated")  # the buckets that hold data; what is in the artifacts bucket can be built again
KEEPERS = ("prod",)  # stacks that hold what nobody can fetch again
GLUE_VERSIONS = ("5.1", "6.0")
WORKER_TYPES = ("G.1X", "G.2X", "G.4X", "G.8X")
RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
LEAST_WORKERS = 2  # Glue takes no fewer for a Spark job
MOST_EMAILS = 10
QUICKSIGHT_OWNER = re.compile(r"arn:aws[a-z-]*:quicksight:[a-z0-9-]+:(?P<account>\d{12}):(user|group)/[^/\s]+/\S+")
LEAST_RAW_DAYS = 7  # a failed run is read again from its pages
LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """What a stack decides.

    ``api_urls`` says where each source is read. ``expendable`` are the buckets that `pulumi destroy` may take with
    what is in them, where ``protect_data`` is off.
    """

    stack: str
    protect_data: bool
    sources: tuple[Source, ...]
    api_urls: Mapping[str, str]
    expendable: frozenset[str]
    glue_version: str
    worker_type: str
    workers: int
    log_retention_days: int
    raw_expire_days: int | None
    query_cutoff_gigabytes: int
    alarm_emails: tuple[str, ...]
    monthly_budget_dollars: int
    quicksight_owner: str | None


def load() -> Settings:
    """The settings of the stack that is being deployed."""
    return read(pulumi.get_stack(), pulumi.Config(PROJECT).get)


def api_key(source: str) -> pulumi.Output[str]:
    """The key of a source's API, a secret to Pulumi from here on."""
    name = f"{PROJECT}:{source}ApiKey"
    key = pulumi.Config(PROJECT).get_secret(f"{source}ApiKey")
    if key is None:
        raise SettingsError(f"{name} is missing, and source {source!r} needs it: pulumi config set --secret {name}")
    return key


def read(stack: str, get: Callable[[str], str | None]) -> Settings:
    """Settings from the texts that ``get`` finds under their names; None where nothing is set."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", stack):
        raise SettingsError(f"stack {stack!r} cannot be part of a bucket name; use 1-20 of a-z, 0-9, -, a letter first")
    values = Values(get)
    sources = tuple(SOURCES[name] for name in values.names("sources", SOURCES, SOURCES))
    settings = Settings(
        stack=stack,
        protect_data=values.claim("protectData"),
        sources=sources,
        api_urls=_api_urls(values, sources),
        expendable=frozenset(values.names("expendable", (), DATA)),
        glue_version=values.choice("glueVersion", "6.0", GLUE_VERSIONS),
        worker_type=values.choice("workerType", "G.1X", WORKER_TYPES),
        workers=values.whole("workers", LEAST_WORKERS) or 0,
        log_retention_days=values.whole("logRetentionDays", 30) or 0,
        raw_expire_days=values.whole("rawExpireDays", None),
        query_cutoff_gigabytes=values.whole("queryCutoffGigabytes", 10) or 0,
        alarm_emails=_emails(get("alarmEmail")),
        monthly_budget_dollars=values.whole("monthlyBudgetDollars", 20) or 0,
        quicksight_owner=_owner(get("quicksightOwner")),
    )
    for contradiction in contradictions(settings):
        raise SettingsError(contradiction)
    return settings


def contradictions(has: Settings) -> list[str]:
    """What cannot be so at once, a line each."""
    found = []
    if not has.sources:
        found.append(f"{PROJECT}:sources is [], and a lake needs one at least; there are: {', '.join(SOURCES)}")
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


def _owner(said: str | None) -> str | None:
    """The user or group of QuickSight that dashboards are made for; None where there are to be none."""
    if said and not QUICKSIGHT_OWNER.fullmatch(said):
        raise SettingsError(
            f"{PROJECT}:quicksightOwner is {said!r}, which is no user or group of QuickSight; give its ARN, such as "
            "arn:aws:quicksight:REGION:ACCOUNT:user/default/NAME, or leave it out to have no dashboards there"
        )
    return said or None


def _emails(said: str | None) -> tuple[str, ...]:
    """Mail addresses with commas between them; none where nothing is set."""
    emails = tuple(dict.fromkeys(part.strip() for part in (said or "").split(",") if part.strip()))
    for email in emails:
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email):
            raise SettingsError(f"{PROJECT}:alarmEmail has {email!r}, which is no mail address; give NAME@EXAMPLE.ORG")
    if len(emails) > MOST_EMAILS:
        raise SettingsError(
            f"{PROJECT}:alarmEmail has {len(emails)} addresses, but a budget tells {MOST_EMAILS} at most; give the "
            "address of a mailing list"
        )
    return emails


def _api_urls(values: Values, sources: tuple[Source, ...]) -> dict[str, str]:
    """Where each source is read: as it declares, or as the stack says."""
    urls = {source.name: source.api.url for source in sources}
    said = values.structure("apiUrls", {})
    if not isinstance(said, dict):
        raise SettingsError(f"{PROJECT}:apiUrls is {said!r}; it has a URL for each source, as in {{SOURCE: URL}}")
    for source, url in said.items():
        if source not in urls:
            raise SettingsError(
                f"{PROJECT}:apiUrls has {source!r}, but {PROJECT}:sources has only {', '.join(urls)}; change one"
            )
        if urlsplit(str(url)).scheme not in ("http", "https") or not urlsplit(str(url)).hostname:
            raise SettingsError(f"{PROJECT}:apiUrls has {source}: {url!r}; give a URL with http or https")
    return urls | said
