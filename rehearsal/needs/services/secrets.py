"""Secrets Manager: the ARN of a secret ends in six characters that AWS makes up, whatever name a call uses."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.keys import READ, WRITE_AND_READ, behind
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

NOT_MADE_YET = "-??????"  # as policies write the six characters
_WRITES = ("PutSecretValue", "UpdateSecret")
# Members that are condition keys under their own names.
_SHOWN = ("Name", "Description", "KmsKeyId", "VersionId", "VersionStage", "RecoveryWindowInDays", "RotationLambdaARN")


def rule(ask: Ask) -> list[Need]:
    if ask.operation == "CreateSecret":
        arn = ask.arn(f"secret:{ask.needed('Name')}{NOT_MADE_YET}")
        return [ask.need("secretsmanager:CreateSecret", arn, context(ask))]
    if ask.operation == "BatchGetSecretValue" and ask.every("SecretIdList"):
        each = [ask.need("secretsmanager:GetSecretValue", _arn(ask, name)) for name in ask.every("SecretIdList")]
        return [ask.need("secretsmanager:BatchGetSecretValue", "*"), *each]
    action = action_of(ask, SERVICE)
    if not action.resource_types:
        return generally(ask, SERVICE)
    return [ask.need(action.name, _arn(ask, ask.needed("SecretId")), context(ask))]


def secret_key(ask: Ask) -> Iterable[Need]:
    """To read a secret is to decrypt, to write one is to encrypt, where it has a customer's key."""
    if ask.operation == "BatchGetSecretValue":
        return [need for name in ask.every("SecretIdList") for need in _of_key(ask, name, READ)]
    if ask.operation == "GetSecretValue":
        return _of_key(ask, ask.needed("SecretId"), READ)
    if ask.operation in _WRITES and ask.one("SecretString|SecretBinary"):
        return _of_key(ask, ask.needed("SecretId"), WRITE_AND_READ)
    return []


def context(ask: Ask) -> Context:
    found = {f"secretsmanager:{name}": value for name in _SHOWN if (value := ask.one(name))}
    if given := ask.one("SecretId"):
        found["secretsmanager:SecretId"] = _arn(ask, given)
    for flag in ("BlockPublicPolicy", "ForceDeleteWithoutRecovery"):
        if value := ask.one(flag):
            found[f"secretsmanager:{flag}"] = value.lower()
    return found


def _arn(ask: Ask, given: str) -> str:
    """A secret that does not exist goes by what it was called."""
    return ask.facts.secret_arn(given) or given


def _of_key(ask: Ask, given: str, actions: tuple[str, ...]) -> list[Need]:
    return behind(ask, "secretsmanager", ask.facts.secret_key(given), actions, {"SecretARN": _arn(ask, given)})


SERVICE = Service(model="secretsmanager", rule=rule, more=(secret_key,))
