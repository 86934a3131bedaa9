"""What an HTTP request asks of AWS: which service, which operation, with which parameters, on what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from rehearsal.resources import resource_of

UNKNOWN = "unknown"

# The name in the signature, where IAM's actions have another one.
ACTIONS_OF = {"monitoring": "cloudwatch", "email": "ses"}

# The name of the service in actions, where botocore has another one.
MODEL_OF = {
    "states": "stepfunctions",
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
    "elasticmapreduce": "emr",
}

_CREDENTIAL = re.compile(r"Credential=([^/,]+)/[^/]+/([^/]+)/([^/]+)/")
_CBOR_PATH = re.compile(r"^/service/[^/]+/operation/([^/]+)$")


@dataclass(frozen=True)
class Asked:
    """One request, read but not yet carried out. ``access_key`` is empty when the request is not signed.

    ``service`` is named as in IAM's actions, ``operation`` as botocore names it.
    ``parameters`` are the members of the request as far as they can be read without its model: the JSON body, the form
    fields, or the labels of the path; with the query string below them.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    access_key: str
    service: str
    principal: str
    environ: Mapping[str, Any] = field(repr=False)

    @property
    def protocol(self) -> str:
        """How the caller wants to be answered: "cbor", "json", "query", "ec2", "xml" or "rest-json"."""
        if "smithy-protocol" in self.headers:
            return "cbor"
        if "x-amz-target" in self.headers:
            return "json"
        if self.service in ("s3", "s3control", "cloudfront", "route53"):
            return "xml"
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return "ec2" if self.service == "ec2" else "query"
        return "rest-json"

    @cached_property
    def operation(self) -> str:
        """The operation's name as botocore has it; "GET /path" stands for one that nobody knows."""
        if self.protocol == "json":
            return self.headers["x-amz-target"].split(".")[-1]
        if self.protocol == "cbor":
            found = _CBOR_PATH.match(self.path)
            return found[1] if found else f"{self.method} {self.path}"
        if self.protocol in ("query", "ec2"):
            return str(self.parameters.get("Action", f"{self.method} {self.path}"))
        return self._matched[0] or f"{self.method} {self.path}"

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        if self.protocol in ("query", "ec2"):
            return {**self.query, **dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))}
        if self.protocol == "json":
            return _json_object(self.body)
        _, labels, body_is_data = self._matched
        return {**self.query, **({} if body_is_data else _json_object(self.body)), **labels}

    @cached_property
    def resource(self) -> str:
        return resource_of(self.service, self.parameters)

    @cached_property
    def _matched(self) -> tuple[str, dict[str, Any], bool]:
        """By botocore's model of the service: the operation that method, path, query and headers belong to, the labels
        in its path, and whether its body is one piece of data (an object, an event) instead of members in JSON."""
        try:
            router = get_service_router(MODEL_OF.get(self.service, self.service))
            operation, labels = router.match(Request(dict(self.environ)))
        except (HTTPException, NotImplementedError, UnknownServiceError):
            return "", {}, self.protocol == "xml"
        taken = operation.input_shape.serialization.get("payload") if operation.input_shape else None
        return str(operation.name), dict(labels), self.protocol == "xml" or taken is not None


def read(environ: Mapping[str, Any], body: bytes, who: Callable[[str], str]) -> Asked:
    """A request from a WSGI environment whose body has been read; ``who`` names the holder of an access key."""
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    access_key, service = _signature(headers.get("authorization", ""), query)
    return Asked(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        query=query,
        headers=headers,
        body=body,
        access_key=access_key,
        service=service,
        principal=who(access_key),
        environ=environ,
    )


def _signature(authorization: str, query: Mapping[str, str]) -> tuple[str, str]:
    """Access key and service: from the header, or from the query string of a presigned URL."""
    found = _CREDENTIAL.search(authorization or f"Credential={query.get('X-Amz-Credential', '')}")
    if not found:
        return "", UNKNOWN if authorization else "s3"
    service = found[3].lower()
    return found[1], ACTIONS_OF.get(service, service)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
