"""``iam.get_policy_document``: statements in Pulumi's words, as the JSON that IAM reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def document_json(arguments: Mapping[str, Any]) -> str:
    """Source documents first, then the statements; a later Sid replaces an earlier one; overrides come last."""
    sources = [*(arguments.get("sourcePolicyDocuments") or []), _one(arguments.get("sourceJson"))]
    overrides = [*(arguments.get("overridePolicyDocuments") or []), _one(arguments.get("overrideJson"))]
    statements = [statement for text in sources for statement in _parsed(text)]
    statements += [_statement(statement) for statement in arguments.get("statements") or []]
    for override in (statement for text in overrides for statement in _parsed(text)):
        sid = override.get("Sid")
        statements = [kept for kept in statements if not sid or kept.get("Sid") != sid] + [override]
    document = {"Version": arguments.get("version") or "2012-10-17", "Statement": statements}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    return json.dumps(document)


def _one(text: str | None) -> str:
    return text or ""


def _parsed(text: str) -> list[dict[str, Any]]:
    statements = json.loads(text).get("Statement", []) if text else []
    return statements if isinstance(statements, list) else [statements]


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    statement["Effect"] = given.get("effect") or "Allow"
    for name in ("actions", "notActions", "resources", "notResources"):
        if given.get(name):
            statement[name[0].upper() + name[1:-1]] = _single_or_list(given[name])
    for name in ("principals", "notPrincipals"):
        if given.get(name):
            statement[name[0].upper() + name[1:-1]] = _principals(given[name])
    if given.get("conditions"):
        statement["Condition"] = _conditions(given["conditions"])
    return statement


def _principals(given: list[Mapping[str, Any]]) -> Any:
    if any(principal["type"] == "*" for principal in given):
        return "*"
    found: dict[str, list[str]] = {}
    for principal in given:
        found.setdefault(principal["type"], []).extend(principal["identifiers"])
    return {kind: _single_or_list(identifiers) for kind, identifiers in found.items()}


def _conditions(given: list[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, dict[str, list[str]]] = {}
    for condition in given:
        found.setdefault(condition["test"], {}).setdefault(condition["variable"], []).extend(condition["values"])
    return {test: {name: _single_or_list(values) for name, values in of.items()} for test, of in found.items()}


def _single_or_list(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values
