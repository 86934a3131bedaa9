"""A lake without Pulumi: a program is a function that makes containers under the deployer's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.identity.principals import DEPLOYER_KEY
from rehearsal.kept import Kept
from rehearsal.sessions import Credentials

Program = Callable[[Callable[[str], Any]], dict[str, Any] | None]
Open = Callable[..., AbstractContextManager[tuple[Account, Kept]]]


def nothing(_client: Callable[[str], Any]) -> None:
    return None


@contextmanager
def opened(folder: Path, program: Program = nothing, secrets: tuple[str, ...] = ()) -> Iterator[tuple[Account, Kept]]:
    """What Rehearsal does with a lake: open, start, keep, deploy, close."""
    kept = Kept.open(folder)
    try:
        with Account() as account:
            kept.keep(account)
            keys = Credentials(DEPLOYER_KEY, DEPLOYER_KEY.lower(), "", account.region, account.endpoint)
            outputs = program(lambda service: account.client_for(service, keys))
            kept.deployed(outputs or {}, secrets)
            yield account, kept
            kept.commit_moment()
    finally:
        kept.close()


@pytest.fixture
def lake(tmp_path: Path) -> Open:
    """``with lake(program) as (account, kept)``: the same lake each time."""
    return lambda program=nothing, **more: opened(tmp_path / "lake", program, **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where ``lake`` is."""
    return tmp_path / "lake"
