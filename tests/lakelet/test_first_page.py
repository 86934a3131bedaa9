from __future__ import annotations

import pytest

from lakelet.first_page import at_the_first_page
from rehearsal.hooks import Hooks
from sources.layout import RunName, manifest_key, page_key

RUN = RunName("olympics", "athletes", "20260302T050000Z")
MANIFEST = manifest_key(RUN)


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def stored(hooks):
    """Tells that an object was stored."""
    return lambda key: hooks.object_event("raw", key, "s3:ObjectCreated:Put")


def test_the_first_page_acts_and_the_next_ones_do_not(hooks, stored) -> None:
    acts: list[str] = []
    with at_the_first_page(hooks, "olympics", lambda: acts.append("act")):
        stored(page_key(RUN, 1))
        assert acts == ["act"]
        stored(page_key(RUN, 2))
    assert acts == ["act"]


@pytest.mark.parametrize("key", [page_key(RunName("spotify", RUN.stream, RUN.run), 1), MANIFEST])
def test_what_is_no_page_of_the_source_does_not_act(hooks, stored, key) -> None:
    acts: list[str] = []
    with at_the_first_page(hooks, "olympics", lambda: acts.append("act")):
        stored(key)
    assert acts == []


def test_whoever_was_told_of_objects_before_still_is(hooks, stored) -> None:
    told: list[str] = []
    hooks.object_event = lambda _bucket, key, _event: told.append(key)
    with at_the_first_page(hooks, "olympics", lambda: None):
        stored(page_key(RUN, 1))
        stored(page_key(RUN, 2))
    assert told == [page_key(RUN, 1), page_key(RUN, 2)]


def test_without_a_page_nothing_is_left_behind(hooks, stored) -> None:
    before, acts = hooks.object_event, []
    with at_the_first_page(hooks, "olympics", lambda: acts.append("act")):
        pass
    stored(page_key(RUN, 1))
    assert (hooks.object_event, acts) == (before, [])


def test_what_breaks_off_leaves_nothing_behind(hooks) -> None:
    before = hooks.object_event
    with pytest.raises(RuntimeError), at_the_first_page(hooks, "olympics", lambda: None):
        raise RuntimeError
    assert hooks.object_event is before
