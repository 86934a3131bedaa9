"""The edges: environment, events, and that nothing happens at import."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lambdas.conduct import reconcile, record, start
from lambdas.conduct.settings import RecordSettings, StartSettings
from lambdas.errors import SettingMissing
from lambdas.extract import handler
from lambdas.extract.settings import NotAChoice, NotAnOrder, NotPrivate, Order, Settings
from lambdas.logs import Log
from sources import SOURCES
from sources.model import ClientCredentials
from sources.spotify import SPOTIFY
from tests.lambdas.conftest import Desk, FakeApi, Tables

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "tests/events"


@pytest.fixture(autouse=True)
def new_container() -> Iterator[None]:
    """Functions keep their clients for the life of a container: here, a test."""
    yield
    for made in (handler.tools_of, start._clients, record._clients, reconcile._clients):
        made.cache_clear()


class Context:
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


def test_the_extract_function_runs_from_its_environment(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = desk(FakeApi([]))
    assert here.api is not None
    for name, value in {
        "STACK": "test",
        "RAW_BUCKET": here.bucket,
        "RUNS_TABLE": here.tables.runs,
        "PAGES_TABLE": here.tables.pages,
        "QUOTA_TABLE": here.tables.quota,
        "SECRET_ID": here.secret_id,
        "API_URL": here.api.url,
    }.items():
        monkeypatch.setenv(name, value)
    answer = handler.handler(json.loads((EVENTS / "extract.json").read_text()), Context)
    # This API wants the key in another header than the Olympics' own.
    assert (answer["run"], answer["state"]) == ("olympics/athletes/20261121T050000Z", "failed")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines[-2:]] == ["failed", "call ended"]
    assert {(line["stack"], line["run"], line["page"]) for line in lines} == {("test", answer["run"], 1)}
    assert here.api.asked == [{"year": "2024", "page": "1"}] * 2


def test_the_conducting_functions_run_from_their_environment(
    aws: Callable[[str], Any], tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "STACK": "test",
        "RUNS_TABLE": tables.runs,
        "CURATED_BUCKET": "curated",
        "JOB_PREFIX": "job-",
        "EXTRACT_PREFIX": "extract-",
        "STREAMS": "olympics/athletes,spotify/playlist",
    }.items():
        monkeypatch.setenv(name, value)
    messages = json.loads((EVENTS / "manifest-messages.json").read_text())
    assert start.handler(messages, None) == {"batchItemFailures": []}
    assert "dropped" in record.handler(json.loads((EVENTS / "job-ended-foreign.json").read_text()), None)
    assert reconcile.handler({}, None) == {}


def test_importing_needs_no_environment_and_conducting_no_requests() -> None:
    code = (
        "import sys, lambdas.conduct.start, lambdas.conduct.record, lambdas.conduct.reconcile\n"
        "assert 'requests' not in sys.modules\n"
        "import lambdas.extract.handler"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True)


@pytest.mark.parametrize("name", ["RUNS_TABLE", "JOB_PREFIX"])
def test_a_missing_variable_is_named(name: str) -> None:
    environment = {"RUNS_TABLE": "runs", "CURATED_BUCKET": "curated", "JOB_PREFIX": "job-"}
    assert StartSettings.from_environment(environment) == StartSettings("runs", "job-", "")
    assert RecordSettings.from_environment(environment).job_prefix == "job-"
    with pytest.raises(SettingMissing, match=name):
        RecordSettings.from_environment(environment | {name: ""})


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ({}, "no 'source'"),
        (None, "no 'source'"),
        ({"source": "chess", "stream": "athletes", "scheduled_at": "2026-11-21T05:00:00Z"}, "'chess'"),
        ({"source": "olympics", "stream": "judges", "scheduled_at": "2026-11-21T05:00:00Z"}, "'judges'"),
        ({"source": "olympics", "stream": "athletes", "scheduled_at": "2026-11-21T05:00:00"}, "no time zone"),
        ({"source": "olympics", "stream": "athletes", "scheduled_at": "today"}, "today"),
    ],
)
def test_an_event_that_asks_for_no_run_is_refused_in_one_line(event: Any, word: str) -> None:
    with pytest.raises(NotAnOrder) as caught:
        Order.of(event, {})
    assert word in str(caught.value) and "\n" not in str(caught.value)


def test_the_run_is_named_after_the_scheduled_time() -> None:
    order = Order.of({"source": "olympics", "stream": "athletes", "scheduled_at": "2026-11-21T06:00:00+01:00"}, {})
    assert str(order.run) == "olympics/athletes/20261121T050000Z"


@pytest.mark.parametrize(
    ("api_url", "used"),
    [
        ("", "https://olympic-sports-api.p.rapidapi.com"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://example.org/v1", "https://example.org/v1"),
        ("http://example.org", None),
        ("http://127.0.0.1.example.org", None),
        ("ftp://localhost", None),
    ],
)
def test_the_key_is_never_sent_in_clear_to_another_machine(api_url: str, used: str | None) -> None:
    settings = Settings("raw", "runs", "pages", "quota", "secret", api_url)
    if used is None:
        with pytest.raises(NotPrivate, match=re.escape(repr(api_url))):
            settings.url_of(SOURCES["olympics"])
    else:
        assert settings.url_of(SOURCES["olympics"]) == used


SPOTIFY_AT = {
    "": "https://accounts.spotify.com/api/token",
    "https://api.spotify.com/": "https://accounts.spotify.com/api/token",
    "http://127.0.0.1:8080/": "http://127.0.0.1:8080/api/token",
    "https://example.org/spotify": "https://example.org/spotify/api/token",
}


@pytest.mark.parametrize(("api_url", "token_url"), SPOTIFY_AT.items())
def test_tokens_are_given_where_the_api_is_unless_it_is_the_real_one(api_url: str, token_url: str) -> None:
    settings = Settings("raw", "runs", "pages", "quota", "secret", api_url)
    assert isinstance(SPOTIFY.api.auth, ClientCredentials)
    assert settings.token_url_of(SPOTIFY, SPOTIFY.api.auth) == token_url


def test_a_key_is_not_sent_in_clear_for_a_token_either() -> None:
    with pytest.raises(NotPrivate, match="example"):
        Settings("raw", "runs", "pages", "quota", "secret", "http://example.org").token_url_of(
            SPOTIFY, ClientCredentials("https://accounts.spotify.com/api/token")
        )
    with pytest.raises(NotPrivate, match="accounts"):
        Settings("raw", "runs", "pages", "quota", "secret", "").token_url_of(
            SPOTIFY, ClientCredentials("http://accounts.spotify.com/api/token")
        )


ENVIRONMENT = {f"{name}_{kind}": "x" for name, kind in (("RUNS", "TABLE"), ("PAGES", "TABLE"), ("QUOTA", "TABLE"))}
ENVIRONMENT |= {"RAW_BUCKET": "x", "SECRET_ID": "x"}
PLAYLISTS = {"source": "spotify", "stream": "playlist", "scheduled_at": "2026-11-21T05:00:00Z"}


def test_what_a_stack_has_chosen_comes_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "spotify", SPOTIFY)
    assert Settings.from_environment(ENVIRONMENT).options == {}
    chosen = {"playlists": ["StandInPlaylist0000001"], "endpoint": "tracks"}
    settings = Settings.from_environment(ENVIRONMENT | {"OPTIONS": json.dumps(chosen)})
    stream = Order.of(PLAYLISTS, settings.options).stream
    assert (stream.path, stream.parts) == ("/v1/playlists/{part}/tracks", ("StandInPlaylist0000001",))


@pytest.mark.parametrize("text", ["{", "[]", "null", '"items"'])
def test_options_that_are_no_object_are_refused(text: str) -> None:
    with pytest.raises(NotAChoice, match="OPTIONS is"):
        Settings.from_environment(ENVIRONMENT | {"OPTIONS": text})


def test_an_option_that_cannot_be_is_refused_with_where_to_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "spotify", SPOTIFY)
    with pytest.raises(NotAChoice, match=r"endpoint has 'albums'.*; change lakelet:spotify in the stack"):
        Order.of(PLAYLISTS, {"endpoint": "albums"})


def test_log_lines_are_json_and_say_what_they_are_about() -> None:
    lines: list[str] = []
    log = Log({"run": "r"}, lines.append, mask=lambda text: text.replace("key", "***"))
    log.of(page=3).info("stored\nnow", rows=7, why="the key \ud800")
    assert [json.loads(line) for line in lines] == [
        {"level": "info", "event": "stored\nnow", "run": "r", "page": 3, "rows": 7, "why": "the *** \\ud800"}
    ]
    assert len(lines[0].splitlines()) == 1


def test_the_vendored_versions_are_those_of_the_project() -> None:
    def pins(path: Path) -> dict[str, str]:
        blocks = re.findall(r"^(\S+)==(.*(?:\n    --hash.*)*)", path.read_text(), flags=re.MULTILINE)
        return {name: re.sub(r"\s+#.*", "", rest) for name, rest in blocks}

    vendored, project = pins(ROOT / "lambdas/requirements.txt"), pins(ROOT / "requirements.txt")
    assert set(vendored) == {"requests", "urllib3", "idna", "certifi", "charset-normalizer"}
    assert vendored == {name: project[name] for name in vendored}


def test_every_module_of_the_room_imports() -> None:
    for path in (ROOT / "lambdas").rglob("*.py"):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
