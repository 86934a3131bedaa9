"""JSON documents such as policies: a program may give text, or the document itself."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.deploy.registry import InputRefusedError


def json_text(document: Any) -> str:
    """The document as JSON text; text that is no JSON is refused as AWS would."""
    if not isinstance(document, str):
        return json.dumps(document)
    try:
        json.loads(document)
    except ValueError as error:
        raise InputRefusedError(f"a policy is not JSON ({error}): {document[:60]}") from error
    return document
