"""Resources made by their handlers as a deployment makes them, in an account that really works."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Cloud, Order
from rehearsal.deploy.registry import Created, find_handler
from tests.rehearsal.events.conftest import Stage

Make = Callable[..., Created]


def maker(account: Account, monkeypatch: pytest.MonkeyPatch) -> Make:
    """``make("aws:sqs/queue:Queue", "work", delaySeconds=5)``: what a program would have declared."""
    for name, value in account.deployer_environment().items():
        monkeypatch.setenv(name, value)
    cloud = Cloud(account.region)

    def make(resource_type: str, title: str, /, **inputs: Any) -> Created:
        handler = find_handler(resource_type)
        assert handler is not None
        urn = f"urn:pulumi:dev::tried::{resource_type}::{title}"
        return handler(Order(cloud, resource_type, title, urn, Inputs(inputs), account.region))

    return make


@pytest.fixture
def make(account: Account, monkeypatch: pytest.MonkeyPatch) -> Make:
    return maker(account, monkeypatch)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    with made.rehearsal:
        yield made


@pytest.fixture
def declare(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Like ``make``, on a stage where functions run and time passes."""
    return maker(stage.account, monkeypatch)


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def zipped(**files: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        for name, text in files.items():
            found.writestr(f"{name}.py", text)
    return file.getvalue()
