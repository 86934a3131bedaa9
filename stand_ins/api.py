"""What the server needs to know of a source's API, and the two things that pass between them."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

JSON = "application/json; charset=utf-8"

# How an answer travels: whole, broken off half way through its body, or not at all.
Fate = Literal["whole", "cut", "dropped"]


@dataclass(frozen=True)
class Request:
    """A request as the API sees it. The names of headers are in lower case; ``form`` is what a POST brings."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)

    def with_param(self, name: str, value: object) -> Request:
        return replace(self, params={**self.params, name: str(value)})


@dataclass(frozen=True)
class Answer:
    """An answer: ``payload`` leaves as it is when it is bytes, and as JSON when it is anything else."""

    status: int
    payload: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    fate: Fate = "whole"

    def body(self) -> bytes:
        if isinstance(self.payload, bytes):
            return self.payload
        return json.dumps(self.payload, ensure_ascii=False, separators=(",", ":")).encode()


def refusal(status: int, message: str) -> Answer:
    """An answer that is only a message, as gateways give it."""
    return Answer(status, {"message": message})


class Api(ABC):
    """The double of one public API.

    A source makes one, as a dataclass whose fields are its options: the server, the command line and the faults
    then serve it without knowing what it is. ``day`` moves its data on, and may be set while it is served.
    """

    day: int
    key_header: str
    methods: tuple[str, ...] = ("GET",)
    default_key: str = "stand-in-key"

    def refuses(self, request: Request, key: str) -> Answer | None:
        """What a request is sent away with whose credentials are not those of ``key``. Asked once for each request."""
        if request.headers.get(self.key_header) == key:
            return None
        return self.refusal(401, f"Invalid API key: send the right one as {self.key_header}")

    def refusal(self, status: int, message: str) -> Answer:
        """An answer that is only a message, in the shape that this API gives it."""
        return refusal(status, message)

    def choices(self) -> dict[str, Any]:
        """What a stack must choose of the source's options to read this double."""
        return {}

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """What the API says when all is well. The credentials have been checked."""

    @abstractmethod
    def page_of(self, request: Request) -> int | None:
        """Which page a request asks for, counted from 1, or None where it asks for no page."""

    @abstractmethod
    def before(self, request: Request) -> Request:
        """The request for the page before; the first page has itself before it."""

    @abstractmethod
    def truth(self, days: Iterable[int] | None = None) -> Any:
        """What a lake must hold that has read the given days in their order (as it stands: today's alone)."""

    @abstractmethod
    def describe(self) -> str:
        """What is served, in a few words."""
