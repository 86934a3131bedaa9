"""`lakelet status` of a deployed lake whose state was made by hand, at home and through a stack's own door."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import NestedField, StringType

from lakelet import cli
from lakelet.hands import Lake
from lakelet.lake import open_lake
from lakelet.place import Place, open_place
from lakelet.progress import Progress
from lakelet.redrive import HIDDEN_SECONDS, send_on
from lakelet.request import Request
from lakelet.status.gather import chosen, look
from lakelet.status.model import Status
from lakelet.status.render import as_json, as_text
from lakelet.tables import open_catalog, properties_of
from lambdas.clock import iso
from lambdas.items import pack_item
from sources import SOURCES
from sources.layout import RunName, manifest_key
from sources.model import MINUTE

RUN = "olympics/athletes/2026030{}T050000Z"
READING = re.compile(r"^(Get|List|Describe|Query|Scan|Head|BatchGet)\w*$")
COUNTS = {"rows_in": 6, "merged": 3, "duplicates": 1, "set_aside": 2, "inserted": 3, "updated": 0, "deleted": 0,
          "unchanged": 0}  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Iterator[Lake]:
    request = Request(sources=("olympics",))
    with (
        Progress(io.StringIO()) as progress,
        open_lake(request, request.chosen(), progress, keep=tmp_path_factory.mktemp("lake")) as lake,
    ):
        yield lake


@pytest.fixture(scope="module", autouse=True)
def now(lake: Lake) -> float:
    """One run of each kind, calls of this minute, two dead letters, and two tables. The minute does not pass."""
    now = lake.rehearsal.account.clock.now()
    put_run(lake, 1, state="curated", page=3, rows=6, counts=COUNTS)
    put_run(lake, 2, state="parked", attempts=3, reason="page 1 has no field 'athletes'")
    put_run(lake, 3, state="waiting", page=4, rows=30, cursor="4", resume_at=int(now) + 600, reason="out of quota",
            updated_at=iso(now))  # fmt: skip
    spend(lake, now, 60, 7)
    spend(lake, now, 86_400, 500)
    send(lake, "manifests_dead_queue", json.dumps(notice_of(RUN.format(2))))
    send(lake, "given_up_queue", "rubbish")
    make_tables(lake)
    return now


def notice_of(run: str) -> dict[str, Any]:
    key = manifest_key(RunName.parse(run))
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": key}}}]}


def put_run(lake: Lake, day: int, **told: Any) -> None:
    source, stream, run = RUN.format(day).split("/")
    usual = {"page": 1, "rows": 0, "bytes": 0, "attempts": 0, "version": 1, "updated_at": "2026-03-02T05:00:09+00:00"}
    item = {"stream": f"{source}/{stream}", "run": run, **usual, **told}
    lake.rehearsal.account.client("dynamodb").put_item(TableName=lake.outputs["runs_table"], Item=pack_item(item))


def spend(lake: Lake, now: float, seconds: int, used: int) -> None:
    item = {"source": "olympics", "window": f"{seconds}#{int(now) // seconds}", "used": used}
    lake.rehearsal.account.client("dynamodb").put_item(TableName=lake.outputs["quota_table"], Item=pack_item(item))


def send(lake: Lake, queue: str, body: str) -> None:
    lake.rehearsal.account.client("sqs").send_message(QueueUrl=lake.outputs[queue], MessageBody=body)


def make_tables(lake: Lake) -> None:
    account = lake.rehearsal.account
    catalog = open_catalog(properties_of(account.credentials()), account.client("glue"))
    at = f"s3://{lake.outputs['curated_bucket']}/warehouse"
    fields = NestedField(1, "reason", StringType()), NestedField(2, "source_run", StringType())
    by_run = PartitionSpec(PartitionField(2, 1000, IdentityTransform(), "source_run"))
    name = lake.outputs["database"], "athletes_set_aside"
    aside = catalog.create_table(name, Schema(*fields), f"{at}/aside", by_run)
    rows = [("no id", "20260301T050000Z"), ("unreadable", "20260301T050000Z"), ("no id", "20251231T050000Z")]
    aside.append(pa.table({"reason": [each for each, _ in rows], "source_run": [each for _, each in rows]}))
    name = lake.outputs["database"], "athletes"
    athletes = catalog.create_table(name, Schema(NestedField(1, "id", StringType())), f"{at}/athletes")
    athletes.append(pa.table({"id": ["1", "2"]}), snapshot_properties={"run_id": "first"})
    athletes.append(pa.table({"id": ["3"]}), snapshot_properties={"run_id": "second"})


@pytest.fixture(scope="module")
def home(lake: Lake, now: float) -> Place:
    account = lake.rehearsal.account
    return Place("the lake in here", lake.outputs, account.client, lambda: now,
                 properties_of(account.credentials()), lake.rehearsal.kept)  # fmt: skip


@pytest.fixture(scope="module")
def seen(home: Place) -> Status:
    """The lake as `lakelet status` shows it."""
    return status_of(home)


@pytest.fixture
def stack(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A stack of a user: a pulumi that tells its outputs, and AWS credentials in the environment."""
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(lake.outputs))
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(
        f'#!/bin/sh\n[ "$*" = "stack output --json --stack dev" ] && exec cat {outputs}\n'
        'echo "no stack $5" >&2; exit 1\n'
    )
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    for name, value in lake.rehearsal.account.credentials().environment().items():
        monkeypatch.setenv(name, value)
    return "dev"


