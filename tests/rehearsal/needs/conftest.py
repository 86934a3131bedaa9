"""Calls as boto3 sends them, read as the account reads them, and an account of which the tests say what it knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from werkzeug.test import EnvironBuilder

from rehearsal.asked import Asked, read
from rehearsal.needs import Need, needs

CONFIG = Config(
    retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={}, parameter_validation=False
)
SESSION = boto3.Session()  # reads what all services share once


class Sent(Exception):
    """A request that would have left now."""

    def __init__(self, request: Any) -> None:
        self.request = request


@cache
def client(service: str) -> Any:
    made = SESSION.client(
        service,
        "eu-north-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="x",
        config=CONFIG,
    )

    def stop(request: Any, **_: Any) -> None:
        raise Sent(request)

    made.meta.events.register("before-send.*", stop)
    return made


def asked_by(service: str, method: str, arguments: dict[str, Any]) -> Asked:
    with pytest.raises(Sent) as sent:
        getattr(client(service), method)(**arguments)
    request = sent.value.request
    url = urlsplit(request.url)
    body = request.body or b""
    body = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else bytes(body)
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    builder = EnvironBuilder(url.path, method=request.method, query_string=url.query, headers=headers, data=body)
    return read(builder.get_environ(), body, lambda _: "tester")


@dataclass
class KnownFacts:
    """Empty until a test fills it. Keys of ``tags`` are ARNs, those of the others what they are asked by."""

    partition: str = "aws"
    region: str = "eu-north-1"
    account_id: str = "123456789012"
    secrets: dict[str, str] = field(default_factory=dict)
    keys_of: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    tagged: dict[str, dict[str, str]] = field(default_factory=dict)
    hash_keys: dict[tuple[str, str | None], str] = field(default_factory=dict)
    workgroups: dict[str, str] = field(default_factory=dict)
    iam: dict[tuple[str, str], str] = field(default_factory=dict)
    boundaries: dict[str, str] = field(default_factory=dict)
    mappings: dict[str, str] = field(default_factory=dict)

    def secret_arn(self, name_or_arn: str) -> str | None:
        return self.secrets.get(name_or_arn)

    def secret_key(self, name_or_arn: str) -> str | None:
        return self.keys_of.get(name_or_arn)

    def bucket_key(self, bucket: str) -> str | None:
        return self.keys_of.get(bucket)

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        return self.keys_of.get(f"{bucket}/{key}" + (f"?{version}" if version else ""))

    def queue_key(self, queue: str) -> str | None:
        return self.keys_of.get(queue)

    def topic_key(self, topic_arn: str) -> str | None:
        return self.keys_of.get(topic_arn)

    def key_arn(self, id_arn_or_alias: str) -> str | None:
        return self.keys.get(id_arn_or_alias)

    def tags(self, arn: str) -> dict[str, str]:
        return self.tagged.get(arn, {})

    def hash_key(self, table: str, index: str | None = None) -> str | None:
        return self.hash_keys.get((table, index))

    def workgroup(self, query_id: str) -> str | None:
        return self.workgroups.get(query_id)

    def iam_arn(self, kind: str, name: str) -> str | None:
        return self.iam.get((kind, name))

    def boundary(self, arn: str) -> str | None:
        return self.boundaries.get(arn)

    def mapping_function(self, uuid: str) -> str | None:
        return self.mappings.get(uuid)


@pytest.fixture
def facts() -> KnownFacts:
    return KnownFacts()


@pytest.fixture
def asked() -> Callable[..., Asked]:
    """``asked("s3", "get_object", Bucket="b", Key="k")``: a call as the account reads it."""
    return lambda service, method, **arguments: asked_by(service, method, arguments)


@pytest.fixture
def needed(facts: KnownFacts) -> Callable[..., tuple[Need, ...]]:
    """``needed("s3", "get_object", Bucket="b", Key="k")``: what the call needs."""

    def ask(service: str, method: str, **arguments: Any) -> tuple[Need, ...]:
        return needs(asked_by(service, method, arguments), facts)

    return ask


@pytest.fixture
def pairs(needed: Callable[..., tuple[Need, ...]]) -> Callable[..., list[tuple[str, str]]]:
    """The same as pairs of action and resource; "." stands for the region and the account."""

    def ask(service: str, method: str, **arguments: Any) -> list[tuple[str, str]]:
        found = needed(service, method, **arguments)
        return [(need.action, short(need.resource)) for need in found]

    return ask


def short(arn: str) -> str:
    return arn.removeprefix("arn:aws:").replace("eu-north-1:123456789012", ".")
