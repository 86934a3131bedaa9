"""What ran is counted by kind, by resource, and by what was done to it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from rehearsal.calls import Call, CallRecord, Decision
from rehearsal.honesty.executed import Heard, Tally, added, counted, judged
from rehearsal.progress import Event, ignore, tell


def call(operation: str, resource: str, status: int = 200, principal: str = "f/1", decided: Any = "allowed") -> Call:
    service, _, name = operation.partition(":")
    return Call(principal, service, name, resource, status, 0, 0, Decision(decided), 0.0)


def rehearsal(*calls: Call) -> Any:
    """A rehearsal in which these calls came about."""
    record = CallRecord()
    for each in calls:
        record.append(each)
    alarms = SimpleNamespace(states=lambda: {"dead": "OK", "cpu": "INSUFFICIENT_DATA"}, unevaluated=lambda: {"cpu": ""})
    return SimpleNamespace(
        account=SimpleNamespace(calls=record), functions=SimpleNamespace(invocations=[]),
        jobs=SimpleNamespace(records=[]), alarms=alarms,
    )  # fmt: skip


def test_calls_count_by_what_they_did_and_how_they_were_decided() -> None:
    run = rehearsal(call("s3:PutObject", "raw/a"), call("s3:PutObject", "raw/b"), call("dynamodb:Query", "runs"))
    numbers = Tally(run, Heard(ignore)).since(Tally(rehearsal(), Heard(ignore)).mark())
    assert numbers["objects"] == {"raw": {"written": 2}}
    assert numbers["items"] == {"runs": {"read": 1}}
    assert numbers["decisions"] == {"dynamodb": {"allowed": 1}, "s3": {"allowed": 2}}


def test_a_call_that_was_denied_did_nothing() -> None:
    run = rehearsal(call("s3:PutObject", "raw/a", 403, decided="denied"))
    numbers = Tally(run, Heard(ignore)).since(Tally(rehearsal(), Heard(ignore)).mark())
    assert "objects" not in numbers
    assert numbers["decisions"] == {"s3": {"denied": 1}}


def test_what_the_rehearsal_and_the_deployer_do_is_not_the_programs() -> None:
    run = rehearsal(*(call("s3:PutObject", "raw/a", principal=who) for who in ("rehearsal", "deployer")))
    assert set(Tally(run, Heard(ignore)).since(Tally(rehearsal(), Heard(ignore)).mark())) == {"alarms"}


def test_functions_and_jobs_count_by_how_they_ended_since_the_mark() -> None:
    run = rehearsal()
    tally = Tally(run, Heard(ignore))
    run.functions.invocations.append(SimpleNamespace(function="before", error=None))
    mark = tally.mark()
    run.functions.invocations += [SimpleNamespace(function="f", error=error) for error in (None, None, "ValueError")]
    run.jobs.records.append(SimpleNamespace(job_name="curate", state="SUCCEEDED"))
    numbers = tally.since(mark)
    assert numbers["functions"] == {"f": {"ended well": 2, "failed": 1}}
    assert numbers["jobs"] == {"curate": {"SUCCEEDED": 1}}


def test_schedules_rules_and_alarms_are_heard_of() -> None:
    told: list[Event] = []
    heard = Heard(told.append)
    tally = Tally(rehearsal(), heard)
    tell(heard, "schedule-fired", "before")
    mark = tally.mark()
    for kind, name in (("schedule-fired", "daily"), ("rule-matched", "ended"), ("alarm-changed", "dead")):
        tell(heard, kind, name)
    numbers = tally.since(mark)
    assert (numbers["schedules"], numbers["rules"]) == ({"daily": {"fired": 1}}, {"ended": {"matched": 1}})
    assert numbers["alarms"] == {"dead": {"changed": 1, "judged": 1}}
    assert len(told) == 4  # each was passed on


def test_what_could_not_be_handed_on_is_told_with_its_reason() -> None:
    heard = Heard(ignore)
    tally = Tally(rehearsal(), heard)
    tell(heard, "undelivered", "before", target="q", reason="no")
    mark = tally.mark()
    tell(heard, "undelivered", "raw-bucket", target="manifests", reason="its policy does not let s3 in")
    assert tally.undelivered(mark) == [
        {"name": "raw-bucket", "target": "manifests", "reason": "its policy does not let s3 in"}
    ]


def test_an_alarm_without_a_metric_was_not_judged() -> None:
    assert judged(rehearsal().alarms) == ["dead"]


def test_numbers_of_two_runs_are_summed_and_an_alarm_that_both_judged_is_one() -> None:
    one = counted([("objects", "raw", "read"), ("alarms", "dead", "judged")])
    two = counted([("objects", "raw", "read"), ("objects", "raw", "written"), ("alarms", "dead", "judged")])
    assert added(one, two) == {
        "objects": {"raw": {"read": 2, "written": 1}},
        "alarms": {"dead": {"judged": 1}},
    }
