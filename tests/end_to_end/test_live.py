"""The real API, for which a stand-in with a key of its own stands: its lake is apart, its quota is kept to."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import stand_ins
from lakelet.cli import main
from rehearsal.kept import reopen
from rehearsal.session import Rehearsal
from sources.model import DAY
from stand_ins import StandIn
from stand_ins.faults import Faults

KEY = "the-users-own-key-4711"
Live = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def api() -> Iterator[StandIn]:
    with stand_ins.serve("olympics", athletes=40, page_size=20, key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture
def live(homes: Path, api: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Live:
    """``live("the key", "--json")``: how ``lakelet run olympics --live`` ends, and what it prints."""
    monkeypatch.setenv("LAKELET_HOME", str(homes))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def run(key: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("LAKELET_API_KEY", key)
        return main(["run", "olympics", "--live", "--api", str(api.url), *arguments]), *capsys.readouterr()

    return run


def test_a_wrong_key_is_one_line_and_the_next_step(live, api) -> None:
    code, out, err = live("not-the-key")
    assert code == 1, err
    assert "is failed: a request answers 401: the API refuses our key in the secret lakelet-dev-olympics" in out
    again = f"lakelet run olympics --live --api {api.url}"
    assert f"next     put the right key into LAKELET_API_KEY, then: {again}" in out


def test_the_right_key_goes_on_with_that_run_in_a_lake_of_its_own(live, homes, api) -> None:
    api.faults = Faults(["500@2xalways"])
    code, out, err = live(KEY)
    assert code == 3, out + err
    assert "left failed; it goes on" in err and "1 page, 20 rows" in err
    assert "is waiting: the API is not available: /athletes answers 500" in out
    assert [folder.name for folder in homes.iterdir()] == ["live"]
    for file in (file for file in (homes / "live").rglob("*") if file.is_file()):
        assert KEY.encode() not in file.read_bytes() and b"not-the-key" not in file.read_bytes()
    with reopen(homes / "live") as (account, _):
        assert account.clock.now() - time.time() < 300, "the clock of a live lake must not run ahead of the API's"


def test_the_quota_that_is_left_is_kept_to_by_the_next_command(live, homes, api) -> None:
    with Rehearsal(keep=homes / "live") as lake:
        now = lake.account.clock.now()
        table = spend_the_day(lake, now)
    assert table
    asked = len(api.requests)
    code, out, err = live(KEY, "--at", "2026-03-02T06:00:00+01:00")
    assert (code, len(api.requests)) == (3, asked), out + err
    assert "is waiting: out of quota (500 calls in 86400 s)" in out
    assert "next     after " in out


def spend_the_day(lake: Rehearsal, now: float) -> str:
    from lakelet.program import OWN

    alone = {"lakelet:sources": '["olympics"]', "lakelet:spotify": "{}"}
    outputs = lake.deploy(OWN, "dev", config=alone, secrets={"lakelet:olympicsApiKey": KEY}).outputs
    client = lake.account.client("dynamodb")
    for ahead in (0, DAY):  # the test may run at midnight
        window = f"{DAY}#{int(now + ahead) // DAY}"
        client.update_item(
            TableName=outputs["quota_table"],
            Key={"source": {"S": "olympics"}, "window": {"S": window}},
            UpdateExpression="SET used = :all",
            ExpressionAttributeValues={":all": {"N": "500"}},
        )
    return str(outputs["quota_table"])
