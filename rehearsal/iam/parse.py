"""A policy's text, read and checked as IAM does when it is put: what IAM refuses is refused here, by name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rehearsal.iam import elements
from rehearsal.iam.document import Document, Kind, Malformed, Statement
from rehearsal.iam.elements import refuse
from rehearsal.iam.reading import NoJson, read_json, short

WITH_VARIABLES = "2012-10-17"
VERSIONS = ("2008-10-17", WITH_VARIABLES)  # the first is meant where a policy names none
OF_RESOURCES = ("resource", "trust")
_POLICY = frozenset({"Version", "Id", "Statement"})
_STATEMENT = frozenset({
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
})  # fmt: skip
_SID = re.compile(r"[A-Za-z0-9]*", re.ASCII)


def parse(document: object, kind: Kind = "identity") -> Document:
    """A policy from its text, or from what its text says as JSON. Raises Malformed with one line."""
    read = _parsed(document if isinstance(document, str) else _text(document), kind)
    if isinstance(read, str):
        raise Malformed(read)
    return read


def _text(document: object) -> str:
    if not isinstance(document, Mapping):
        refuse("policy", document, "an object, or its text")
    try:
        return json.dumps(dict(document))
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed(f"policy cannot be written as JSON: {error}") from error


@lru_cache(maxsize=8192)
def _parsed(text: str, kind: Kind) -> Document | str:
    """The policy, or what is wrong with it."""
    try:
        return _document(read_json(text), kind)
    except NoJson as error:
        return f"policy is {short(text)}, expected {error}"
    except Malformed as error:
        return str(error)


def _document(policy: Any, kind: Kind) -> Document:
    if not isinstance(policy, dict):
        refuse("policy", policy, 'an object with "Version" and "Statement"')
    for unknown in sorted(policy.keys() - _POLICY):
        refuse("policy", {unknown: policy[unknown]}, "Version, Id and Statement only")
    version = policy.get("Version", VERSIONS[0])
    if version not in VERSIONS:
        refuse("Version", version, f'"{WITH_VARIABLES}" or "{VERSIONS[0]}"')
    if not isinstance(policy.get("Id", ""), str):
        refuse("Id", policy["Id"], "a text")
    given = policy.get("Statement")
    given = given if isinstance(given, list) else [given]
    if not given or not all(isinstance(each, dict) for each in given):
        refuse("Statement", policy.get("Statement"), "a statement, or a list of at least one")
    statements = tuple(_statement(f"Statement[{at}]", each, kind, version) for at, each in enumerate(given))
    _check_sids(statements)
    return Document(kind, version, statements)


def _statement(place: str, given: dict[str, Any], kind: Kind, version: str) -> Statement:
    for unknown in sorted(given.keys() - _STATEMENT):
        refuse(place, {unknown: given[unknown]}, "the elements of a statement, such as Effect, Action and Resource")
    effect, sid, has_variables = given.get("Effect"), given.get("Sid", ""), version == WITH_VARIABLES
    if effect not in ("Allow", "Deny"):
        refuse(f"{place}.Effect", effect, '"Allow" or "Deny"')
    if not isinstance(sid, str) or (kind != "resource" and not _SID.fullmatch(sid)):
        refuse(f"{place}.Sid", sid, "letters and digits only" if kind != "resource" else "a text")
    action, resource = (
        _one_of(place, given, "Action", True),
        _one_of(place, given, "Resource", kind not in OF_RESOURCES),
    )
    principal = _one_of(place, given, "Principal", kind in OF_RESOURCES)
    _check_kind(place, given, kind)
    return Statement(
        effect=effect,
        actions=elements.actions(f"{place}.{action}", given[action]),
        resources=elements.resources(f"{place}.{resource}", given[resource], has_variables) if resource else None,
        conditions=elements.conditions(f"{place}.Condition", given.get("Condition", {}), has_variables),
        principals=elements.principals(f"{place}.{principal}", given[principal]) if principal else None,
        sid=sid,
    )


def _one_of(place: str, given: dict[str, Any], name: str, is_required: bool) -> str:
    """Which of ``Action`` and ``NotAction``, and so on, is there; empty where neither is, and need not be."""
    found = [each for each in (name, f"Not{name}") if each in given]
    if len(found) > 1 or (is_required and not found):
        refuse(place, found, f"either {name} or Not{name}")
    return found[0] if found else ""


def _check_kind(place: str, given: dict[str, Any], kind: Kind) -> None:
    """What only some kinds of policies may say."""
    for name in ("Principal", "NotPrincipal"):
        if name in given and kind not in OF_RESOURCES:
            refuse(f"{place}.{name}", given[name], f"no principal in {_A_KIND[kind]}")
    if "NotPrincipal" in given and (given["Effect"] == "Allow" or kind == "trust"):
        refuse(f"{place}.NotPrincipal", given["NotPrincipal"], "NotPrincipal with Deny only, and in no trust policy")
    if kind != "trust":
        return
    for name in ("Resource", "NotResource"):
        if name in given:
            refuse(f"{place}.{name}", given[name], "no resource in a trust policy: it is about its role")
    for name in ("Action", "NotAction"):
        for action in elements.texts(f"{place}.{name}", given[name]) if name in given else ():
            if not action.lower().startswith("sts:"):
                refuse(f"{place}.{name}", action, "actions of sts in a trust policy")


def _check_sids(statements: tuple[Statement, ...]) -> None:
    sids = [statement.sid for statement in statements if statement.sid]
    for sid in sids:
        if sids.count(sid) > 1:
            refuse("Sid", sid, "each Sid once in a policy")


_A_KIND: dict[str, str] = {
    "identity": "an identity-based policy",
    "boundary": "a permissions boundary",
    "session": "a session policy",
    "scp": "a service control policy",
}
