"""`lakelet upkeep`: the job is started and awaited, and what it did is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lakelet.cli import main, make_parser
from lakelet.errors import UsageError
from lakelet.place import Outputs, Place
from lakelet.upkeep import working
from lakelet.upkeep.model import TableSize, TableUpkeep, Upkept, read_result
from lakelet.upkeep.render import as_json, as_text
from lakelet.upkeep.working import NotKeptUp, upkeep

JOB = "lakelet-dev-upkeep"
BEFORE = {"files": 45, "delete_files": 3, "bytes": 1_200_000, "snapshots": 14}
AFTER = {"files": 2, "delete_files": 0, "bytes": 900_000, "snapshots": 5}
COUNTS = {"folded": 45, "expired": 9, "removed": 50, "stray": 1, "blocked": "", "broken": ""}
NOTHING = dict.fromkeys(("folded", "expired", "removed", "stray"), 0) | {"blocked": "", "broken": ""}
IN_ORDER = {"before": AFTER, "after": AFTER, **NOTHING}
DONE = {"before": BEFORE, "after": AFTER, **COUNTS}


class Account:
    """Glue and S3 of a stack: a job whose runs go through states, and the result that they leave."""

    def __init__(self, *states: str, tables: dict[str, Any] | None = None, reason: str = "") -> None:
        self.states, self.tables, self.reason = list(states), tables, reason
        self.started: list[dict[str, Any]] = []
        self.is_busy = False

    def client(self, _service: str) -> Any:
        return self

    def start_job_run(self, **asked: Any) -> dict[str, str]:
        if self.is_busy:
            raise ClientError({"Error": {"Code": "ConcurrentRunsExceededException"}}, "StartJobRun")
        self.started.append(asked)
        return {"JobRunId": "jr_1"}

    def get_job_run(self, **_asked: Any) -> dict[str, Any]:
        state = self.states.pop(0)
        return {"JobRun": {"JobRunState": state, **({"ErrorMessage": self.reason} if self.reason else {})}}

    def get_object(self, **asked: str) -> dict[str, Any]:
        batch = self.started[0]["Arguments"]["--batch"]
        if self.tables is None or asked != {"Bucket": "curated", "Key": f"results/upkeep/batch={batch}.json"}:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps({"tables": self.tables, "seconds": 12.5}).encode())}


@pytest.fixture
def on_stack(monkeypatch: pytest.MonkeyPatch) -> Callable[[Account], None]:
    def put(account: Account) -> None:
        outputs = Outputs({"upkeep_job": JOB, "curated_bucket": "curated"}, "stack dev", "pulumi up -s dev")
        place = Place("stack dev in eu-north-1", outputs, account.client, option=" --stack dev")

        @contextmanager
        def opened(*_which: object) -> Any:
            yield place

        monkeypatch.setattr(working, "open_place", opened)
        monkeypatch.setattr(working, "LOOK_SECONDS", 0.0)

    return put


def test_the_job_is_started_and_awaited_and_its_result_read(on_stack):
    account = Account("STARTING", "RUNNING", "SUCCEEDED", tables={"songs": DONE, "songs_set_aside": None})
    on_stack(account)
    done = upkeep("dev", False, is_dry=False, is_sure=True)
    assert account.started[0]["JobName"] == JOB and account.started[0]["Arguments"]["--dry_run"] == "false"
    assert (done.job_run, done.state, done.seconds, done.exit_code) == ("jr_1", "SUCCEEDED", 12.5, 0)
    assert done.tables == (TableUpkeep("songs", TableSize(**BEFORE), TableSize(**AFTER), **COUNTS),)
    assert done.missing == ("songs_set_aside",)


def test_a_stack_is_not_changed_before_somebody_has_agreed(on_stack, monkeypatch):
    account = Account()
    on_stack(account)
    monkeypatch.setattr(working, "agrees", lambda deed, _sure: "rewrite files and drop old snapshots" not in deed)
    done = upkeep("dev", False, is_dry=False)
    assert (done.state, done.exit_code, account.started) == ("", 0, [])
    assert as_text(done) == "upkeep of stack dev in eu-north-1: nothing was changed"


def test_a_dry_run_asks_nobody(on_stack, monkeypatch):
    account = Account("SUCCEEDED", tables={"songs": IN_ORDER})
    on_stack(account)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert upkeep("dev", False, is_dry=True).state == "SUCCEEDED"
    assert account.started[0]["Arguments"]["--dry_run"] == "true"
    with pytest.raises(UsageError, match="add --yes"):
        upkeep("dev", False, is_dry=False)


def test_a_job_that_is_at_work_already_is_left_to_it(on_stack):
    account = Account()
    account.is_busy = True
    on_stack(account)
    with pytest.raises(NotKeptUp, match=f"{JOB} is at work already.*try again when it has ended"):
        upkeep("dev", False, is_dry=True)


def test_a_job_that_failed_says_why_and_where_to_read_on(on_stack):
    account = Account("FAILED", reason="no right to list")
    on_stack(account)
    done = upkeep("dev", False, is_dry=True)
    assert (done.exit_code, done.tables) == (1, ())
    assert as_text(done).splitlines()[-2:] == [
        "job run jr_1 is FAILED: no right to list",
        f"-> its output is in the log group /aws-glue/jobs/{JOB}/output",
    ]


def told(*tables: tuple[str, Any], is_dry: bool = False) -> Upkept:
    return Upkept("here", is_dry, "jr_1", "SUCCEEDED", **read_result({"tables": dict(tables), "seconds": 1.0}))


def test_nothing_to_do_is_said_in_one_line():
    every = [(name, IN_ORDER) for name in ("songs", "albums", "artists")]
    assert as_text(told(*every)) == "upkeep of here: all 3 tables in order, nothing was done"
    assert as_text(told(*every, is_dry=True)) == "upkeep of here: all 3 tables in order, nothing would be done"
    assert as_text(told(every[0])) == "upkeep of here: 1 table in order, nothing was done"


def test_what_was_done_is_shown_by_table():
    assert as_text(told(("songs", DONE), ("albums", IN_ORDER), ("artists", None))).splitlines() == [
        "upkeep of here: 1 of 2 tables was put in order",
        "  table                       files                 size deletes snapshots stray",
        "  songs                     45 -> 2   1.2 MB -> 900.0 kB      -3        -9    -1",
        "  in order: 1 more",
        "  not there yet: artists",
    ]


def test_a_dry_run_shows_what_would_be_done():
    would = {**DONE, "after": BEFORE, "removed": 0}
    assert as_text(told(("songs", would), is_dry=True)).splitlines() == [
        "upkeep of here: 1 of 1 table would be put in order",
        "  table                       files  to fold  deletes  snapshots    to go stray",
        "  songs                          45       45        3         14        9     1",
    ]


def test_what_stood_in_the_way_is_told_with_the_table():
    lines = as_text(told(("songs", {**IN_ORDER, "blocked": "fold: Found new deletes"}))).splitlines()
    assert lines[-1] == "    in the way, and left for the next time: fold: Found new deletes"


def test_no_line_is_wider_than_a_terminal():
    wide = {**DONE, "before": dict.fromkeys(BEFORE, 9_999), "after": dict.fromkeys(BEFORE, 1_001)}
    long = {**wide, "broken": "expire: " + "word " * 40}
    for is_dry in (False, True):
        text = as_text(told(("playlist_entries_set_aside", long), is_dry=is_dry))
        assert max(map(len, text.splitlines())) <= 80


def test_as_json_it_is_what_the_job_told():
    found = json.loads(as_json(told(("songs", DONE), ("artists", None))))
    assert found["tables"] == [{"table": "songs", **DONE}]
    assert (found["missing"], found["is_dry"], found["state"]) == (["artists"], False, "SUCCEEDED")


def test_the_command_line_says_what_to_do(on_stack, capsys):
    on_stack(Account("SUCCEEDED", tables={"songs": IN_ORDER}))
    assert main(["upkeep", "--stack", "dev", "--dry-run"]) == 0
    assert capsys.readouterr().out == ("upkeep of stack dev in eu-north-1: 1 table in order, nothing would be done\n")
    assert make_parser().parse_args(["upkeep", "--json"]).stack is None
