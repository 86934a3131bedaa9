"""What the extract function is told by its environment, and what it is asked by its event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lambdas.environment import needed
from lambdas.errors import LambdaError
from sources import find_source
from sources.configured import configured
from sources.layout import RunName
from sources.model import ClientCredentials, Source, Stream, run_id
from sources.options import OptionRefused

AT_HOME = ("127.0.0.1", "localhost", "::1")


class NotAnOrder(LambdaError):
    """The event does not say which run to read."""


class NotPrivate(LambdaError):
    """The API's address would carry the key in clear."""


class NotAChoice(LambdaError):
    """What the stack has chosen of a source's options cannot be."""


@dataclass(frozen=True)
class Settings:
    raw_bucket: str
    runs_table: str
    pages_table: str
    quota_table: str
    secret_id: str
    api_url: str  # empty: the one that the source declares
    options: Mapping[str, Any] = field(default_factory=dict)  # what the stack has chosen

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        return cls(
            raw_bucket=needed(environment, "RAW_BUCKET"),
            runs_table=needed(environment, "RUNS_TABLE"),
            pages_table=needed(environment, "PAGES_TABLE"),
            quota_table=needed(environment, "QUOTA_TABLE"),
            secret_id=needed(environment, "SECRET_ID"),
            api_url=environment.get("API_URL", ""),
            options=_options(environment.get("OPTIONS", "")),
        )

    def url_of(self, source: Source) -> str:
        """The address of the API."""
        return _private((self.api_url or source.api.url).rstrip("/"))

    def token_url_of(self, source: Source, auth: ClientCredentials) -> str:
        """Where tokens are given: at an API with an address of its own it is the same path there."""
        url = self.url_of(source)
        is_own = url != source.api.url.rstrip("/")
        return _private(f"{url}{urlsplit(auth.token_url).path}" if is_own else auth.token_url)


@dataclass(frozen=True)
class Order:
    """One run of one stream of one source."""

    source: Source
    stream: Stream
    scheduled_at: str

    @classmethod
    def of(cls, event: Mapping[str, Any], options: Mapping[str, Any]) -> Order:
        """The order that an event gives, of a source as the stack has chosen it to be.

        NotAnOrder names what is missing or unknown, NotAChoice the option that cannot be.
        """
        source, stream, scheduled_at = (_text(event, name) for name in ("source", "stream", "scheduled_at"))
        try:
            declared = find_source(source)
        except KeyError as error:
            raise NotAnOrder(f"the event asks for what is not there: {error.args[0]}") from error
        try:
            run_id(scheduled_at)
            chosen = configured(declared, options)
            return cls(chosen, chosen.stream(stream), scheduled_at)
        except OptionRefused as error:
            raise NotAChoice(f"{error}; change lakelet:{source} in the stack, then pulumi up") from error
        except (KeyError, ValueError) as error:
            raise NotAnOrder(f"the event asks for no run: {error.args[0]}") from error

    @property
    def run(self) -> RunName:
        return RunName(self.source.name, self.stream.name, run_id(self.scheduled_at))


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name) if isinstance(event, Mapping) else None
    if not isinstance(value, str) or not value:
        raise NotAnOrder(
            f"the event has no {name!r}; send for example "
            '{"source": "olympics", "stream": "athletes", "scheduled_at": "2026-11-21T05:00:00Z"}'
        )
    return value


def _options(text: str) -> Mapping[str, Any]:
    try:
        options = json.loads(text or "{}")
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise NotAChoice(f"OPTIONS is {text[:100]!r}, and no JSON object; deploy the stack again: infra sets it")
    return options


def _private(url: str) -> str:
    """An address that the key may be sent to. Without TLS it must be on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in AT_HOME):
        return url
    raise NotPrivate(f"API_URL {url!r} is not https, and the key would be sent in clear; give an https address")
