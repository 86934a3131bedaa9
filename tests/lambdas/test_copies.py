"""What Athena reads of a run is what the ledger has, whenever a function dies and whoever else writes it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lambdas.conduct.outcome import Settler
from lambdas.conduct.rows import Rows, line_of
from lambdas.items import Refused
from lambdas.ledger import Ledger
from lambdas.run import Run
from sources.layout import RunName
from sources.runs import State
from tests.lambdas.conducting import MINUTE, MONDAY, TUESDAY, Conductor, notice
from tests.lambdas.conftest import Fuse, Fused, Killed


def curating(conductor: Conductor, *names: RunName) -> str:
    conductor.extracted(*names)
    conductor.start(notice(*names))
    return conductor.run(names[0]).batch or ""


def fused(conductor: Conductor, fuse: Fuse) -> Conductor:
    """The same conductor in another process, whose calls to the ledger and to S3 burn the fuse."""
    dynamodb, s3 = Fused(conductor.dynamodb, fuse), Fused(conductor.s3, fuse)
    ledger = Ledger(dynamodb, conductor.runs_table, clock=conductor.clock)
    other = replace(conductor, ledger=ledger)
    other.rows = Rows(ledger, s3, conductor.bucket)
    other.settler = Settler(ledger, other.rows, conductor.s3, conductor.bucket, conductor.log, conductor.clock)
    return other


def test_a_curated_run_is_one_line_with_its_counts(conductor: Conductor) -> None:
    conductor.job_writes_result(curating(conductor, MONDAY), MONDAY)
    conductor.record(conductor.glue.ends("jr_1", "SUCCEEDED"))
    copy = conductor.copy(MONDAY)
    assert copy and copy.endswith(b"}\n") and copy.count(b"\n") == 1
    assert json.loads(copy) == {
        "source": "olympics", "stream": "athletes", "run": "20261123T050000Z", "scheduled_at": "2026",
        "state": "curated", "reason": "", "notes": "", "pages": 1, "attempts": 0, "seconds": 1.25,
        "rows_in": 7, "merged": 4, "duplicates": 2, "set_aside": 1,
        "inserted": 3, "updated": 1, "deleted": 0, "unchanged": 5, "updated_at": "2026-11-21T05:00:00+00:00",
    }  # fmt: skip


def test_what_is_not_known_is_nought() -> None:
    told = json.loads(line_of(Run(MONDAY, State.EXTRACTING)))
    assert (told["rows_in"], told["seconds"], told["pages"], told["reason"]) == (0, 0.0, 0, "")


def test_what_a_person_may_want_to_know_is_one_text() -> None:
    notes = ["new field items[].item.isrc", "playlist 1 is left out: it is private"]
    told = json.loads(line_of(Run(MONDAY, State.EXTRACTED, notes=notes)))
    assert told["notes"] == "new field items[].item.isrc; playlist 1 is left out: it is private"


def test_a_run_that_failed_and_was_parked_says_why(conductor: Conductor) -> None:
    curating(conductor, MONDAY)
    conductor.record(conductor.glue.ends("jr_1", "FAILED", "8 of 100 rows are bad"))
    told = json.loads(conductor.copy(MONDAY) or b"")
    assert (told["state"], told["attempts"]) == ("failed", 1)
    assert "8 of 100 rows are bad" in told["reason"]


def test_reconcile_copies_the_runs_it_finds_waiting(conductor: Conductor) -> None:
    conductor.ledger.wait(conductor.extracting(MONDAY), "out of quota", int(conductor.clock.now()) + 3600)
    conductor.reconcile()
    assert json.loads(conductor.copy(MONDAY) or b"")["state"] == "waiting"


@pytest.mark.parametrize("before", [True, False])
def test_a_record_that_dies_at_any_call_is_made_good_by_the_next_or_by_reconcile(
    conductor: Conductor, before: bool
) -> None:
    for calls in range(1, 9):
        by_event, by_itself = (RunName("olympics", "athletes", f"2026{calls:02}{day}T050000Z") for day in (10, 11))
        for name in (by_event, by_itself):
            conductor.job_writes_result(curating(conductor, name), name)
        jobs = [conductor.run(name).job_run_id or "" for name in (by_event, by_itself)]
        ended = [conductor.glue.ends(job_run_id, "SUCCEEDED") for job_run_id in jobs]
        survived = True
        for event in ended:
            try:
                fused(conductor, Fuse(calls, before)).record(event)
            except Killed:
                survived = False
        conductor.record(ended[0])
        assert conductor.open <= {by_itself}
        conductor.reconcile()
        for name in (by_event, by_itself):
            assert conductor.run(name).state == "curated"
            assert conductor.copy(name) == line_of(conductor.run(name)), f"died at call {calls}"
        assert conductor.open == set()
        if survived:
            break
    assert calls == 6  # settled, read, copied, read again, closed: dying at any of five


def test_a_reconcile_that_dies_after_parking_is_made_good_by_the_next(conductor: Conductor) -> None:
    for _ in range(3):
        conductor.ledger.fail_extract(conductor.extracting(MONDAY), "changed shape")
    with pytest.raises(Killed):
        fused(conductor, Fuse(3)).reconcile()  # found, parked, read
    assert (conductor.run(MONDAY).state, conductor.copy(MONDAY), conductor.open) == ("parked", None, {MONDAY})
    conductor.reconcile()
    assert json.loads(conductor.copy(MONDAY) or b"")["state"] == "parked"
    assert conductor.open == set()


class Slow:
    """S3 as a slow writer sees it: before its first put arrives, something else happens."""

    def __init__(self, s3: Any, meanwhile: Any) -> None:
        self._s3, self._meanwhile = s3, meanwhile

    def put_object(self, **put: Any) -> None:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()
        self._s3.put_object(**put)


def test_of_two_writers_the_slower_does_not_leave_what_is_no_longer_true(conductor: Conductor) -> None:
    conductor.job_writes_result(curating(conductor, MONDAY, TUESDAY), MONDAY, TUESDAY)
    ended = conductor.glue.ends("jr_1", "SUCCEEDED")
    slow = Rows(conductor.ledger, Slow(conductor.s3, lambda: conductor.record(ended)), conductor.bucket)
    slow.write(MONDAY)  # it has read "curating"
    assert json.loads(conductor.copy(MONDAY) or b"")["state"] == "curated"
    assert conductor.open == set()


def test_a_run_that_a_person_unparks_is_tried_again_as_if_it_were_new(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    conductor.start(notice(MONDAY))
    first = conductor.run(MONDAY).batch
    for attempt in (1, 2, 3):
        conductor.record(conductor.glue.ends(f"jr_{attempt}", "FAILED", "too many bad rows"))
        conductor.reconcile()
    assert conductor.run(MONDAY).state == "parked"
    run = conductor.ledger.unpark(MONDAY)
    assert (run.state, run.attempts, conductor.open) == ("failed", 0, {MONDAY})
    assert conductor.reconcile() == {str(MONDAY): "started"}
    batch = conductor.run(MONDAY).batch or ""
    assert batch != first, "the job's late events would be taken for those of the first"
    conductor.job_writes_result(batch, MONDAY)
    conductor.record(conductor.glue.ends("jr_4", "SUCCEEDED"))
    assert (conductor.run(MONDAY).state, conductor.open) == ("curated", set())


def test_a_run_parked_before_its_pages_were_complete_is_read_on(conductor: Conductor) -> None:
    for _ in range(3):
        conductor.ledger.fail_extract(conductor.extracting(MONDAY), "changed shape")
    conductor.reconcile()
    conductor.clock.time += 15 * MINUTE
    conductor.ledger.unpark(MONDAY)
    assert conductor.reconcile() == {str(MONDAY): "reading on from page 1"}
    assert conductor.extracting(MONDAY).attempts == 0


def test_only_a_parked_run_is_unparked(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    before = conductor.item(MONDAY)
    with pytest.raises(Refused) as refused:
        conductor.ledger.unpark(MONDAY)
    assert refused.value.item and refused.value.item["state"] == "extracted"
    assert conductor.item(MONDAY) == before
    with pytest.raises(Refused):
        conductor.ledger.unpark(TUESDAY)
    assert conductor.ledger.find(TUESDAY) is None
