"""Scheduler's universal targets: the ARN names an operation of a service, the input holds its parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.loaders import Loader
from botocore.model import StructureShape
from botocore.utils import EVENT_ALIASES
from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

from rehearsal.errors import RehearsalError
from rehearsal.events.attributes import SAMPLE, fill
from rehearsal.events.spelling import InputRefused, in_arn, members
from rehearsal.runtime.spec import NotRehearsed

_ARN = re.compile(r"arn:[^:]+:scheduler:::aws-sdk:([^:]+):([^:]+)")

# The services that Scheduler calls by the ARN of a resource, each with the one operation that it knows for it.
TEMPLATED = frozenset({"codebuild", "codepipeline", "ecs", "events", "firehose", "inspector", "kinesis", "lambda",
                       "sagemaker", "sns", "sqs", "states"})  # fmt: skip

# How the names of operations begin that only read: Scheduler calls none of them.
READS = ("get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup",
         "discover", "validate", "batchGet", "batchDescribe", "batchRead", "transactGet", "adminGet", "adminList",
         "testMigration", "retrieve", "testConnection", "translateDocument", "isAuthorized", "invokeModel")  # fmt: skip

NOTHING = StructureShape("Nothing", {"type": "structure", "members": {}})


class TargetRefused(RehearsalError):
    """Scheduler does not take such a target. The message is what it says."""


@dataclass(frozen=True)
class Operation:
    """``service`` and ``name`` are botocore's."""

    service: str
    name: str

    def parameters(self, text: str) -> dict[str, Any]:
        """The parameters that an input holds, under botocore's names. Raises TargetRefused, NotRehearsed."""
        shape = get_service_model(self.service).operation_model(self.name).input_shape or NOTHING
        try:
            found = members(shape, _object(text))
        except InputRefused as reason:
            raise TargetRefused(f"Invalid RequestJson provided. Reason {reason}") from reason
        report = ParamValidator().validate(found, shape)
        if report.has_errors():
            raise TargetRefused(f"Invalid RequestJson provided. Reason {report.generate_report()}")
        return dict(found)


def is_universal(arn: str) -> bool:
    return _ARN.fullmatch(arn) is not None


def check_target(arn: str, text: str | None, partition: str) -> None:
    """Raises TargetRefused where Scheduler would not take the target, NotRehearsed where this account cannot call."""
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service in TEMPLATED:
        return
    if not is_universal(arn) or not arn.startswith(f"arn:{partition}:"):
        raise TargetRefused(f"{service or arn} is not a supported service for a target.")
    operation = operation_of(arn)
    if text is None:
        raise TargetRefused("You must provide an input to set this target for your schedule.")
    operation.parameters(fill(text, SAMPLE))


def call(client: Callable[[str], Any], arn: str, text: str) -> None:
    """Call the operation with the parameters in ``text``. Raises ClientError as the service answers, and as above."""
    operation = operation_of(arn)
    parameters = operation.parameters(text)
    try:
        getattr(client(operation.service), xform_name(operation.name))(**parameters)
    except ParamValidationError as error:  # what a client of botocore looks at besides the model
        raise TargetRefused(str(error)) from error
    except ClientError as error:
        if error.response["Error"]["Code"] == NotRehearsed.__name__:
            raise NotRehearsed(error.response["Error"]["Message"]) from error
        raise


def operation_of(arn: str) -> Operation:
    """What a universal target calls. Raises TargetRefused, NotRehearsed."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise TargetRefused(f"{arn} is no ARN of a universal target")
    identifier, action = found.groups()
    service = _service(identifier)
    if service is None:
        raise TargetRefused(f"{identifier} is not a supported service for a target.")
    names = {in_arn(name): name for name in get_service_model(service).operation_names}
    if action not in names or action.startswith(READS):
        raise TargetRefused(f"{action} API is not supported for {identifier}.")
    if service not in _mapped():
        raise NotRehearsed(f"a target of {identifier} is not rehearsed: the account does not know what its calls need")
    return Operation(service, names[action])


@cache
def _service(identifier: str) -> str | None:
    """botocore's name of a service by its identifier in SDKs: ``eventbridge`` is ``events``."""
    names = Loader().list_available_services("service-2")
    return next((str(name) for name in names if EVENT_ALIASES.get(name, name).replace("-", "") == identifier), None)


def _mapped() -> frozenset[str]:
    from rehearsal.needs.services import SERVICES  # which reads its reference when the first call is judged

    return frozenset(service.model for service in SERVICES.values())


def _object(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InputRefused(f"it is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise InputRefused("it is no JSON object")
    return given