def status_of(place: Place, **asked: Any) -> Status:
    return look(place, chosen(place, ()), **asked)


def test_a_source_is_told_by_its_runs_its_tables_and_what_is_left_of_its_quota(seen: Status) -> None:
    olympics, _ = seen.sources
    (athletes,) = olympics.streams
    assert [(run.run, run.state) for run in athletes.runs] == [
        (RUN.format(3), "waiting"), (RUN.format(2), "parked"), (RUN.format(1), "curated")]  # fmt: skip
    waiting, _, curated = athletes.runs
    assert (waiting.pages, waiting.rows_in, waiting.cursor) == (3, 30, "4")
    assert {name: getattr(curated, name) for name in COUNTS} == COUNTS
    assert [(limit.seconds, limit.left) for limit in olympics.quota] == [(60, 53), (86_400, 0)]
    assert [(each.table, each.rows, each.files, each.snapshots) for each in olympics.tables] == [
        ("athletes", 3, 2, 2), ("athletes_set_aside", 3, 2, 1)]  # fmt: skip
    assert olympics.tables[0].newest_run == "second" and olympics.tables[0].bytes > 0
    # The third row was set aside in a run that is not shown.
    assert olympics.set_aside == {"no id": 1, "unreadable": 1}


def test_the_schedule_is_told_by_its_own_expression(lake: Lake, now: float, seen: Status) -> None:
    schedule = seen.sources[0].streams[0].schedule
    assert (schedule.expression, schedule.zone, schedule.is_enabled) == ("cron(0 6 * * ? *)", "Europe/Stockholm", True)
    name = lake.outputs["schedules"]["olympics/athletes"]
    assert schedule.next == iso(lake.rehearsal.next_time(name, after=now))


def test_each_thing_that_does_not_come_right_by_itself_has_its_next_step(seen: Status) -> None:
    wants = {each.what: each.next for each in seen.attention}
    assert wants.pop(f"run {RUN.format(2)} is parked after 3 attempts: page 1 has no field 'athletes'") == (
        f"mend its cause, then: lakelet retry {RUN.format(2)}"
    )
    assert wants.pop(f"run {RUN.format(3)} is waiting: out of quota") == "go on with: lakelet run olympics"
    assert wants.pop("dead letters in manifests-dead: 1") == "mend the cause, then: lakelet redrive manifests"
    assert wants.pop("dead letters in given-up: 1") == "mend the cause, then: lakelet redrive given-up"
    assert wants == {f"no run of spotify/{stream} yet": "lakelet run spotify" for stream in ("playlist", "popular")}


def test_on_a_stack_what_goes_on_by_itself_wants_no_attention_until_it_is_late(home: Place) -> None:
    stack = replace(home, kept=None, option=" --stack dev")
    wants = status_of(stack).attention
    assert [each.what for each in wants if "waiting" in each.what] == []
    assert f"mend its cause, then: lakelet retry {RUN.format(2)} --stack dev" in [each.next for each in wants]
    later = replace(stack, now=lambda: home.now() + 600 + 46 * MINUTE)
    (late,) = [each for each in status_of(later).attention if "waiting" in each.what]
    assert "nothing takes it up" in late.what and "aws logs tail /aws/lambda/lakelet-dev-reconcile" in late.next


def test_an_old_run_that_is_parked_is_seen_however_many_came_after_it(home: Place) -> None:
    runs = status_of(home, runs=1).sources[0].streams[0].runs
    assert [run.state for run in runs] == ["waiting", "parked"]


