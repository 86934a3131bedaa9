"""What a dead letter says: which call it stands for, and how to make that call again. Pure: a message of SQS in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.conduct.notices import read_notices
from lambdas.errors import one_line
from sources.model import run_id

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"  # what Scheduler fills in before it calls


@dataclass(frozen=True)
class Letter:
    """``about`` is one line for people. A letter with ``why_not`` cannot be acted on, and says why.

    ``function`` is the name of what was to be called, with ``payload``; ``runs`` are those that it is about, if known.
    """

    about: str
    function: str = ""
    payload: str = ""
    why_not: str = ""
    runs: tuple[str, ...] = ()


def read_manifest_letter(message: Mapping[str, Any]) -> Letter:
    """A message of the manifests queue: an S3 notification."""
    (notice,) = read_notices({"Records": [{"messageId": message["MessageId"], "body": message.get("Body")}]})
    runs = tuple(str(name) for name in notice.runs)
    if not runs:
        return Letter(one_line("; ".join(notice.dropped) or "an S3 notification without records", 160))
    return Letter(f"the manifest of {', '.join(runs)}", runs=runs)


def read_letter(message: Mapping[str, Any]) -> Letter:
    """A call that was given up: by Lambda itself, by a schedule, or by a rule."""
    body, told = _json(message.get("Body")), _attributes(message)
    if isinstance(body, dict) and isinstance(body.get("requestContext"), dict) and "requestPayload" in body:
        return _destination(body)
    if "TARGET_ARN" in told and ("SCHEDULE_ARN" in told or "RULE_ARN" in told):
        return _undelivered(message["Body"], body, told)
    about = f"a message of another kind: {one_line(message.get('Body'), 80)}"
    return Letter(about, why_not="it is neither a call that failed nor one that could not be delivered")


def _destination(record: Mapping[str, Any]) -> Letter:
    """What Lambda tells of an asynchronous call that failed as often as it may."""
    context = record["requestContext"]
    said = record.get("responsePayload")
    error = said.get("errorMessage") if isinstance(said, dict) else None
    return _call(context.get("functionArn"), record["requestPayload"], error or context.get("condition") or "it failed")


def _undelivered(text: str, body: Any, told: Mapping[str, str]) -> Letter:
    """What a schedule or a rule could not deliver."""
    if told.get("IS_PAYLOAD_TRUNCATED", "").lower() == "true" or body is None:
        return Letter(f"an event for {told['TARGET_ARN']}", why_not="its payload was cut off on the way, or is no JSON")
    if SCHEDULED_TIME in text:
        if "SCHEDULED_TIME" not in told:
            return Letter(f"an event for {told['TARGET_ARN']}", why_not="it does not say for which time it was")
        body = json.loads(text.replace(SCHEDULED_TIME, told["SCHEDULED_TIME"]))
    return _call(told["TARGET_ARN"], body, told.get("ERROR_MESSAGE") or told.get("ERROR_CODE") or "not delivered")


def _call(arn: Any, payload: Any, why: str) -> Letter:
    parts = str(arn).split(":")  # arn:aws:lambda:REGION:ACCOUNT:function:NAME, and perhaps :QUALIFIER
    if len(parts) < 7 or parts[2] != "lambda" or parts[5] != "function":
        is_upkeep = str(arn).endswith(":aws-sdk:glue:startJobRun")
        why_not = "run it now: lakelet upkeep" if is_upkeep else "it was not for a function"
        return Letter(f"a call of {arn}: {one_line(why, 160)}", why_not=why_not)
    run = _run(payload)
    about = f"call of {parts[6]}{_subject(payload, run)}: {one_line(why, 160)}"
    return Letter(about, parts[6], json.dumps(payload), runs=(run,) if run else ())


def _run(payload: Any) -> str:
    """The run that an order for the extract function means, or nothing."""
    try:
        return f"{payload['source']}/{payload['stream']}/{run_id(payload['scheduled_at'])}"
    except (KeyError, TypeError, ValueError):
        return ""


def _subject(payload: Any, run: str) -> str:
    detail = payload.get("detail") if isinstance(payload, dict) else None
    if isinstance(detail, dict) and "jobRunId" in detail:
        return f" about job run {detail['jobRunId']} of {detail.get('jobName')}"
    return f" for {run}" if run else ""


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None


def _attributes(message: Mapping[str, Any]) -> dict[str, str]:
    told = message.get("MessageAttributes") or {}
    return {name: value["StringValue"] for name, value in told.items() if "StringValue" in value}
