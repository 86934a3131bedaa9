"""KMS behind other services: what is encrypted with a customer's key needs that key too, in the caller's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need

READ = ("kms:Decrypt",)
WRITE = ("kms:GenerateDataKey",)
WRITE_AND_READ = (*WRITE, *READ)

# Where an operation names a key that its resource will use, and what it needs of the key at once.
CHOOSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "dynamodb:CreateTable": ("SSESpecification.KMSMasterKeyId", ("kms:DescribeKey", "kms:CreateGrant")),
    "dynamodb:UpdateTable": ("SSESpecification.KMSMasterKeyId", ("kms:DescribeKey", "kms:CreateGrant")),
    "lambda:CreateFunction": ("KMSKeyArn", ("kms:CreateGrant", "kms:Encrypt")),
    "lambda:UpdateFunctionConfiguration": ("KMSKeyArn", ("kms:CreateGrant", "kms:Encrypt")),
    "logs:AssociateKmsKey": ("kmsKeyId", ()),
    "logs:CreateLogGroup": ("kmsKeyId", ()),
    "secretsmanager:CreateSecret": ("KmsKeyId", WRITE_AND_READ),
    "secretsmanager:UpdateSecret": ("KmsKeyId", WRITE_AND_READ),
    "sqs:CreateQueue": ("Attributes.KmsMasterKeyId", ()),
    "sqs:SetQueueAttributes": ("Attributes.KmsMasterKeyId", ()),
}
_KEY_MEMBER = re.compile(r"(sse)?kms(master)?key(id|arn|identifier)?", re.IGNORECASE)
_AWS_OWN = "alias/aws/"


def behind(
    ask: Ask, service: str, key: str | None, actions: Sequence[str], encryption: Mapping[str, str] | None = None
) -> list[Need]:
    """What a call of ``service`` needs of a customer's key; nothing where there is none.

    ``encryption`` is the encryption context in which the service uses the key.
    """
    if not key:
        return []
    via = f"{service}.{ask.facts.region}.amazonaws.com"
    context: dict[str, str | Sequence[str]] = {"kms:ViaService": via, "kms:CallerAccount": ask.facts.account_id}
    for name, value in (encryption or {}).items():
        context[f"kms:EncryptionContext:{name}"] = value
        context["kms:EncryptionContextKeys"] = [name]
    return [ask.need(action, key, _looked_at(action, context), via) for action in actions]


def key_named(ask: Ask, given: str | None) -> str | None:
    """The ARN of a customer's key by any of its names; None for AWS's own keys and for no name at all."""
    if not given or _AWS_OWN in given:
        return None
    return ask.facts.key_arn(given) or _made(ask, given)


def chosen(ask: Ask) -> Iterable[Need]:
    """Raises NotMapped for a call that chooses a key where nobody has said what that needs."""
    known = CHOOSES.get(ask.name)
    if known is None:
        if ask.asked.service != "kms" and (key := next(keys_in(ask.members), None)):
            raise ask.refusal(f"names the key {key}, and nobody has said what it needs of that")
        return []
    path, actions = known
    return behind(ask, ask.asked.service, key_named(ask, ask.one(path)), actions)


def _made(ask: Ask, given: str) -> str:
    """The ARN of a key, or of a name, that does not exist."""
    if given.startswith("arn:"):
        return given
    return ask.arn(given if given.startswith("alias/") else f"key/{given}", "kms")


def _looked_at(action: str, context: Mapping[str, str | Sequence[str]]) -> dict[str, str | Sequence[str]]:
    """DescribeKey knows no encryption context."""
    drop = "kms:EncryptionContext" if action == "kms:DescribeKey" else " "
    return {name: value for name, value in context.items() if not name.startswith(drop)}


def keys_in(value: Any) -> Iterator[str]:
    """Customers' keys in members that are called after one."""
    if isinstance(value, list):
        for each in value:
            yield from keys_in(each)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if isinstance(each, str) and each and _KEY_MEMBER.fullmatch(str(name)):
                if _AWS_OWN not in each:
                    yield each
            elif name not in ("Environment", "Arguments", "DefaultArguments"):
                yield from keys_in(each)
