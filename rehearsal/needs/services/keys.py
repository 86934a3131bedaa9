"""KMS: a key goes by its id, its ARN or an alias, and an encrypted text knows its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

ALIASES = ("CreateAlias", "DeleteAlias", "UpdateAlias")
_ID = re.compile(rb"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")
# Members that are condition keys under their own names.
_SHOWN = ("EncryptionAlgorithm", "GrantConstraintType", "GranteePrincipal", "KeyOrigin", "KeySpec", "KeyUsage",
          "MacAlgorithm", "MessageType", "RetiringPrincipal", "SigningAlgorithm", "WrappingAlgorithm")  # fmt: skip


def rule(ask: Ask) -> list[Need]:
    action = action_of(ask, SERVICE)
    if not action.resource_types:
        return generally(ask, SERVICE)
    return [ask.need(action.name, _key(ask, _given(ask)), context(ask, ask.one("KeyId")))]


def alias(ask: Ask) -> list[Need]:
    """On the alias, the key that it stands for, and the one that it will stand for."""
    name, action = ask.needed("AliasName"), f"kms:{ask.operation}"
    keys = [name] if ask.operation in ("DeleteAlias", "UpdateAlias") else []
    keys += ask.every("TargetKeyId")
    resources = dict.fromkeys((ask.arn(name), *(_key(ask, key) for key in keys)))
    return [ask.need(action, resource, context(ask)) for resource in resources]


def re_encrypt(ask: Ask) -> list[Need]:
    source, target = _key(ask, ask.one("SourceKeyId") or _of_text(ask)), _key(ask, ask.needed("DestinationKeyId"))
    return [
        ask.need("kms:ReEncryptFrom", source, _with_encryption(ask, "SourceEncryptionContext")),
        ask.need("kms:ReEncryptTo", target, _with_encryption(ask, "DestinationEncryptionContext")),
    ]


def context(ask: Ask, key: str | None = None) -> Context:
    found: dict[str, str | Sequence[str]] = {**_with_encryption(ask, "EncryptionContext")}
    found.update({f"kms:{name}": value for name in _SHOWN if (value := ask.one(name))})
    if operations := ask.every("Operations"):
        found["kms:GrantOperations"] = operations
    if days := ask.one("PendingWindowInDays"):
        found["kms:ScheduleKeyDeletionPendingWindowInDays"] = days
    if key and "alias/" in key:
        found["kms:RequestAlias"] = key[key.index("alias/") :]
    return found


def _with_encryption(ask: Ask, member: str) -> dict[str, str | Sequence[str]]:
    found: dict[str, str | Sequence[str]] = {"kms:CallerAccount": ask.facts.account_id}
    given = ask.members.get(member)
    if isinstance(given, dict) and given:
        found["kms:EncryptionContextKeys"] = [str(name) for name in given]
        found.update({f"kms:EncryptionContext:{name}": str(value) for name, value in given.items()})
    return found


def _given(ask: Ask) -> str:
    return ask.one("KeyId") or _of_text(ask)


def _of_text(ask: Ask) -> str:
    """The id of the key under which a text was encrypted stands at its beginning."""
    try:
        found = _ID.match(base64.b64decode(ask.needed("CiphertextBlob")))
    except ValueError:
        found = None
    if not found:
        raise ask.refusal("does not tell its key")
    return found[0].decode()


def _key(ask: Ask, given: str) -> str:
    """What does not exist goes by what it was called."""
    if found := ask.facts.key_arn(given):
        return found
    return given if given.startswith("arn:") else ask.arn(given if given.startswith("alias/") else f"key/{given}")


SERVICE = Service(
    model="kms", rule=rule, rules={**dict.fromkeys(ALIASES, alias), "ReEncrypt": re_encrypt}, context=context
)
