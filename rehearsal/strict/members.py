"""The members of a request, read by the service's model out of a body, a form, a path, a query string or headers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import BotoCoreError
from botocore.model import OperationNotFoundError
from botocore.parsers import ResponseParserError, RpcV2CBORParser
from moto.core.parse import EC2QueryParser, QueryParser, RequestParserError, RestXMLParser
from moto.core.utils import get_service_model

from rehearsal.asked import MODEL_OF, Asked
from rehearsal.strict.constraints import NUMBERS, Violation
from rehearsal.strict.shapes import Malformed, check_of


@dataclass(frozen=True)
class Placed:
    """A member that is not in the body. ``key`` is its name for the check, ``wire`` its name in its place."""

    key: str
    wire: str
    location: str
    shape: Any


def violations(asked: Asked) -> list[Violation]:
    """What of a request its model does not allow; nothing where nobody knows its model.

    Raises Malformed for what cannot be read as the model says.
    """
    operation = _operation(MODEL_OF.get(asked.service, asked.service), asked.operation)
    if operation is None or operation.input_shape is None:
        return []
    found: list[Violation] = []
    value, on_the_wire = _READERS[asked.protocol](asked, operation)
    check_of(operation.service_model.service_name, operation.input_shape.name, on_the_wire)(value, "", found)
    return found


@cache
def _operation(service: str, operation: str) -> Any:
    try:
        return get_service_model(service).operation_model(operation)
    except (BotoCoreError, OperationNotFoundError):
        return None


def _json(asked: Asked, _: Any) -> tuple[Any, bool]:
    if asked.parameters or not asked.body:
        return asked.parameters, True
    return _parsed(asked.body), True


def _cbor(asked: Asked, _: Any) -> tuple[Any, bool]:
    try:
        return RpcV2CBORParser()._initial_body_parse(asked.body) or {}, True
    except (ResponseParserError, ValueError, IndexError, TypeError, MemoryError, OverflowError) as error:
        raise Malformed("The body of the request is not CBOR") from error


def _form(asked: Asked, operation: Any) -> tuple[Any, bool]:
    try:
        return _form_parser(operation, asked.protocol).parse({"values": asked.parameters}), False
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed(f"A parameter of the request cannot be read: {error}") from error


def _rest_json(asked: Asked, operation: Any) -> tuple[Any, bool]:
    """Labels, query and headers beside what is in the body."""
    payload = operation.input_shape.serialization.get("payload")
    told = dict(asked.parameters) if payload is None else {}
    if payload is None and asked.body and not told:
        _parsed(asked.body)
    told |= _out_of_the_body(asked, operation, True)
    if payload is not None and asked.body:
        member = operation.input_shape.members[payload]
        name = member.serialization.get("name", payload)
        told[name] = _parsed(asked.body) if member.type_name not in ("string", "blob") else _data(asked, member)
    return told, True


def _rest_xml(asked: Asked, operation: Any) -> tuple[Any, bool]:
    told = _out_of_the_body(asked, operation, False)
    payload = operation.input_shape.serialization.get("payload")
    if payload is None or not asked.body:
        return told, False
    member = operation.input_shape.members[payload]
    if member.type_name in ("string", "blob"):
        return told | {payload: _data(asked, member)}, False
    parser = RestXMLParser(operation, timestamp_parser=str, blob_parser=str)
    try:
        return told | {payload: parser._parse_shape(member, parser._initial_body_parse(asked.body))}, False
    except (RequestParserError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Malformed("The XML of the request cannot be read") from error


def _out_of_the_body(asked: Asked, operation: Any, on_the_wire: bool) -> dict[str, Any]:
    told = {}
    for placed in _placed(operation, on_the_wire):
        text = _PLACES[placed.location](asked, placed)
        if text is not None:
            told[placed.key] = _from_text(placed.shape, text)
    return told


@cache
def _placed(operation: Any, on_the_wire: bool) -> list[Placed]:
    found = []
    for name, member in operation.input_shape.members.items():
        wire, location = member.serialization.get("name", name), member.serialization.get("location")
        if location in _PLACES and member.type_name != "map":
            found.append(Placed(wire if on_the_wire else name, wire, location, member))
    return found


def _in_path(asked: Asked, placed: Placed) -> Any:
    return asked.parameters.get(placed.wire)


def _in_header(asked: Asked, placed: Placed) -> Any:
    text = asked.headers.get(placed.wire.lower())
    if text is None or placed.shape.type_name != "list":
        return text or None
    return [each.strip() for each in text.split(",")]


def _in_query(asked: Asked, placed: Placed) -> Any:
    if placed.wire not in asked.query or placed.shape.type_name != "list":
        return asked.query.get(placed.wire)
    return parse_qs(asked.environ.get("QUERY_STRING", ""), keep_blank_values=True).get(placed.wire)


def _from_text(shape: Any, text: Any) -> Any:
    """A value of the right type out of a place that knows texts alone."""
    if shape.type_name == "list" and isinstance(text, list):
        return [_from_text(shape.member, each) for each in text]
    try:
        if shape.type_name in NUMBERS:
            return float(text) if shape.type_name in ("float", "double") else int(text)
    except (TypeError, ValueError) as error:
        raise Malformed(f"{text} is not a number") from error
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(str(text).lower(), text)
    return text


def _data(asked: Asked, member: Any) -> str | bytes:
    return asked.body if member.type_name == "blob" else asked.body.decode(errors="replace")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("Could not parse request body into json") from error


@cache
def _form_parser(operation: Any, protocol: str) -> Any:
    kind = EC2QueryParser if protocol == "ec2" else QueryParser
    return kind(operation, timestamp_parser=str, blob_parser=str)


_PLACES: dict[str, Callable[[Asked, Placed], Any]] = {"uri": _in_path, "header": _in_header, "querystring": _in_query}
_READERS: dict[str, Callable[[Asked, Any], tuple[Any, bool]]] = {
    "json": _json,
    "cbor": _cbor,
    "query": _form,
    "ec2": _form,
    "rest-json": _rest_json,
    "xml": _rest_xml,
}
