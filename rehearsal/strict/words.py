"""How each service words a refusal: the name of the error, its status, and what it says of many faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rehearsal.answers import Answer, error_answer
from rehearsal.asked import Asked
from rehearsal.strict.constraints import Violation

# The error for input that the model does not allow, where it is not the common one of the protocol.
CODES = {
    "athena": "InvalidRequestException",
    "ec2": "InvalidParameterValue",
    "logs": "InvalidParameterException",
    "quicksight": "InvalidParameterValueException",
    "rds": "InvalidParameterValue",
    "sqs": "InvalidParameterValue",
}
COMMON = {"query": "ValidationError", "ec2": "InvalidParameterValue", "xml": "InvalidArgument"}
MALFORMED = {"query": "MalformedInput", "ec2": "MalformedInput", "xml": "MalformedXML"}
REASONS = {400: "Bad Request", 404: "Not Found", 409: "Conflict", 413: "Request Entity Too Large"}
NOT_OUR_SCHEMA = "The XML you provided was not well-formed or did not validate against our published schema"


@dataclass(frozen=True)
class Refusal:
    """An error as the service names and words it."""

    code: str
    message: str
    status: int = 400

    def answer(self, asked: Asked) -> Answer:
        return error_answer(asked.protocol, self.status, REASONS[self.status], self.code, self.message)


def invalid(asked: Asked, violations: Sequence[Violation]) -> Refusal:
    """What breaks the constraints of the model."""
    if asked.protocol == "xml":
        return _invalid_xml(violations)
    code = CODES.get(asked.service) or _code(asked.protocol, asked.service)
    errors = "1 validation error" if len(violations) == 1 else f"{len(violations)} validation errors"
    return Refusal(code, f"{errors} detected: {'; '.join(map(str, violations))}")


def malformed(asked: Asked, message: str) -> Refusal:
    """What cannot be read at all."""
    if asked.protocol == "xml":
        return Refusal("MalformedXML", NOT_OUR_SCHEMA)
    return Refusal(MALFORMED.get(asked.protocol, "SerializationException"), message)


def _code(protocol: str, service: str) -> str:
    if service == "cloudwatch":  # whatever it is spoken to in
        return "ValidationError"
    return COMMON.get(protocol, "ValidationException")


def _invalid_xml(violations: Sequence[Violation]) -> Refusal:
    """S3 tells what is wrong with a header or a parameter, and of its body only that something is."""
    first = violations[0]
    if known := OF_S3.get(first.path):
        return known
    if "." in first.path:
        return Refusal("MalformedXML", NOT_OUR_SCHEMA)
    return Refusal("InvalidArgument", str(first))


# Members for which S3 has errors of their own.
OF_S3 = {
    "storageClass": Refusal("InvalidStorageClass", "The storage class you specified is not valid"),
    "createBucketConfiguration.locationConstraint": Refusal(
        "InvalidLocationConstraint", "The specified location-constraint is not valid"
    ),
}
