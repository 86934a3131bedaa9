"""A deliberate failure at home and its repair: a page that always breaks, a call given up, then the commands."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lakelet import cli
from lakelet.lake import open_lake
from lakelet.outcome import RunOutcome
from lakelet.place import home
from lakelet.progress import Progress
from lakelet.request import Request
from sources import find_source
from sources.layout import RunName
from sources.model import run_id

OLYMPICS = find_source("olympics")


@pytest.fixture(scope="module", autouse=True)
def mess(tmp_path_factory) -> Iterator[tuple[str, RunOutcome]]:
    """A lake at home with a run that broke three times, and the call for the next day's run given up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKELET_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr("sys.stdin", io.StringIO())
        yield make_a_mess(home())


@pytest.fixture
def parked(mess) -> str:
    return str(mess[0])


def make_a_mess(folder: Path) -> tuple[str, RunOutcome]:
    request = Request(sources=("olympics",), faults=("shapexalways",))
    with Progress(io.StringIO()) as progress, open_lake(request, request.chosen(), progress, keep=folder) as lake:
        broken = lake.play_day(OLYMPICS, 0)[0].run
        for _ in range(3):
            lake.reconcile()
        functions = lake.rehearsal.account.client("lambda")
        extract = lake.outputs["extract_functions"]["olympics"]
        functions.put_function_concurrency(FunctionName=extract, ReservedConcurrentExecutions=0)
        schedule = lake.outputs["schedules"]["olympics/athletes"]
        moment = lake.rehearsal.fire(schedule, at=lake.rehearsal.next_time(schedule))
        lake.rehearsal.settle()
        never_begun = RunName("olympics", "athletes", run_id(datetime.fromtimestamp(moment, UTC).isoformat()))
        return broken, lake.outcome(OLYMPICS.stream("athletes"), never_begun)


def lakelet(*arguments: str) -> int:
    return cli.main(list(arguments))


def test_status_leads_to_the_repair(parked: str, capsys) -> None:
    assert lakelet("status", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    steps = {each["what"].split(":")[0]: each["next"] for each in told["attention"]}
    assert steps[f"run {parked} is parked after 3 attempts"] == f"mend its cause, then: lakelet retry {parked}"
    assert steps["dead letters in given-up"] == "mend the cause, then: lakelet redrive given-up"
    (given_up,) = [queue for queue in told["queues"] if queue["queue"] == "given-up"]
    assert given_up["messages"][0].startswith("call of lakelet-dev-extract-olympics for olympics/athletes/")
    assert "EventAgeExceeded" in given_up["messages"][0]


def test_a_run_that_was_never_begun_is_told_with_its_next_step(mess) -> None:
    _, outcome = mess
    assert (outcome.state, outcome.exit_code) == ("unknown", 1)
    assert outcome.reason.startswith("the ledger has nothing of it")
    assert outcome.next_step == "mend its cause, then: lakelet run olympics"
    assert Path(outcome.log).read_text()


def test_what_the_run_wrote_is_in_a_file_beside_the_lake(parked: str) -> None:
    log = home() / "logs" / f"{parked.replace('/', '-')}.log"
    assert "/aws/lambda/lakelet-dev-extract-olympics\n" in log.read_text()
    assert f'"run": "{parked}"' in log.read_text() and "expected only the fields" in log.read_text()


def test_a_parked_run_is_mended_and_reaches_its_tables(parked: str, capsys) -> None:
    assert lakelet("retry", parked, "--json", "--stand-in", "athletes=40") == 0
    (outcome,) = json.loads(capsys.readouterr().out)
    assert (outcome["run"], outcome["state"]) == (parked, "curated")
    assert outcome["counts"]["inserted"] == sum(outcome["rows_by"]["athletes by sport"].values()) > 40 - 1


def test_a_call_that_was_given_up_is_made_again(parked: str, capsys) -> None:
    """The API is not there, so that this run ends early; what counts is that it was begun at all."""
    assert lakelet("redrive", "given-up", "--source", "olympics", "--api", "http://127.0.0.1:9", "--json") == 3
    told = json.loads(capsys.readouterr().out)
    assert (len(told["sent"]), told["left"]) == (1, [])
    (run,) = told["runs"]
    assert run["state"] == "waiting" and run["run"] > parked
    assert lakelet("redrive", "given-up") == 0
    assert capsys.readouterr().out == "given-up: nothing is in it, and nothing was done\n"


def test_what_is_not_parked_is_left_as_it_is(parked: str, capsys) -> None:
    assert lakelet("retry", parked) == 0
    assert f"run {parked} is curated" in capsys.readouterr().out
    assert lakelet("retry", parked.replace("athletes", "atheletes")) == 2
    assert f"did you mean {parked}" in capsys.readouterr().err
