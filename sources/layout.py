"""Where things are: the keys of objects in the buckets. Every key is a pure function of what it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

MANIFESTS = "manifests/"
RAW = "raw/"
RESULTS = "results/"
SCRIPTS = "jobs/"
WAREHOUSE = "warehouse/"
ANSWERS = "athena/"
UPKEEP = "upkeep"  # the job that looks after all tables; where others name their source
LEDGER = "ledger/"  # a copy of each run in the ledger, for Athena


@dataclass(frozen=True, order=True)
class RunName:
    """One run of one stream. ``str()`` gives ``olympics/athletes/20261121T050000Z``."""

    source: str
    stream: str
    run: str

    def __str__(self) -> str:
        return f"{self.source}/{self.stream}/{self.run}"

    @classmethod
    def parse(cls, text: str) -> RunName:
        parts = text.split("/")
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{text!r} does not name a run; a run is SOURCE/STREAM/RUN")
        return cls(*parts)


def page_key(name: RunName, page: int) -> str:
    return f"{RAW}{name.source}/{name.stream}/run={name.run}/page={page:05d}.json.gz"


def manifest_prefix(source: str, stream: str) -> str:
    return f"{MANIFESTS}{source}/{stream}/"


def manifest_key(name: RunName) -> str:
    return f"{manifest_prefix(name.source, name.stream)}run={name.run}.json"


def ledger_key(name: RunName) -> str:
    return f"{LEDGER}{name.source}/{name.stream}/run={name.run}.json"


def result_key(source: str, batch: str) -> str:
    return f"{RESULTS}{source}/batch={batch}.json"


_PAGE = re.compile(r"raw/(?P<source>[^/]+)/(?P<stream>[^/]+)/run=(?P<run>\d{8}T\d{6}Z)/page=(?P<page>\d{5,})\.json\.gz")
_MANIFEST = re.compile(r"manifests/(?P<source>[^/]+)/(?P<stream>[^/]+)/run=(?P<run>\d{8}T\d{6}Z)\.json")


def parse_page_key(key: str) -> tuple[RunName, int] | None:
    """The run and page that a key stands for, or None where the key is not a page's."""
    found = _PAGE.fullmatch(key)
    return (RunName(found["source"], found["stream"], found["run"]), int(found["page"])) if found else None


def parse_manifest_key(key: str) -> RunName | None:
    """The run whose manifest a key stands for, or None where the key is not a manifest's."""
    found = _MANIFEST.fullmatch(key)
    return RunName(found["source"], found["stream"], found["run"]) if found else None
