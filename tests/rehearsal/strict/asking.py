"""Requests as clients send them, and an account that holds what a test says."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from botocore.serialize import CBORSerializer
from moto.core.utils import get_service_model

from rehearsal.asked import Asked, read
from rehearsal.strict import Warnings, refusal
from rehearsal.strict.view import Holder

SIGNED_AS = {"cloudwatch": "monitoring"}


@dataclass
class Held:
    """What an account holds; nothing unless a test says so."""

    inline: Mapping[str, str] = field(default_factory=dict)
    attached: Iterable[str] = ()
    timeout: int | None = None
    visibility: int | None = None
    mappings: Iterable[Mapping[str, Any]] = ()
    content: bytes | None = None

    def inline_policies(self, kind: Holder, name: str) -> Mapping[str, str]:
        return self.inline

    def attached_policies(self, kind: Holder, name: str) -> Iterable[str]:
        return self.attached

    def function_timeout(self, name_or_arn: str) -> int | None:
        return self.timeout

    def queue_visibility(self, arn: str) -> int | None:
        return self.visibility

    def mapping(self, uuid: str) -> Mapping[str, Any]:
        return next((each for each in self.mappings if each["UUID"] == uuid), {})

    def mappings_of(self, function: str) -> Iterable[Mapping[str, Any]]:
        return self.mappings

    def object_bytes(self, bucket: str, key: str) -> bytes | None:
        return self.content


@dataclass(frozen=True)
class Told:
    """What came back: an error, or three Nones."""

    status: int | None
    code: str | None
    message: str | None


def refused(asked: Asked, held: Held | None = None, warnings: Warnings | None = None) -> Told:
    """The error for a request."""
    answer = refusal(asked, held or Held(), Warnings() if warnings is None else warnings)
    if answer is None:
        return Told(None, None, None)
    text = answer.body.decode(errors="replace")
    if text.startswith("{"):
        told = json.loads(text)
        return Told(answer.code, told["__type"], told["message"])
    if text.startswith("<"):
        return Told(answer.code, _between(text, "Code"), _between(text, "Message"))
    return Told(answer.code, answer.header("content-type"), text)


def json_call(service: str, operation: str, **members: Any) -> Asked:
    return raw_json_call(service, operation, json.dumps(members).encode())


def raw_json_call(service: str, operation: str, body: bytes) -> Asked:
    return http(service, body=body, headers={"X-Amz-Target": f"Prefix.{operation}"}, kind="application/x-amz-json-1.1")


def form_call(service: str, operation: str, **members: Any) -> Asked:
    form = urlencode({"Action": operation, **{name.replace("__", "."): value for name, value in members.items()}})
    return http(service, body=form.encode(), kind="application/x-www-form-urlencoded; charset=utf-8")


def cbor_call(service: str, operation: str, **members: Any) -> Asked:
    body = bytearray()
    shape = get_service_model(service).operation_model(operation).input_shape
    CBORSerializer()._serialize_data_item(body, members, shape)
    path = f"/service/{service}/operation/{operation}"
    return http(
        service, path=path, body=bytes(body), headers={"Smithy-Protocol": "rpc-v2-cbor"}, kind="application/cbor"
    )


def http(
    service: str,
    method: str = "POST",
    path: str = "/",
    query: str = "",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    kind: str = "",
) -> Asked:
    scope = f"KEY/20261121/eu-north-1/{SIGNED_AS.get(service, service)}/aws4_request"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "RAW_URI": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
    }
    return read(environ, body, lambda _: "tester")


def lambda_call(method: str, path: str, headers: Mapping[str, str] | None = None, **members: Any) -> Asked:
    body = json.dumps(members).encode() if members else b""
    return http("lambda", method, f"/2015-03-31/{path}", body=body, headers=headers, kind="application/json")


def _between(text: str, tag: str) -> str:
    return text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
