"""The policies that a call puts: one that is malformed is refused in the words of its service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rehearsal.asked import Asked
from rehearsal.iam import Document, Malformed, parse, resource_matches
from rehearsal.needs.reference import service_exists

Kind = Literal["identity", "resource", "trust", "session"]


@dataclass(frozen=True)
class Put:
    """Where a call carries a policy, of which kind it is, and the code of the service for one that is malformed."""

    field: str
    kind: Kind
    code: str


@dataclass(frozen=True)
class Refusal:
    """Why a call is not carried out, as its service puts it."""

    code: str
    message: str


def document_refusal(asked: Asked) -> Refusal | None:
    """The first policy of a call that is malformed, by its resource, its field and the value in it."""
    for put in PUT.get((asked.service, asked.operation), ()):
        for text in _texts(asked, put.field):
            try:
                _check(parse(text, put.kind), asked)
            except Malformed as malformed:
                return Refusal(put.code, f"{asked.resource or asked.service}, {put.field}: {malformed}")
    return None


def _check(document: Document, asked: Asked) -> None:
    """What can be told of a well-formed policy from where it is put. Raises Malformed."""
    for at, statement in enumerate(document.statements):
        for action in statement.actions.texts:
            service = action.partition(":")[0]
            if service != "*" and not service_exists(service):
                raise Malformed(f"Statement[{at}] has the action {action!r}, expected a service that AWS has")
        if asked.operation == "PutBucketPolicy" and statement.resources:
            _check_bucket(f"arn:aws:s3:::{asked.parameters.get('Bucket', '')}", at, statement.resources.texts)


def _check_bucket(bucket: str, at: int, resources: tuple[str, ...]) -> None:
    """The policy of a bucket can only be about the bucket and what is in it."""
    for resource in resources:
        if not resource_matches(resource.partition("/")[0], bucket):
            raise Malformed(f"Policy has invalid resource: Statement[{at}] has {resource!r}, expected {bucket}")


def _texts(asked: Asked, field: str) -> Iterator[str]:
    """The policy in a field, where there is one: an empty text takes a policy away."""
    found = _bucket_policy(asked) if asked.service == "s3" else _member(asked.parameters, field)
    if found:
        yield found


def _bucket_policy(asked: Asked) -> str:
    return asked.body.decode(errors="replace")


def _member(parameters: Mapping[str, Any], field: str) -> str:
    """A member by its name; one of Attributes in a map, in numbered pairs, or as the one that is set."""
    outer, _, name = field.partition(".")
    if not name:
        return str(parameters.get(field) or "")
    attributes = parameters.get(outer)
    if isinstance(attributes, dict):
        return str(attributes.get(name) or "")
    if parameters.get("AttributeName") == name:
        return str(parameters.get("AttributeValue") or "")
    numbered = [key for key, value in parameters.items() if key.startswith(f"{outer}.") and value == name]
    return next((_beside(parameters, key) for key in numbered if key.endswith((".key", ".Name"))), "")


def _beside(parameters: Mapping[str, Any], key: str) -> str:
    stem = key.rsplit(".", 1)[0]
    return str(parameters.get(f"{stem}.value") or parameters.get(f"{stem}.Value") or "")


_MALFORMED = "MalformedPolicyDocument"
_IDENTITY = (Put("PolicyDocument", "identity", _MALFORMED),)
_ON_QUEUE = (Put("Attributes.Policy", "resource", "InvalidAttributeValue"),)
_ON_TOPIC = (Put("Attributes.Policy", "resource", "InvalidParameter"),)
_ON_KEY = (Put("Policy", "resource", "MalformedPolicyDocumentException"),)

PUT: Mapping[tuple[str, str], tuple[Put, ...]] = {
    ("iam", "PutRolePolicy"): _IDENTITY,
    ("iam", "PutUserPolicy"): _IDENTITY,
    ("iam", "PutGroupPolicy"): _IDENTITY,
    ("iam", "CreatePolicy"): _IDENTITY,
    ("iam", "CreatePolicyVersion"): _IDENTITY,
    ("iam", "CreateRole"): (Put("AssumeRolePolicyDocument", "trust", _MALFORMED),),
    ("iam", "UpdateAssumeRolePolicy"): (Put("PolicyDocument", "trust", _MALFORMED),),
    ("sts", "AssumeRole"): (Put("Policy", "session", _MALFORMED),),
    ("s3", "PutBucketPolicy"): (Put("Policy", "resource", "MalformedPolicy"),),
    ("sqs", "CreateQueue"): _ON_QUEUE,
    ("sqs", "SetQueueAttributes"): _ON_QUEUE,
    ("sns", "CreateTopic"): _ON_TOPIC,
    ("sns", "SetTopicAttributes"): _ON_TOPIC,
    ("kms", "CreateKey"): _ON_KEY,
    ("kms", "PutKeyPolicy"): _ON_KEY,
    ("secretsmanager", "PutResourcePolicy"): (Put("ResourcePolicy", "resource", "MalformedPolicyDocumentException"),),
    ("dynamodb", "PutResourcePolicy"): (Put("Policy", "resource", "ValidationException"),),
    ("glue", "PutResourcePolicy"): (Put("PolicyInJson", "resource", "InvalidInputException"),),
    ("events", "PutPermission"): (Put("Policy", "resource", "ValidationException"),),
    ("logs", "PutResourcePolicy"): (Put("policyDocument", "resource", "InvalidParameterException"),),
}
