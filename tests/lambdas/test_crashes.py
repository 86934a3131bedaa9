"""The function dies between any two of its AWS calls, and is called again: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from lambdas.ledger import Ledger
from sources.layout import RunName
from sources.model import DAY, Limit, run_id
from tests.lambdas.conftest import Desk, FakeApi, Fuse, Killed, athletes

PAGES = [athletes(1, 2), athletes(3)]
MOST_CALLS = 40


def days() -> Iterator[str]:
    """Scheduled times, one a day: each run is a fresh one."""
    for day in range(1, MOST_CALLS + 1):
        yield datetime(2026, 1 + day // 28, 1 + day % 28, 5, tzinfo=UTC).isoformat()


def pages_of(manifest: dict[str, Any]) -> list[Any]:
    return [(page["page"], page["rows"], page["bytes"], page["sha256"]) for page in manifest["pages"]]


@pytest.mark.parametrize("before", [True, False])
def test_a_run_survives_its_death_at_any_call(desk: Callable[..., Desk], ledger: Ledger, before: bool) -> None:
    here = desk(FakeApi(PAGES), quota=(Limit(1000, DAY),))
    here.extract()
    expected = pages_of(here.manifest())
    deaths = 0
    for calls, day in enumerate(days(), start=1):
        try:
            here.extract(day, fuse=Fuse(calls, before))
            break
        except Killed:
            deaths += 1
        here.clock.time += 1000  # its lease runs out
        answer = here.extract(day)
        run = run_id(day)
        assert (answer["state"], answer["pages"], answer["rows"]) == ("extracted", 2, 3), f"after call {calls}"
        assert pages_of(here.manifest(run)) == expected
        assert len(here.objects(f"raw/olympics/athletes/run={run}")) == 2
        assert [page.page for page in ledger.pages(RunName("olympics", "athletes", run))] == [1, 2]
    assert deaths == 13  # lease, secret, 2 x (quota, object, cursor), quota, end, manifest, state, quota left


def test_a_page_that_was_stored_but_not_noted_is_the_page(desk: Callable[..., Desk]) -> None:
    """The API answers otherwise the second time: what is stored counts, and the manifest tells of that."""
    here = desk(FakeApi(PAGES))
    with pytest.raises(Killed):
        here.extract(fuse=Fuse(3))  # lease, secret, page 1
    first = here.objects("raw/")
    assert here.api is not None
    here.api.pages = [athletes(7, 8, 9), *PAGES[1:]]
    here.clock.time += 1000
    assert here.extract()["rows"] == 3
    assert first.items() <= here.objects("raw/").items()
    assert here.manifest()["pages"][0]["rows"] == 2