def test_dead_letters_are_told_of_only_when_they_are_peeked_at_and_stay(home: Place, seen: Status) -> None:
    assert [queue.messages for queue in seen.queues] == [(), (), ()]
    for _ in range(2):
        _, dead, given_up = status_of(home, peeks=True).queues
        assert (dead.waiting, dead.in_flight, given_up.waiting) == (1, 0, 1)
        assert dead.messages[0].startswith(f"the manifest of {RUN.format(2)}, since 2")
        assert given_up.messages[0].startswith("a message of another kind: rubbish")


def test_an_alarm_that_rings_is_named_with_its_first_step(lake: Lake, home: Place, seen: Status) -> None:
    cloudwatch = lake.rehearsal.account.client("cloudwatch")
    (name, *_) = sorted(lake.outputs["alarms"])
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="5 is greater than 0")
    try:
        status = status_of(home)
    finally:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="over")
    assert [(each.alarm, each.reason) for each in status.alarms] == [(name, "5 is greater than 0")]
    (wants,) = [each for each in status.attention if each.what.startswith(f"alarm {name} rings")]
    assert wants.next == status.alarms[0].description and "--stack" not in wants.next
    assert seen.alarms == ()


def test_the_first_line_says_whether_all_is_well(home: Place) -> None:
    status = status_of(home, peeks=True)
    text = as_text(status)
    assert text.splitlines()[0] == "6 things want attention"
    assert as_text(replace(status, attention=())).splitlines()[0] == "all well"
    assert as_text(replace(status, attention=status.attention[:1])).splitlines()[0] == "1 thing wants attention"
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert "calls left: 53 of 60 a minute, 0 of 500 a day" in text
    assert "reads on at page 4, cursor 4" in text
    assert text.count("lakelet retry") == 1


def test_a_command_can_be_copied_however_long_it_is(home: Place) -> None:
    stack = replace(home, kept=None, option=" --stack a-stack-with-a-name")
    lines = as_text(status_of(stack)).splitlines()
    assert f"      lakelet retry {RUN.format(2)} --stack a-stack-with-a-name" in lines
    waits = lines.index("    reads on at page 4, cursor 4")
    assert lines[waits + 1] == "    out of quota" and "-> goes on by itself" in lines[waits + 2]


def test_json_has_the_keys_that_are_documented(seen: Status) -> None:
    documented = set(re.findall(r"`(\w+)`", (Path(cli.__file__).parents[1] / "docs" / "status.md").read_text()))
    told = json.loads(as_json(seen))
    assert set(keys_of(told)) - documented == set()
    assert told["sources"][0]["streams"][0]["runs"][2]["rows_in"] == 6


def keys_of(told: Any, field: str = "") -> Iterator[str]:
    if isinstance(told, dict):
        for name, each in told.items():
            if field != "set_aside":  # reasons are no keys
                yield name
            yield from keys_of(each, name)
    elif isinstance(told, list):
        for each in told:
            yield from keys_of(each)


def test_a_source_that_is_not_there_is_a_wrong_call(stack: str, capsys) -> None:
    assert cli.main(["status", "tennis", "--stack", stack]) == 2
    assert "has no source 'tennis'; there are: olympics" in capsys.readouterr().err


def test_a_stack_is_looked_at_with_the_users_own_credentials_and_nothing_is_changed(
    lake: Lake, stack: str, capsys
) -> None:
    mark = lake.rehearsal.account.calls.mark()
    assert cli.main(["status", "--json", "--stack", stack]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["place"] == f"stack dev in {lake.outputs['region']}"
    assert told["sources"][0]["set_aside"] == {"no id": 1, "unreadable": 1}
    calls = lake.rehearsal.account.calls.since(mark)
    assert len(calls) > 10
    assert [f"{call.service}:{call.operation}" for call in calls if not READING.match(call.operation)] == []


def test_catalog_and_clients_of_a_stack_agree_on_where_to_ask(lake: Lake, stack: str) -> None:
    with open_place(stack) as place:
        assert place.catalog_properties["glue.endpoint"] == lake.rehearsal.account.endpoint
        assert place.client("sqs") is place.client("sqs")
        assert not place.is_home


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"AWS_PROFILE": "wrok"}, r"lakelet: .*\(wrok\).*; see `aws configure list-profiles`, then set AWS_PROFILE.*"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, r"lakelet: AWS does not answer: .*; check the network, .*"),
        (
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
            r"lakelet: there are no AWS credentials for stack dev; .*",
        ),
    ],
)
def test_an_account_that_cannot_be_asked_is_one_line(stack: str, monkeypatch, capsys, environment, line) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    for name, value in environment.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    assert cli.main(["status", "--stack", stack]) == 1
    told = capsys.readouterr()
    assert told.out == "" and re.fullmatch(line, told.err.strip()), told.err


