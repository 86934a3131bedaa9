from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakelet.place import Place
from lakelet.tables import properties_of
from rehearsal.account import Account
from rehearsal.deploy import deploy
from sources import SOURCES
from tests.queries.world import World, fill

ROOT = Path(__file__).resolve().parents[2]
KEYS = {f"lakelet:{source}ApiKey": "hush-hush" for source in SOURCES}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """The program as it stands, deployed, and its tables filled without a run of Spark."""
    with Account() as account:
        outputs = deploy(ROOT, "dev", account.deployer_environment(), secrets=KEYS).outputs
        properties = properties_of(account.credentials())
        yield fill(Place("the test's lake", outputs, account.client, account.clock.now, properties))


@pytest.fixture
def place(world: World) -> Place:
    return world.place
