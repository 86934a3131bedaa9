"""Lambda: an invocation goes to the hook instead of to Docker, and what a function was given is kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction

from rehearsal.hooks import Hooks, InvokeRefused, InvokeRequest, InvokeResult
from rehearsal.patches.seams import after_call, hooks

KEPT = ("DeadLetterConfig", "LoggingConfig")

Answer = tuple[int, dict[str, str], bytes]


def invoke_call(_original: Callable[..., Any]) -> Callable[..., Any]:
    """LambdaResponse.invoke: the call as it came in from outside."""

    def invoke(response: Any) -> Any:
        qualifier = response.querystring.get("Qualifier", [None])[0]
        function = response.backend.get_function(unquote(response.path.rsplit("/", 2)[-2]), qualifier)
        kind = response.headers.get("X-Amz-Invocation-Type") or "RequestResponse"
        request = InvokeRequest(function.function_name, qualifier, response.raw_body or b"{}", _kind(kind))
        _check_payload(request.payload)
        if kind == "DryRun":
            return _answer(204, b"")
        try:
            result = _hooks().invoke(request)
        except InvokeRefused as refused:
            return _refusal(refused)
        if kind == "Event":
            return _answer(202, b"")
        return _returned(result, str(function.version), response.headers.get("X-Amz-Log-Type") == "Tail")

    return invoke


def invoke_from_service(_original: Callable[..., Any]) -> Callable[..., Any]:
    """LambdaFunction.invoke: what moto's other services (S3, SNS, logs) send to a function. AWS does so as events."""

    def invoke(function: Any, body: Any, *_headers: Any) -> Any:
        here = _hooks()
        payload = body.encode() if isinstance(body, str) else body
        request = InvokeRequest(function.function_name, None, payload or b"{}", "Event")
        after_call(lambda: here.invoke(request))
        return b""

    return invoke


def keep(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(function: Any, account_id: str, spec: dict[str, Any], *rest: Any, **named: Any) -> None:  # noqa: N807
        original(function, account_id, spec, *rest, **named)
        function.kept = {name: spec[name] for name in KEPT if spec.get(name)}

    return __init__


def show_kept(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def get_configuration(function: Any, on_create: bool = False) -> dict[str, Any]:
        return {**original(function, on_create=on_create), **getattr(function, "kept", {})}

    return get_configuration


def update_kept(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def update_configuration(function: Any, updates: dict[str, Any]) -> dict[str, Any]:
        function.kept = {**getattr(function, "kept", {}), **{name: updates[name] for name in KEPT if name in updates}}
        if "TracingConfig" in updates:
            function.tracing_config = updates["TracingConfig"]
        if "EphemeralStorage" in updates:
            function.ephemeral_storage = updates["EphemeralStorage"]["Size"]
        if "KMSKeyArn" in updates:
            function.kms_key_arn = updates["KMSKeyArn"]
        return original(function, updates)

    return update_configuration


def replace_invoke_config(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """A second PutFunctionEventInvokeConfig takes the place of the first; moto goes on answering the first."""

    def put(backend: Any, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
        backend.get_function(function_name).event_invoke_config.clear()
        return original(backend, function_name, config)

    return put


def invoke_config(function: LambdaFunction) -> dict[str, Any] | None:
    return dict(function.event_invoke_config[0].response()) if function.event_invoke_config else None


def _hooks() -> Hooks:
    """The account's, or such as refuse: a call may still be going on when its account stops."""
    return hooks() or Hooks()


def _kind(kind: str) -> Any:
    if kind not in ("RequestResponse", "Event", "DryRun"):
        raise LambdaClientError("InvalidParameterValueException", f"Unknown invocation type {kind!r}")
    return kind


def _check_payload(payload: bytes) -> None:
    try:
        json.loads(payload)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise LambdaClientError("InvalidRequestContentException", message) from error


def _answer(status: int, body: bytes, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"status": str(status), "content-type": "application/json", **named}, body


def _refusal(refused: InvokeRefused) -> Answer:
    body = json.dumps({"Type": "User", "Message": str(refused)}).encode()
    return _answer(refused.status, body, x_amzn_errortype=refused.code)


def _returned(result: InvokeResult, version: str, wants_log: bool) -> Answer:
    headers = {"x_amz_executed_version": version}
    if result.function_error:
        headers["x_amz_function_error"] = result.function_error
    if wants_log:
        headers["x_amz_log_result"] = base64.b64encode(result.log_tail[-4096:]).decode()
    return _answer(result.status_code, result.payload, **headers)