def test_a_stack_that_pulumi_does_not_know_is_one_line(stack: str, capsys) -> None:
    assert cli.main(["status", "--stack", "prod"]) == 1
    assert capsys.readouterr().err.strip() == (
        "lakelet: pulumi knows no outputs of stack 'prod': no stack prod; see `pulumi stack ls`"
    )


def test_a_table_that_is_gone_is_told_as_a_stack_that_is_not_there(lake: Lake, stack: str, tmp_path, capsys) -> None:
    (tmp_path / "outputs.json").write_text(json.dumps({**lake.outputs, "runs_table": "lakelet-dev-nowhere"}))
    assert cli.main(["status", "--stack", stack]) == 1
    assert re.search(r"Query finds nothing of stack dev in \S+ .*; .*pulumi up -s dev", capsys.readouterr().err)


def test_a_stack_of_an_older_program_is_told_as_one(lake: Lake, stack: str, tmp_path, capsys) -> None:
    older = {name: value for name, value in lake.outputs.items() if name not in ("given_up_queue", "alarms")}
    (tmp_path / "outputs.json").write_text(json.dumps(older))
    assert cli.main(["status", "--stack", stack]) == 1
    assert re.fullmatch(
        r"lakelet: stack dev in \S+ does not tell its given_up_queue: .*; run: pulumi up -s dev",
        capsys.readouterr().err.strip(),
    )


def test_every_source_of_the_program_is_shown(home: Place) -> None:
    assert [source.name for source in chosen(home, ())] == sorted(SOURCES)


# What changes a stack. These come last.


def state_of(lake: Lake, day: int) -> str:
    return lake.entry(RunName.parse(RUN.format(day))).get("state", "none")


def waiting_in(lake: Lake, queue: str) -> int:
    return sum(visible_and_hidden(lake, queue))


def visible_and_hidden(lake: Lake, queue: str) -> tuple[int, int]:
    asked = {"QueueUrl": lake.outputs[queue], "AttributeNames": ["All"]}
    told = lake.rehearsal.account.client("sqs").get_queue_attributes(**asked)["Attributes"]
    return int(told["ApproximateNumberOfMessages"]), int(told["ApproximateNumberOfMessagesNotVisible"])


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (
            "20260302T050000Z",
            r"lakelet: '20260302T050000Z' does not name a run; .*did you mean olympics/athletes/2026.*",
        ),
        ("olympics/athletes/20260302T060000Z", r"lakelet: there is no run .*; did you mean olympics/athletes/2026.*"),
        ("olympics/rowers/x", r"lakelet: there is no run olympics/rowers/x in stack dev .*"),
        ("tennis/players/20260302T050000Z", r"lakelet: no source 'tennis'; there are: olympics, spotify"),
    ],
)
def test_a_run_that_is_not_there_is_a_wrong_call_with_the_near_ones(stack: str, capsys, run, line) -> None:
    assert cli.main(["retry", run, "--stack", stack]) == 2
    assert re.fullmatch(line, capsys.readouterr().err.strip())


@pytest.mark.parametrize(
    ("day", "code", "said"), [(1, 0, "is curated"), (3, 3, "goes on by itself at the first quarter after 20")]
)
def test_a_run_that_is_not_parked_is_left_as_it_is(lake: Lake, stack: str, capsys, day, code, said) -> None:
    before = lake.entry(RunName.parse(RUN.format(day)))
    assert cli.main(["retry", RUN.format(day), "--stack", stack]) == code
    assert said in capsys.readouterr().out
    assert lake.entry(RunName.parse(RUN.format(day))) == before


@pytest.mark.parametrize("command", [["retry", RUN.format(2)], ["redrive", "given-up"]])
def test_nothing_is_changed_in_a_real_account_unasked(lake: Lake, stack: str, capsys, command) -> None:
    mark = lake.rehearsal.account.calls.mark()
    assert cli.main([*command, "--stack", stack]) == 2
    assert "would change a real account, and there is nobody to ask; add --yes" in capsys.readouterr().err
    calls = lake.rehearsal.account.calls.since(mark)
    assert calls and [call.operation for call in calls if not READING.match(call.operation)] == []


