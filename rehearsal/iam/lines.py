"""Questions to IAM as lines of JSON, and its decisions as lines of JSON: ``python -m rehearsal decide``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rehearsal.iam.decide import decide
from rehearsal.iam.reading import NoJson, read_json, short
from rehearsal.iam.request import Judgement, Policies, Request

FIELDS = (
    "id", "principal_arn", "account", "identity_policies", "resource_policy", "boundary", "session_policy", "scps",
    "action", "resource", "context",
)  # fmt: skip


def answers(lines: Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    """For each line that is not blank the answer, and whether it could be decided."""
    for line in lines:
        if line.strip():
            asked, judgement = _answer(line)
            answer = {"id": asked, "decision": judgement.decision, "reason": judgement.reason}
            yield json.dumps(answer), judgement.decision != "Error"


def _answer(line: bytes) -> tuple[Any, Judgement]:
    """The id of a question, as far as it has one, and the judgement."""
    try:
        asked = read_json(line.decode("utf-8-sig"))
    except (NoJson, UnicodeDecodeError) as error:
        return None, Judgement("Error", f"the line is {short(line.decode(errors='replace').strip())}, expected {error}")
    if not isinstance(asked, dict):
        return None, Judgement("Error", f"the line is {short(asked)}, expected an object")
    if unknown := [field for field in asked if field not in FIELDS]:
        reason = f"the field {short(unknown[0])} is not known, expected {', '.join(FIELDS)}"
        return asked.get("id"), Judgement("Error", reason)
    return asked.get("id"), decide(_request(asked), _policies(asked))


def _request(asked: Mapping[str, Any]) -> Request:
    """What is missing is nothing; a resource that is missing is "*"."""
    given = {name: value for name, value in asked.items() if value is not None}
    return Request(
        principal=given.get("principal_arn", ""),
        action=given.get("action", ""),
        resource=given.get("resource", "*"),
        account=given.get("account", ""),
        context=given.get("context", {}),
    )


def _policies(asked: Mapping[str, Any]) -> Policies:
    return Policies(
        identity=asked.get("identity_policies", ()),
        resource=asked.get("resource_policy"),
        boundary=asked.get("boundary"),
        session=asked.get("session_policy"),
        scps=asked.get("scps"),
    )
