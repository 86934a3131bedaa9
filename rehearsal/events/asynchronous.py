"""Asynchronous invocations: accepted at once, run later, tried again, and at last handed to whom failures go to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.crew import Agenda
from rehearsal.events.mappings import Invoker
from rehearsal.events.targets import send
from rehearsal.hooks import InvokeRefused, InvokeRequest, InvokeResult
from rehearsal.progress import Listener, tell
from rehearsal.runtime.spec import LAMBDA
from rehearsal.standing import FunctionGone, configuration_of

RETRIES = 2
RETRY_SECONDS = (60.0, 120.0)
OLDEST_SECONDS = 6 * 3600.0
LARGEST_PAYLOAD = 1024 * 1024  # bytes
SLOWEST_THROTTLE_SECONDS = 300.0


@dataclass(frozen=True)
class AsyncCall:
    """``attempts`` counts how often the function ran, ``throttles`` how often it could not."""

    request: InvokeRequest
    request_id: str
    accepted: float
    attempts: int = 0
    throttles: int = 0


class Asynchronous:
    """Lambda's own queue. An accepted call runs when the agenda is worked on."""

    def __init__(self, account: Account, functions: Invoker, agenda: Agenda, on_event: Listener) -> None:
        self._account, self._functions, self._agenda, self._on_event = account, functions, agenda, on_event

    def accept(self, request: InvokeRequest) -> InvokeResult:
        """Raises InvokeRefused for a payload over the limit."""
        if len(request.payload) > LARGEST_PAYLOAD:
            size = f"{len(request.payload)} bytes, the limit for events is {LARGEST_PAYLOAD}"
            raise InvokeRefused("RequestEntityTooLargeException", f"Request must be smaller: it has {size}", 413)
        now = self._account.clock.now()
        self._put(AsyncCall(request, str(uuid.uuid4()), now), now)
        return InvokeResult(202, b"")

    def _put(self, call: AsyncCall, due: float) -> None:
        self._agenda.add(due, f"function {call.request.function_name}", lambda: self._attempt(call))

    def _attempt(self, call: AsyncCall) -> None:
        try:
            config = configuration_of(self._account, call.request.function_name)
        except FunctionGone as gone:
            self._account.hooks.lost(call.request.function_name, "", str(gone))
            return
        now = self._account.clock.now()
        oldest = (config.get("EventInvokeConfig") or {}).get("MaximumEventAgeInSeconds") or OLDEST_SECONDS
        if now - call.accepted > oldest:
            self._give_up(call, config, "EventAgeExceeded", None)
            return
        try:
            result = self._functions.invoke(call.request, call.request_id)
        except InvokeRefused:
            wait = min(SLOWEST_THROTTLE_SECONDS, 2.0**call.throttles)
            self._put(replace(call, throttles=call.throttles + 1), now + wait)
            return
        self._after(replace(call, attempts=call.attempts + 1), config, result)

    def _after(self, call: AsyncCall, config: Mapping[str, Any], result: InvokeResult) -> None:
        retries = (config.get("EventInvokeConfig") or {}).get("MaximumRetryAttempts")
        retries = RETRIES if retries is None else int(retries)
        if result.function_error is None:
            self._tell_destination(call, config, "OnSuccess", "Success", result)
        elif call.attempts <= retries:
            wait = RETRY_SECONDS[call.attempts - 1]
            tell(self._on_event, "function-retried", call.request.function_name, after_seconds=wait)
            self._put(call, self._account.clock.now() + wait)
        else:
            self._give_up(call, config, "RetriesExhausted", result)

    def _give_up(self, call: AsyncCall, config: Mapping[str, Any], condition: str, result: InvokeResult | None) -> None:
        tell(self._on_event, "function-given-up", call.request.function_name, condition=condition)
        self._tell_destination(call, config, "OnFailure", condition, result)
        letters = (config.get("DeadLetterConfig") or {}).get("TargetArn")
        if letters:
            said = json.loads(result.payload) if result else {}
            reason = {"RequestID": call.request_id, "ErrorCode": "200", "ErrorMessage": said.get("errorMessage") or "-"}
            self._send(call, config, letters, call.request.payload.decode(), reason)

    def _tell_destination(
        self, call: AsyncCall, config: Mapping[str, Any], kind: str, condition: str, result: InvokeResult | None
    ) -> None:
        destinations = (config.get("EventInvokeConfig") or {}).get("DestinationConfig") or {}
        arn = (destinations.get(kind) or {}).get("Destination")
        if arn:
            moment = self._account.clock.now()
            record = json.dumps(destination_record(call, config, condition, result, moment), ensure_ascii=False)
            self._send(call, config, arn, record, {})

    def _send(
        self, call: AsyncCall, config: Mapping[str, Any], arn: str, body: str, attributes: Mapping[str, str]
    ) -> None:
        """Under the function's role. What cannot be delivered is lost, as on AWS, and named."""
        try:
            send(
                self._account, lambda service: self._account.sessions.client(config["Role"], LAMBDA, service),
                arn, body, attributes,
            )  # fmt: skip
        except (ClientError, RehearsalError) as error:
            self._account.hooks.lost(call.request.function_name, arn, str(error))


def destination_record(
    call: AsyncCall, config: Mapping[str, Any], condition: str, result: InvokeResult | None, moment: float
) -> dict[str, Any]:
    """What a destination is told of a call that has ended."""
    record = {
        "version": "1.0",
        "timestamp": datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": call.request_id,
            "functionArn": f"{config['FunctionArn']}:{call.request.qualifier or '$LATEST'}",
            "condition": condition,
            "approximateInvokeCount": call.attempts,
        },
        "requestPayload": json.loads(call.request.payload),
    }
    if result is not None:
        context: dict[str, Any] = {"statusCode": result.status_code, "executedVersion": "$LATEST"}
        if result.function_error:
            context["functionError"] = result.function_error
        record["responseContext"] = context
        record["responsePayload"] = json.loads(result.payload or b"null")
    return record
