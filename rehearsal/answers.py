"""An error as AWS would send it: each protocol has a form of its own, in which SDKs find code and message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer."""

    status: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def code(self) -> int:
        return int(self.status.split(" ", 1)[0])

    def header(self, name: str) -> str:
        return next((value for held, value in self.headers if held.lower() == name), "")


def answer_of(application: Application, environ: dict[str, Any]) -> Answer:
    """Run the application to the end of its answer."""
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], None]:
        started[:] = [status, headers]
        return lambda _: None

    chunks = application(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    return Answer(started[0], list(started[1]), body)


def error_answer(protocol: str, status: int, reason: str, code: str, message: str) -> Answer:
    """``reason`` is HTTP's own phrase, ``code`` the name of the error that an SDK raises."""
    kind, body = _BODIES[protocol](code, message)
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("x-amzn-RequestId", "rehearsal")]
    if protocol in ("json", "rest-json"):
        headers.append(("x-amzn-ErrorType", code))
    if protocol == "cbor":
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    return Answer(f"{status} {reason}", headers, body)


def not_rehearsed(protocol: str, what: str) -> Answer:
    """A call that cannot be rehearsed is refused by name. 501 is an answer that no SDK tries again."""
    return error_answer(protocol, 501, "Not Implemented", "NotRehearsed", what)


def broken(protocol: str, message: str) -> Answer:
    """A fault of the service itself, as when it cannot write: SDKs try again, and give up in the end."""
    code = {"json": "InternalServerError", "cbor": "InternalServiceFault"}.get(protocol, "InternalError")
    return error_answer(protocol, 500, "Internal Server Error", code, message)


def denied(protocol: str, message: str, service: str = "") -> Answer:
    """What a caller gets who may not do what was asked. Services and protocols have their own names for it."""
    code = DENIED_BY_SERVICE.get(service) or DENIED.get(protocol, "AccessDeniedException")
    return _turned_away(protocol, service, code, message)


def unknown_key(protocol: str, message: str, service: str = "") -> Answer:
    """What a caller gets whose key is nobody's."""
    code = UNKNOWN_BY_SERVICE.get(service) or UNKNOWN.get(protocol, "UnrecognizedClientException")
    return _turned_away(protocol, service, code, message)


def refused(protocol: str, code: str, message: str, service: str = "") -> Answer:
    """What a caller gets who has asked for what the service does not do."""
    answer = error_answer(protocol, 400, "Bad Request", code, message)
    return _with_query_error(answer, code) if service in FORMERLY_QUERY else answer


def _turned_away(protocol: str, service: str, code: str, message: str) -> Answer:
    """AWS's JSON services say 400 here, all others 403."""
    is_json = protocol in ("json", "cbor") and service not in FORMERLY_QUERY
    status, phrase = (400, "Bad Request") if is_json else (403, "Forbidden")
    answer = error_answer(protocol, status, phrase, code, message)
    return _with_query_error(answer, code) if service in FORMERLY_QUERY else answer


def _with_query_error(answer: Answer, code: str) -> Answer:
    """SDKs of services that once spoke the query protocol read the code from a header."""
    return Answer(answer.status, [*answer.headers, ("x-amzn-query-error", f"{code};Sender")], answer.body)


FORMERLY_QUERY = frozenset({"sqs", "cloudwatch"})
DENIED = {"ec2": "UnauthorizedOperation", "xml": "AccessDenied", "query": "AccessDenied"}
DENIED_BY_SERVICE = {"sns": "AuthorizationError", "sqs": "AccessDenied", "cloudwatch": "AccessDenied"}
UNKNOWN = {"ec2": "AuthFailure", "xml": "InvalidAccessKeyId", "query": "InvalidClientTokenId"}
UNKNOWN_BY_SERVICE = {"sqs": "InvalidClientTokenId", "cloudwatch": "InvalidClientTokenId"}


def _json(code: str, message: str) -> tuple[str, bytes]:
    return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message, "Message": message}).encode()


def _xml(code: str, message: str) -> tuple[str, bytes]:
    return "application/xml", _declared(f"<Error>{_inside(code, message)}<RequestId>rehearsal</RequestId></Error>")


def _query(code: str, message: str) -> tuple[str, bytes]:
    error = f"<Error><Type>Sender</Type>{_inside(code, message)}</Error>"
    return "text/xml", _declared(f"<ErrorResponse>{error}<RequestId>rehearsal</RequestId></ErrorResponse>")


def _ec2(code: str, message: str) -> tuple[str, bytes]:
    errors = f"<Errors><Error>{_inside(code, message)}</Error></Errors>"
    return "text/xml", _declared(f"<Response>{errors}<RequestID>rehearsal</RequestID></Response>")


def _cbor(code: str, message: str) -> tuple[str, bytes]:
    pairs = (("__type", code), ("message", message))
    return "application/cbor", bytes([0xA0 + len(pairs)]) + b"".join(
        _cbor_text(text) for pair in pairs for text in pair
    )


def _cbor_text(text: str) -> bytes:
    raw = text.encode()
    return b"\x79" + len(raw).to_bytes(2, "big") + raw


def _inside(code: str, message: str) -> str:
    return f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"


def _declared(xml: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'.encode()


_BODIES = {"json": _json, "rest-json": _json, "xml": _xml, "query": _query, "ec2": _ec2, "cbor": _cbor}
