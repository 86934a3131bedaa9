"""Makes boto3's clients: from what they are given, never from the user's files, and never by way of his proxy."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from rehearsal.shortcut import answer_here

DIRECTLY = Config(proxies={})  # an account is on this machine
_making = threading.Lock()  # a session makes one client at a time
_known: set[str] = set()


def make_client(service: str, **settings: Any) -> Any:
    with _making:
        _known.add(service)
        config = DIRECTLY.merge(settings.pop("config", None) or Config())
        return session().client(service, config=config, **settings)


def known() -> list[str]:
    """The services whose models this process has read: each is read once."""
    return sorted(_known)


def learn(services: Iterable[str]) -> None:
    """Read the models of services ahead of their first client."""
    for service in set(services) - _known:
        nobody = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nobody"}
        make_client(service, region_name="us-east-1", **nobody).close()


@cache
def session() -> boto3.Session:
    """One that reads no file of the user's."""
    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    made = boto3.Session(botocore_session=botocore.session.Session({**nowhere, "profile": (None, None, None, None)}))
    made.events.register("before-send", answer_here)
    return made