def test_a_parked_run_of_a_stack_is_taken_up_by_its_own_reconcile(lake: Lake, stack: str, capsys) -> None:
    assert cli.main(["retry", RUN.format(2), "--stack", stack, "--yes"]) == 3
    assert f"{RUN.format(2)} is failed" in (said := capsys.readouterr().out)
    assert "reading on from page 1; follow it with: lakelet status olympics --stack dev" in said
    lake.rehearsal.settle()
    assert state_of(lake, 2) == "waiting"  # the calls of this day are spent


def test_dead_letters_of_a_stack_go_on_and_what_is_not_understood_stays(
    lake: Lake, stack: str, capsys, monkeypatch
) -> None:
    monkeypatch.setattr("lakelet.redrive.WAIT_SECONDS", 0)
    order = {"source": "olympics", "stream": "athletes", "scheduled_at": "2026-03-04T05:00:00Z"}
    arn = f"arn:aws:lambda:eu-north-1:123456789012:function:{lake.outputs['extract_functions']['olympics']}"
    context = {"functionArn": f"{arn}:$LATEST", "condition": "EventAgeExceeded"}
    send(lake, "given_up_queue", json.dumps({"requestContext": context, "requestPayload": order}))
    foreign = {"functionArn": f"{arn}-of-another", "condition": "EventAgeExceeded"}
    send(lake, "given_up_queue", json.dumps({"requestContext": foreign, "requestPayload": order}))

    assert cli.main(["redrive", "given-up", "--stack", stack, "--yes", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each.split(":")[0] for each in told["sent"]] == [f"call of {arn.split(':')[-1]} for {RUN.format(4)}"]
    assert sorted(each["why"] for each in told["left"]) == [
        "it is neither a call that failed nor one that could not be delivered",
        f"{arn.split(':')[-1]}-of-another is no function of this lake",
    ]
    assert waiting_in(lake, "given_up_queue") == 2
    lake.rehearsal.settle()
    assert state_of(lake, 4) == "waiting"


def test_manifests_go_back_to_the_queue_they_came_from(lake: Lake, stack: str, capsys, monkeypatch) -> None:
    monkeypatch.setattr("lakelet.redrive.WAIT_SECONDS", 0)
    assert cli.main(["redrive", "manifests", "--stack", stack, "--yes"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[:2] == [
        "manifests-dead: 1 sent on, 0 left", f"  sent on  the manifest of {RUN.format(2)}"]  # fmt: skip
    assert (waiting_in(lake, "manifests_dead_queue"), waiting_in(lake, "manifests_queue")) == (0, 1)
    assert cli.main(["redrive", "manifests", "--stack", stack]) == 0
    assert capsys.readouterr().out == "manifests-dead: nothing is in it, and nothing was done\n"


@pytest.mark.parametrize("call", ["send_message", "delete_message"])
def test_a_cut_in_the_middle_of_a_redrive_loses_no_letter(lake: Lake, call: str) -> None:
    account = lake.rehearsal.account
    send(lake, "manifests_dead_queue", json.dumps(notice_of(RUN.format(1))))

    class Cut:
        """SQS up to the moment of one of its calls."""

        def __getattr__(self, name: str) -> Any:
            if name == call:
                raise KeyboardInterrupt
            return getattr(account.client("sqs"), name)

    def client(service: str) -> Any:
        return Cut() if service == "sqs" else account.client(service)

    with pytest.raises(KeyboardInterrupt):
        send_on(client, lake.outputs, "manifests", account.clock.now())
    account.clock.advance(HIDDEN_SECONDS + 1)
    sent, left = send_on(account.client, lake.outputs, "manifests", account.clock.now())
    assert ([letter.runs for letter in sent], left) == ([(RUN.format(1),)], ())


def test_what_arrives_while_a_redrive_is_at_work_waits_for_the_next(lake: Lake) -> None:
    """A call that fails again at once comes back as a new letter: it would go round and round."""
    began = lake.rehearsal.account.clock.now() - 60
    send(lake, "manifests_dead_queue", json.dumps(notice_of(RUN.format(1))))
    assert send_on(lake.rehearsal.account.client, lake.outputs, "manifests", began) == ((), ())
    assert visible_and_hidden(lake, "manifests_dead_queue") == (1, 0)
