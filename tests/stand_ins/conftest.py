"""A client as plain as can be: one connection for each request, no retries."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

import stand_ins


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask_page(url: str, page: object = 1, path: str = "/athletes?year=2024&page=", **headers: str) -> Reply:
    sent = {"x-rapidapi-key": stand_ins.DEFAULT_KEY, **{name.replace("_", "-"): text for name, text in headers.items()}}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", f"{path}{page}", headers=sent)
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


@pytest.fixture
def ask() -> Callable[..., Reply]:
    """``ask(api.url, page=2)`` gives the reply; headers are given by name, with ``_`` for ``-``."""
    return ask_page
