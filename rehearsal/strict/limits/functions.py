"""Lambda: the settings of a function, its code, and its payloads."""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from rehearsal.asked import Asked
from rehearsal.strict.constraints import Violation
from rehearsal.strict.limits import mappings
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.limits.mappings import wrong
from rehearsal.strict.view import View, function_name
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal, invalid

MOST_SECONDS = 900
MOST_MEMORY = 10_240
MOST_LAYERS = 5
NAME_LENGTH = 64
UNZIPPED_BYTES = 262_144_000
ENVIRONMENT_BYTES = 4_096
SYNCHRONOUS_BYTES = 6_291_456
ASYNCHRONOUS_BYTES = 1_048_576
UPLOAD_BYTES = 69_905_067  # 50 MB in base64
NO_MORE_THAN = "Member must have value less than or equal to"
NOT_CONFIGURED = (
    "Lambda was unable to configure your environment variables because the environment variables you have provided"
)
RESERVED_KEYS = "Reserved keys used in this request"

RESERVED = frozenset(
    ("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
     "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
     "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
     "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
     "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR")
)  # fmt: skip
GONE = frozenset(
    ("nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "python2.7",
     "python3.6", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "ruby2.5")
)  # fmt: skip


def settings(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    """The model has the larger bounds of functions on instances of one's own."""
    told = asked.parameters
    bounds = [] if told.get("CapacityProviderConfig") else [("Timeout", MOST_SECONDS), ("MemorySize", MOST_MEMORY)]
    over = [
        Violation(f"{name[:1].lower()}{name[1:]}", f"'{told[name]}'", f"{NO_MORE_THAN} {most}")
        for name, most in bounds
        if (told.get(name) or 0) > most
    ]
    if over:
        return invalid(asked, over)
    if len(told.get("Layers") or []) > MOST_LAYERS:
        return wrong(f"Cannot reference more than {MOST_LAYERS} layers.")
    if told.get("Runtime") in GONE:
        return wrong(
            f"The runtime parameter of {told['Runtime']} is no longer supported for creating or updating AWS Lambda "
            "functions. We recommend you use a supported runtime while creating or updating functions."
        )
    return _environment((told.get("Environment") or {}).get("Variables") or {})


def name(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    text = function_name(str(asked.parameters["FunctionName"]))
    if len(text) <= NAME_LENGTH:
        return None
    constraint = f"Member must have length less than or equal to {NAME_LENGTH}"
    return invalid(asked, [Violation("functionName", f"'{text}'", constraint)])


def code(asked: Asked, view: View, _: Warnings) -> Refusal | None:
    """What is no zip is left for Lambda to refuse."""
    if len(asked.body) > UPLOAD_BYTES:
        return _too_large(f"Request must be smaller than {UPLOAD_BYTES} bytes for the {asked.operation} operation")
    told: Mapping[str, Any] = asked.parameters.get("Code") or asked.parameters
    try:
        archive = _archive(told, view)
        size = sum(each.file_size for each in zipfile.ZipFile(io.BytesIO(archive)).infolist()) if archive else 0
    except (zipfile.BadZipFile, binascii.Error, ValueError):
        return None
    return wrong(f"Unzipped size must be smaller than {UNZIPPED_BYTES} bytes") if size > UNZIPPED_BYTES else None


def payload(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    size = len(asked.body)
    if asked.headers.get("x-amz-invocation-type") == "Event" and size > ASYNCHRONOUS_BYTES:
        limit = f"limit {ASYNCHRONOUS_BYTES} bytes"
        return _too_large(f"{size} byte payload is too large for the Event invocation type ({limit})")
    if size > SYNCHRONOUS_BYTES:
        return _too_large(f"Request must be smaller than {SYNCHRONOUS_BYTES} bytes for the InvokeFunction operation")
    return None


def _environment(variables: Mapping[str, str]) -> Refusal | None:
    reserved = sorted(RESERVED & variables.keys())
    if reserved:
        keys = f"reserved keys that are currently not supported for modification. {RESERVED_KEYS}"
        return wrong(f"{NOT_CONFIGURED} contains {keys}: {', '.join(reserved)}")
    size = len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())
    # Lambda repeats all of them here; a report need not.
    return wrong(f"{NOT_CONFIGURED} exceeded the 4KB limit.") if size > ENVIRONMENT_BYTES else None


def _archive(told: Mapping[str, Any], view: View) -> bytes | None:
    if told.get("ZipFile"):
        return base64.b64decode(told["ZipFile"])
    if told.get("S3Bucket") and told.get("S3Key"):
        return view.object_bytes(told["S3Bucket"], told["S3Key"])
    return None


def _too_large(message: str) -> Refusal:
    return Refusal("RequestEntityTooLargeException", message, 413)


LIMITS: Limits = {
    "CreateFunction": (name, settings, code),
    "UpdateFunctionConfiguration": (settings, mappings.timeout_beside_queues),
    "UpdateFunctionCode": (code,),
    "Invoke": (payload,),
    "CreateEventSourceMapping": (mappings.settings,),
    "UpdateEventSourceMapping": (mappings.settings,),
}
