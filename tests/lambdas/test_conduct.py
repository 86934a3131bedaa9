"""From manifests to jobs to the ledger: start, record and reconcile, with events that come twice, late or never."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ReadTimeoutError

from lambdas.conduct.batches import batch_id, job_arguments, runs_of
from lambdas.conduct.jobs import Starter
from lambdas.conduct.notices import read_notices
from lambdas.conduct.reconcile import NotAllReconciled
from lambdas.conduct.record import Jobs, record
from lambdas.ledger import Ledger
from lambdas.run import Run
from sources import SOURCES
from sources.layout import RunName, manifest_key, result_key
from sources.runs import State
from sources.spotify import SPOTIFY
from tests.lambdas.conducting import JOB, MINUTE, MONDAY, PREFIX, TUESDAY, Conductor, event, glue_error, notice
from tests.lambdas.conftest import Fuse, Fused, Killed

# Start


def test_one_job_is_started_for_the_whole_batch(conductor: Conductor) -> None:
    conductor.extracted(MONDAY, TUESDAY)
    assert conductor.start(notice(TUESDAY), notice(MONDAY)) == []
    assert conductor.glue.told == ["athletes/20261123T050000Z,athletes/20261124T050000Z"]
    run = conductor.run(MONDAY)
    assert (run.state, run.job_name, run.job_run_id) == ("curating", JOB, "jr_1")
    assert run.batch == conductor.run(TUESDAY).batch == conductor.glue.runs["jr_1"]["Arguments"]["--batch"]


def test_the_same_message_twice_starts_one_job(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    assert conductor.start(notice(MONDAY), notice(MONDAY)) == []
    before = conductor.item(MONDAY)
    assert conductor.start(notice(MONDAY)) == []
    assert (len(conductor.glue.runs), conductor.item(MONDAY)) == (1, before)


def test_two_starts_at_once_claim_once(conductor: Conductor) -> None:
    conductor.extracted(MONDAY, TUESDAY)
    starters = [
        threading.Thread(target=conductor.start, args=(notice(MONDAY), notice(TUESDAY))),
        threading.Thread(target=conductor.start, args=(notice(TUESDAY), notice(MONDAY))),
        threading.Thread(target=conductor.start, args=(notice(TUESDAY),)),
    ]
    for thread in starters:
        thread.start()
    for thread in starters:
        thread.join()
    claimed = [run for told in conductor.glue.told for run in told.split(",")]
    assert sorted(claimed) == ["athletes/20261123T050000Z", "athletes/20261124T050000Z"]


def test_the_event_may_come_before_the_note_that_all_is_extracted(conductor: Conductor) -> None:
    run = conductor.extracting(MONDAY)
    assert conductor.start(notice(MONDAY)) == []
    assert conductor.run(MONDAY).state == "curating"
    assert conductor.ledger.extracted(run, manifest_key(MONDAY)).state == "curating"


@pytest.mark.parametrize("code", ["ConcurrentRunsExceededException", "ThrottlingException"])
def test_a_busy_job_is_no_failure(conductor: Conductor, code: str) -> None:
    conductor.extracted(MONDAY, TUESDAY)
    conductor.start(notice(MONDAY))
    before = conductor.item(TUESDAY)
    conductor.glue.errors = [glue_error(code)]
    assert conductor.start(notice(MONDAY), notice(TUESDAY)) == [1]
    assert conductor.item(TUESDAY) == before
    assert conductor.start(notice(TUESDAY)) == []
    assert conductor.run(TUESDAY).job_run_id == "jr_2"


def test_a_busy_job_leaves_an_early_manifest_to_be_started_later(conductor: Conductor) -> None:
    run = conductor.extracting(MONDAY)
    conductor.glue.errors = [glue_error("ConcurrentRunsExceededException")]
    assert conductor.start(notice(MONDAY)) == [0]
    assert conductor.ledger.extracted(run, manifest_key(MONDAY)).state == "extracted"
    assert conductor.start(notice(MONDAY)) == []


@pytest.mark.parametrize(
    "error", [glue_error("InvalidInputException"), ReadTimeoutError(endpoint_url="http://127.0.0.1")]
)
def test_any_other_refusal_counts(conductor: Conductor, error: Exception) -> None:
    conductor.extracted(MONDAY)
    conductor.glue.errors = [error] * 3
    batches = set()
    for attempts in (1, 2, 3):
        assert conductor.start(notice(MONDAY)) == [0]
        run = conductor.run(MONDAY)
        assert (run.state, run.attempts, run.batch) == ("failed", attempts, None)
        assert "could not be started" in (run.reason or "")
        batches.add(batch_id([run]))
    assert len(batches) == 3
    assert conductor.start(notice(MONDAY)) == []  # worn out: reconcile parks it
    assert conductor.glue.runs == {}


def test_what_is_not_ours_is_named_and_dropped(conductor: Conductor) -> None:
    foreign = json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "raw"}}}, 7, None]})
    page = notice(MONDAY).replace("manifests%2F", "raw%2F")
    removed = notice(MONDAY).replace("ObjectCreated:Put", "ObjectRemoved:Delete")
    bodies = [
        json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "raw"}),
        "not json",
        "[]",
        None,
        foreign,
        page,
        removed,
        notice(MONDAY, bucket="another"),
        notice(TUESDAY),  # no such run in the ledger
    ]
    conductor.extracted(MONDAY)
    assert conductor.start(*bodies) == []
    assert (conductor.glue.runs, conductor.run(MONDAY).state) == ({}, "extracted")
    said = "\n".join(conductor.lines)
    for word in ("s3:TestEvent", "not JSON", "no S3 notification", "without event", "no manifest", "ObjectRemoved"):
        assert word in said
    assert "s3://another/" in said and "the ledger does not know this run" in said


def test_garbage_beside_a_manifest_does_not_hold_it_up(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    assert conductor.start("garbage", notice(MONDAY)) == []
    assert conductor.glue.told == ["athletes/20261123T050000Z"]


def test_the_saved_messages_are_read() -> None:
    manifest, test_event = read_notices(event("manifest-messages"))
    assert manifest.runs == (RunName("olympics", "athletes", "20261121T050000Z"),)
    assert (test_event.runs, len(test_event.dropped)) == ((), 1)


def test_trouble_with_the_ledger_gives_the_messages_back(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    broken = Ledger(conductor.dynamodb, "no-such-table")
    conductor.starter = Starter(broken, conductor.glue, PREFIX, conductor.log)
    assert conductor.start(notice(MONDAY), "garbage") == [0]


def test_a_batch_is_named_after_its_work() -> None:
    monday, tuesday = (Run(name, State.EXTRACTED) for name in (MONDAY, TUESDAY))
    assert batch_id([monday, tuesday]) == batch_id([tuesday, monday])
    assert batch_id([monday]) != batch_id([Run(MONDAY, State.FAILED, attempts=1)])
    assert batch_id([monday, tuesday]).startswith("20261124t050000z-2-")
    assert len(batch_id([monday])) <= 64
    assert runs_of("olympics", job_arguments("olympics", "b", [TUESDAY, MONDAY])["--runs"]) == [MONDAY, TUESDAY]


# Two streams of one source that are due together, one daily and one weekly

PLAYLIST, POPULAR = (RunName("spotify", stream, "20261123T110000Z") for stream in ("playlist", "popular"))


@pytest.fixture
def of_two_streams(conductor: Conductor, monkeypatch: pytest.MonkeyPatch) -> Conductor:
    monkeypatch.setitem(SOURCES, "spotify", SPOTIFY)
    conductor.extracted(PLAYLIST, POPULAR)
    return conductor


def test_one_job_takes_the_runs_of_both_streams(of_two_streams: Conductor) -> None:
    assert of_two_streams.start(notice(POPULAR), notice(PLAYLIST)) == []
    (told,) = of_two_streams.glue.runs.values()
    assert told["JobName"] == f"{PREFIX}spotify"
    assert told["Arguments"]["--runs"] == "playlist/20261123T110000Z,popular/20261123T110000Z"
    assert runs_of("spotify", told["Arguments"]["--runs"]) == [PLAYLIST, POPULAR]


def test_reconcile_starts_one_job_for_both_streams(of_two_streams: Conductor) -> None:
    of_two_streams.clock.time += 5 * MINUTE
    of_two_streams.reconcile()
    assert of_two_streams.glue.told == ["playlist/20261123T110000Z,popular/20261123T110000Z"]


def test_each_run_is_told_of_the_tables_of_its_own_stream(of_two_streams: Conductor) -> None:
    of_two_streams.start(notice(POPULAR), notice(PLAYLIST))
    of_two_streams.job_writes_result(batch_of(of_two_streams, PLAYLIST), PLAYLIST, POPULAR)
    answer = of_two_streams.record(of_two_streams.glue.ends("jr_1", "SUCCEEDED"))
    assert answer["runs"] == {str(PLAYLIST): "curated", str(POPULAR): "curated"}
    tables = [len(SPOTIFY.stream(name).feeds) for name in ("playlist", "popular")]
    assert [of_two_streams.run(name).counts["inserted"] for name in (PLAYLIST, POPULAR)] == [3 * n for n in tables]


def test_two_streams_beside_other_sources_start_a_job_for_each_source(of_two_streams: Conductor) -> None:
    of_two_streams.extracted(MONDAY)
    assert of_two_streams.start(notice(POPULAR, MONDAY), notice(PLAYLIST)) == []
    assert [job["JobName"] for job in of_two_streams.glue.runs.values()] == [JOB, f"{PREFIX}spotify"]


# Record


@pytest.fixture
def curating(conductor: Conductor) -> Iterator[Conductor]:
    conductor.extracted(MONDAY, TUESDAY)
    conductor.start(notice(MONDAY), notice(TUESDAY))
    yield conductor


def batch_of(conductor: Conductor, name: RunName = MONDAY) -> str:
    return conductor.run(name).batch or ""


def test_a_job_that_succeeded_is_written_down(curating: Conductor) -> None:
    curating.job_writes_result(batch_of(curating), MONDAY, TUESDAY)
    answer = curating.record(curating.glue.ends("jr_1", "SUCCEEDED"))
    assert answer["runs"] == {str(MONDAY): "curated", str(TUESDAY): "curated"}
    item = curating.item(MONDAY)
    assert item["counts"]["M"] == {
        name: {"N": str(count)}
        for name, count in {
            "rows_in": 7,
            "merged": 4,
            "duplicates": 2,
            "set_aside": 1,
            "bad": 1,
            "inserted": 3,
            "updated": 1,
            "deleted": 0,
            "unchanged": 5,
        }.items()
    }
    assert item["seconds"] == {"M": {"merge": {"N": "1.25"}}}
    assert "unfinished" not in item and list(curating.ledger.unfinished()) == []


def test_events_that_come_again_or_late_change_nothing(curating: Conductor) -> None:
    batch = batch_of(curating)
    curating.job_writes_result(batch, MONDAY, TUESDAY)
    succeeded = curating.glue.ends("jr_1", "SUCCEEDED")
    curating.record(succeeded)
    before = curating.item(MONDAY)
    assert curating.record(succeeded)["runs"] == {str(name): "settled already" for name in (MONDAY, TUESDAY)}
    curating.record(curating.glue.ends("jr_1", "FAILED", "late"))
    assert curating.item(MONDAY) == before


@pytest.mark.parametrize("state", ["FAILED", "TIMEOUT", "STOPPED", "ERROR"])
def test_a_job_that_broke_fails_its_runs(curating: Conductor, state: str) -> None:
    ended = curating.glue.ends("jr_1", state, "8 of 100 rows are bad\nat line 3")
    curating.record(ended)
    curating.record(ended)
    run = curating.run(MONDAY)
    assert (run.state, run.attempts, run.batch, run.job_run_id) == ("failed", 1, None, "jr_1")
    assert run.reason and f"ended as {state}: 8 of 100 rows are bad at line 3" in run.reason


def test_an_event_of_an_earlier_batch_does_not_touch_the_next(curating: Conductor) -> None:
    batch, failed = batch_of(curating), curating.glue.ends("jr_1", "FAILED", "once")
    curating.record(failed)
    curating.start(notice(MONDAY), notice(TUESDAY))
    assert batch_of(curating) != batch
    before = curating.item(MONDAY)
    curating.job_writes_result(batch, MONDAY, TUESDAY)
    curating.record(failed)
    curating.record(curating.glue.ends("jr_1", "SUCCEEDED"))
    assert curating.item(MONDAY) == before


@pytest.mark.parametrize("result", [None, b"not json", b"{}", b'{"tables": {}, "by_run": []}', b"[]"])
def test_success_without_a_usable_result_is_a_failure(curating: Conductor, result: bytes | None) -> None:
    if result is not None:
        key = result_key("olympics", batch_of(curating))
        curating.s3.put_object(Bucket=curating.bucket, Key=key, Body=result)
    curating.record(curating.glue.ends("jr_1", "SUCCEEDED"))
    run = curating.run(TUESDAY)
    assert (run.state, run.attempts) == ("failed", 1)
    assert run.reason and "SUCCEEDED without a result" in run.reason


def test_a_job_whose_starter_died_is_found_by_its_batch(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    run = conductor.run(MONDAY)
    conductor.ledger.claim([run], batch_id([run]), {MONDAY: manifest_key(MONDAY)})
    conductor.glue.start_job_run(JOB, job_arguments("olympics", batch_id([run]), [MONDAY]))
    conductor.job_writes_result(batch_id([run]), MONDAY)
    conductor.record(conductor.glue.ends("jr_1", "SUCCEEDED"))
    assert (conductor.run(MONDAY).state, conductor.run(MONDAY).job_run_id) == ("curated", "jr_1")


def test_other_changes_are_named_and_dropped(curating: Conductor) -> None:
    before = curating.item(MONDAY)
    running = curating.glue.ends("jr_1", "SUCCEEDED") | {
        "detail": {"jobName": JOB, "jobRunId": "jr_1", "state": "STOPPING"}
    }
    curating.glue.runs["jr_by_hand"] = {"JobRunState": "FAILED", "Arguments": {}}
    by_hand = {"detail": {"jobName": JOB, "jobRunId": "jr_by_hand", "state": "FAILED"}}
    unknown = {"detail": {"jobName": JOB, "jobRunId": "jr_unknown", "state": "FAILED"}}
    for change in (running, by_hand, unknown, event("job-ended-foreign"), {}, {"detail": None}, {"detail": []}):
        assert "dropped" in curating.record(change)
    assert curating.item(MONDAY) == before


def test_the_saved_event_is_read_even_when_glue_is_behind_it(curating: Conductor) -> None:
    change = event("job-ended")
    job_run_id = change["detail"]["jobRunId"]
    curating.glue.runs[job_run_id] = curating.glue.runs.pop("jr_1")  # still RUNNING there
    for name in (MONDAY, TUESDAY):
        curating.ledger.job_started(name, batch_of(curating), JOB, job_run_id)
    answer = record(change, curating.glue, Jobs("lakelet-dev-curate-"), curating.settler, curating.log)
    assert answer["runs"] == {str(MONDAY): "failed", str(TUESDAY): "failed"}
    assert "8 of 100 rows are bad" in (curating.run(MONDAY).reason or "")


# Reconcile


def test_a_reader_that_did_not_come_back_is_replaced(conductor: Conductor) -> None:
    conductor.extracting(MONDAY)
    assert conductor.reconcile() == {}
    conductor.clock.time += 61
    assert conductor.reconcile() == {str(MONDAY): "reading on from page 1"}
    function, order = conductor.functions.invoked[0]
    assert function == "lakelet-test-extract-olympics"
    assert order == {"source": "olympics", "stream": "athletes", "scheduled_at": "2026-11-23T05:00:00+00:00"}
    assert conductor.run(MONDAY).attempts == 1
    assert conductor.reconcile() == {}  # it was only just called
    assert conductor.extracting(MONDAY).version == 2


def test_a_reader_that_never_comes_back_is_parked(conductor: Conductor) -> None:
    for _ in range(3):
        conductor.extracting(MONDAY)
        conductor.clock.time += 15 * MINUTE
        did = conductor.reconcile()
    assert "parked after 3 attempts" in did[str(MONDAY)]
    run = conductor.run(MONDAY)
    assert (run.state, len(conductor.functions.invoked)) == ("parked", 2)
    assert "did not come back" in (run.reason or "") and list(conductor.ledger.unfinished()) == []


def test_a_waiting_run_goes_on_when_it_is_due(conductor: Conductor) -> None:
    run = conductor.extracting(MONDAY)
    conductor.ledger.wait(run, "out of quota", int(conductor.clock.now()) + 100)
    assert conductor.reconcile() == {}
    conductor.clock.time += 100
    assert conductor.reconcile() == {str(MONDAY): "reading on from page 1"}
    assert conductor.run(MONDAY).attempts == 0


def test_a_call_that_got_lost_is_made_again(conductor: Conductor) -> None:
    conductor.ledger.fail_extract(conductor.extracting(MONDAY), "changed shape")
    for _ in range(2):
        assert conductor.reconcile() == {str(MONDAY): "reading on from page 1"}
        conductor.clock.time += 15 * MINUTE


def test_a_manifest_whose_event_was_lost_is_started(conductor: Conductor) -> None:
    conductor.extracted(MONDAY, TUESDAY)
    assert conductor.reconcile() == {}
    conductor.clock.time += 5 * MINUTE
    assert conductor.reconcile() == {str(MONDAY): "started", str(TUESDAY): "started"}
    assert conductor.glue.told == ["athletes/20261123T050000Z,athletes/20261124T050000Z"]


def test_a_failed_job_is_tried_again_up_to_the_limit(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    conductor.start(notice(MONDAY))
    for attempt in (1, 2, 3):
        conductor.record(conductor.glue.ends(f"jr_{attempt}", "FAILED", "too many bad rows"))
        did = conductor.reconcile()[str(MONDAY)]
        assert did.startswith("started" if attempt < 3 else "parked after 3 attempts: job run jr_3")
    assert conductor.run(MONDAY).state == "parked"
    assert conductor.start(notice(MONDAY)) == [] and len(conductor.glue.runs) == 3


def test_a_job_whose_end_was_not_heard_of_is_settled(curating: Conductor) -> None:
    assert curating.reconcile() == {}
    curating.job_writes_result(batch_of(curating), MONDAY, TUESDAY)
    curating.glue.ends("jr_1", "SUCCEEDED")
    assert curating.reconcile() == {str(MONDAY): "curated", str(TUESDAY): "curated"}


def test_runs_of_a_failed_batch_are_tried_again_one_by_one(curating: Conductor) -> None:
    curating.record(curating.glue.ends("jr_1", "FAILED", "8 of 100 rows of MONDAY are bad"))
    assert curating.reconcile() == {str(MONDAY): "started", str(TUESDAY): "started"}
    assert {run: curating.run(run).job_run_id for run in (MONDAY, TUESDAY)} == {MONDAY: "jr_2", TUESDAY: "jr_3"}


def test_a_job_that_glue_has_forgotten_failed(curating: Conductor) -> None:
    curating.glue.runs.clear()
    assert curating.reconcile()[str(MONDAY)] == "failed"
    assert "does not know it any more" in (curating.run(MONDAY).reason or "")


def test_a_claim_without_a_job_is_released_and_started(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    run = conductor.run(MONDAY)
    conductor.ledger.claim([run], batch_id([run]), {MONDAY: manifest_key(MONDAY)})
    conductor.clock.time += 9 * MINUTE
    assert conductor.reconcile() == {}
    conductor.clock.time += 1 * MINUTE
    assert conductor.reconcile() == {str(MONDAY): "started"}
    assert (conductor.run(MONDAY).job_run_id, conductor.run(MONDAY).attempts) == ("jr_1", 0)


def test_a_busy_job_is_left_for_the_next_time(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    conductor.clock.time += 5 * MINUTE
    conductor.glue.errors = [glue_error("ConcurrentRunsExceededException")]
    assert conductor.reconcile() == {str(MONDAY): "the job is busy"}
    assert (conductor.run(MONDAY).state, conductor.run(MONDAY).attempts) == ("extracted", 0)


def test_two_reconciles_at_once_do_each_thing_once(conductor: Conductor) -> None:
    wednesday, thursday = (RunName("olympics", "athletes", f"202611{day}T050000Z") for day in (25, 26))
    conductor.extracted(MONDAY)
    conductor.extracting(TUESDAY)
    conductor.ledger.wait(conductor.extracting(wednesday), "quota", 0)
    for _ in range(3):
        conductor.ledger.fail_extract(conductor.extracting(thursday), "changed shape")
    conductor.clock.time += 15 * MINUTE
    threads = [threading.Thread(target=conductor.reconcile) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert conductor.glue.told == ["athletes/20261123T050000Z"]
    called = [order["scheduled_at"] for _, order in conductor.functions.invoked]
    assert sorted(called) == ["2026-11-24T05:00:00+00:00", "2026-11-25T05:00:00+00:00"]
    assert (conductor.run(TUESDAY).attempts, conductor.run(thursday).state) == (1, "parked")


def test_trouble_with_one_run_is_none_for_the_others(conductor: Conductor) -> None:
    conductor.ledger.fail_extract(conductor.extracting(MONDAY), "changed shape")
    conductor.extracted(TUESDAY)
    conductor.clock.time += 5 * MINUTE
    conductor.functions.broken = True
    with pytest.raises(NotAllReconciled, match=f"{MONDAY}.*TooManyRequestsException"):
        conductor.reconcile()
    assert conductor.run(TUESDAY).state == "curating"


@pytest.mark.parametrize("before", [True, False])
def test_start_and_reconcile_survive_their_death_at_any_call(conductor: Conductor, before: bool) -> None:
    """However a start dies, reconcile brings both runs through, and at most one attempt is lost on it."""
    steady = conductor.ledger, conductor.glue
    for calls in range(1, 12):
        names = [RunName("olympics", "athletes", f"2026{calls:02}{day}T050000Z") for day in (10, 11)]
        conductor.extracted(*names)
        fuse = Fuse(calls, before)
        fused = Ledger(Fused(conductor.dynamodb, fuse), conductor.runs_table, clock=conductor.clock)
        conductor.starter = Starter(fused, Fused(conductor.glue, fuse), PREFIX, conductor.log)
        try:
            conductor.start(notice(*names))
            survived = True
        except Killed:
            survived = False
        conductor.starter = Starter(*steady, PREFIX, conductor.log)
        for _ in range(2):
            conductor.clock.time += 15 * MINUTE
            for job_run_id, job_run in list(conductor.glue.runs.items()):
                if job_run["JobRunState"] == "RUNNING":
                    conductor.job_writes_result(job_run["Arguments"]["--batch"], *names)
                    conductor.record(conductor.glue.ends(job_run_id, "SUCCEEDED"))
            conductor.reconcile()
        assert [conductor.run(name).state for name in names] == ["curated", "curated"], f"died at call {calls}"
        assert [conductor.run(name).attempts for name in names] == [0, 0]
        if survived:
            break
    assert calls == 7  # two found, claimed, job started, two notes: dying at any of six
