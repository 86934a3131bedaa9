"""The start function: messages about new manifests in, one job run for each source out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from lambdas.conduct.jobs import Outcome, Starter, by_source
from lambdas.conduct.notices import Notice, read_notices
from lambdas.conduct.settings import StartSettings
from lambdas.ledger import Ledger
from lambdas.logs import Log
from sources.layout import RunName

COME_BACK = (Outcome.BUSY, Outcome.BROKEN)


def start(notices: Sequence[Notice], starter: Starter, log: Log) -> dict[str, Any]:
    """Start what the messages announce, and name those that SQS is to bring again."""
    for notice in notices:
        for what in notice.dropped:
            log.warning("dropped", message_id=notice.message_id, what=what)
    names = {name for notice in notices for name in notice.runs}
    again: set[RunName] = set()
    for source, runs in by_source(sorted(names)).items():
        again |= _not_done(source, runs, starter, log)
    given_back = [notice.message_id for notice in notices if again.intersection(notice.runs)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in given_back]}


def _not_done(source: str, runs: Sequence[RunName], starter: Starter, log: Log) -> set[RunName]:
    """The runs of one source whose messages must come again. Trouble with one source is none for the others."""
    try:
        outcomes = starter.start(source, runs)
    except Exception as trouble:
        log.error("start failed", trouble, source=source)
        return set(runs)
    return {name for name, outcome in outcomes.items() if outcome in COME_BACK}


def glue_client() -> Any:
    """Glue, asked once: a start that is tried again behind our back could start a job twice."""
    return boto3.client("glue", config=Config(retries={"total_max_attempts": 1}))


@cache
def _clients() -> tuple[Any, Any]:
    return boto3.client("dynamodb"), glue_client()


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    settings, log = StartSettings.from_environment(os.environ), Log.of_stack(os.environ)
    dynamodb, glue = _clients()
    starter = Starter(Ledger(dynamodb, settings.runs_table), glue, settings.job_prefix, log)
    return start(read_notices(event, settings.raw_bucket), starter, log)
