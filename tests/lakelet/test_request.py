from __future__ import annotations

import pytest

from lakelet.cli import make_parser
from lakelet.errors import UsageError
from lakelet.request import Request
from stand_ins import START


def request(*arguments: str) -> Request:
    return Request.of(make_parser().parse_args(["run", *arguments]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["olympics", "--live", "--days", "2"], "--days 2 plays days that the real API does not have yet"),
        (["olympics", "--live", "--fault", "down"], "--fault is for the stand-in, which --live does not read"),
        (["olympics", "--api", "http://127.0.0.1:1", "--stand-in", "seed=2"], "--stand-in is for the stand-in"),
        (["--live"], "--live reads the API of one source"),
        (["--api", "http://127.0.0.1:1"], "--api http://127.0.0.1:1 is the server of one source"),
        (["olympics", "--at", "2026-03-02T06:00"], "has no zone"),
        (["tennis"], "no source 'tennis'"),
        (
            ["olympics", "--stand-in", "tracks=5"],
            "no stand-in of olympics has an option 'tracks'; there are: .*athletes",
        ),
        (["--stand-in", "horses=5"], "no stand-in of olympics, spotify has an option 'horses'"),
        (["--set", "spotify.playlists"], "says too little; write SOURCE.OPTION=VALUE"),
        (["--set", "playlists=a"], "says too little"),
        (["--set", "tennis.year=2024"], "no source 'tennis'; there are: olympics, spotify"),
        (["--set", "spotify.playlists=a,b"], "playlists has 'a', but must match"),
        (["--set", "spotify.endpoint=songs"], "endpoint has 'songs', but must match items|tracks"),
        (["--set", "spotify.horses=1"], "horses is no option of spotify; there are: playlists"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_anything_begins(arguments, message) -> None:
    with pytest.raises(UsageError, match=message):
        request(*arguments)


def test_the_command_that_goes_on_with_a_run_reads_the_same_api() -> None:
    assert request("olympics").command("olympics") == "lakelet run olympics"
    again = request("olympics", "--live", "--api", "http://127.0.0.1:1").command("olympics")
    assert again == "lakelet run olympics --live --api http://127.0.0.1:1"


def test_the_users_key_is_for_the_source_that_is_read_elsewhere(monkeypatch) -> None:
    monkeypatch.setenv("LAKELET_API_KEY", "s3cret")
    asked = request("olympics", "--api", "http://127.0.0.1:1")
    assert asked.key_of("olympics") == "s3cret"
    assert asked.key_of("spotify") == START["spotify"].default_key


@pytest.mark.parametrize("given", [None, ""])
def test_without_one_that_source_gets_the_key_of_its_stand_in(monkeypatch, given) -> None:
    monkeypatch.delenv("LAKELET_API_KEY", raising=False)
    if given is not None:
        monkeypatch.setenv("LAKELET_API_KEY", given)
    assert request("olympics", "--api", "http://127.0.0.1:1").key_of("olympics") == START["olympics"].default_key


def test_a_stand_in_is_asked_with_its_own_key_whatever_the_user_has(monkeypatch) -> None:
    monkeypatch.setenv("LAKELET_API_KEY", "s3cret")
    asked = request("olympics")
    assert asked.key is None
    assert [asked.key_of(source) for source in START] == [api.default_key for api in START.values()]


def test_a_live_source_is_asked_with_the_users_key(monkeypatch) -> None:
    monkeypatch.setenv("LAKELET_API_KEY", "s3cret")
    assert request("olympics", "--live").with_own_key().key_of("olympics") == "s3cret"


def test_a_key_is_not_shown_with_the_request(monkeypatch) -> None:
    monkeypatch.setenv("LAKELET_API_KEY", "s3cret")
    asked = request("olympics", "--live").with_own_key()
    assert asked.key == "s3cret" and "s3cret" not in repr(asked)


def test_what_is_chosen_of_a_source_is_told_by_name_and_a_list_has_commas() -> None:
    one, two = "StandInPlaylist0000001", "StandInPlaylist0000002"
    asked = request("--set", f"spotify.playlists={one},{two}", "--set", "spotify.endpoint=tracks")
    assert asked.choices == {"spotify": {"playlists": [one, two], "endpoint": "tracks"}}


def test_an_option_of_one_stand_in_will_do_for_all_sources() -> None:
    assert request("--stand-in", "tracks=5").stand_in == {"tracks": "5"}
