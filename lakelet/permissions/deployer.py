"""The smallest policy with which the program can be deployed and destroyed: from what was asked for it at home.

Pulumi's real provider reads more than the rehearsal does before it changes anything. The policy says what is needed to
make and to take away; what the provider reads besides is a matter of trying.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from infra.naming import Names
from rehearsal.proof.held import Statement
from rehearsal.proof.record import Recorded
from rehearsal.proof.smallest import smallest

KEYS = ("iam:passedtoservice", "lambda:functionarn")

_ACCOUNT = re.compile(r"^(arn:[^:]+:[^:]+:)([^:]*):(\d{12}):")


def deployer_policy(record: Iterable[Recorded], names: Names) -> list[Statement]:
    """For any stack of this name: what is named after the stack, in whatever region and account it is deployed."""
    return [_anywhere(statement) for statement in smallest(record, stems=[names.of("")], keys=KEYS)]


def as_document(statements: Iterable[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2) + "\n"


def _anywhere(statement: Statement) -> Statement:
    conditions = {
        operator: {key: _unplaced(values) for key, values in keys.items()}
        for operator, keys in statement.get("Condition", {}).items()
    }
    found = {**statement, "Resource": _unplaced(statement["Resource"])}
    return found | ({"Condition": conditions} if conditions else {})


def _unplaced(arns: Iterable[str]) -> list[str]:
    """ARNs without where they are. What is no ARN stays as it is."""
    return sorted({_ACCOUNT.sub(lambda found: f"{found[1]}{'*' if found[2] else ''}:*:", arn) for arn in arns})
