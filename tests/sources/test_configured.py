"""A source as a stack has chosen it to be."""

from __future__ import annotations

from typing import Any

import pytest

from sources.configured import configured
from sources.model import Daily, Weekly
from sources.olympics import OLYMPICS
from sources.options import OptionRefused
from sources.schedules import DAY
from sources.spotify import SPOTIFY

ONE, TWO = "3cEYpjA9oz9GiPac4AsH4n", "37i9dQZF1DXcBWIGoYBM5M"


def test_without_a_choice_the_defaults_hold() -> None:
    playlist, popular = configured(SPOTIFY, {}).streams
    assert (playlist.path, playlist.parts) == ("/v1/playlists/{part}/items", (ONE,))
    assert (popular.params["q"], popular.params["limit"], popular.parts) == ("year:{part}", "50", ("2022-2023",))
    assert configured(OLYMPICS, {}) == OLYMPICS


def test_a_choice_is_put_in() -> None:
    given = {"playlists": [ONE, TWO, ONE], "years": [2001, "2010-2019"], "endpoint": "tracks", "found_a_page": 10}
    playlist, popular = configured(SPOTIFY, given).streams
    assert (playlist.path, playlist.parts) == ("/v1/playlists/{part}/tracks", (ONE, TWO))
    assert (popular.parts, popular.params["limit"]) == (("2001", "2010-2019"), "10")


def test_a_configured_source_keeps_all_else() -> None:
    chosen = configured(SPOTIFY, {"playlists": [TWO]})
    assert (chosen.name, chosen.api, chosen.tables) == (SPOTIFY.name, SPOTIFY.api, SPOTIFY.tables)
    assert chosen.stream("playlist").record is SPOTIFY.stream("playlist").record


def test_schedules_are_moved_stream_by_stream() -> None:
    given = {"schedules": {"playlist": {"at": "18:30"}, "popular": {"on": "SUN", "zone": "UTC"}}}
    playlist, popular = configured(SPOTIFY, given).streams
    assert playlist.schedule == Daily("18:30", "Europe/Stockholm")
    assert popular.schedule == Weekly("SUN", "06:00", "UTC")
    moved = configured(OLYMPICS, {"schedules": {"athletes": {"at": "05:00"}}})
    assert moved.streams[0].schedule == Daily("05:00", "Europe/Stockholm")


def test_a_weekly_stream_is_due_seven_times_as_seldom_as_a_daily_one() -> None:
    assert (Daily("12:00", "UTC").every_seconds, Weekly("MON", "06:00", "UTC").every_seconds) == (DAY, 7 * DAY)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"playlist": [ONE]}, "playlist is no option of spotify; there are: playlists, endpoint, years"),
        ({"playlists": ONE}, "playlists is .*, but it must be a list, such as"),
        ({"playlists": []}, "playlists is [], but it needs one value at least"),
        ({"playlists": ["https://open.spotify.com/playlist/x"]}, "has 'https://open.spotify.com/playlist/x', but must"),
        ({"playlists": [ONE, None]}, "playlists has 'None'"),
        ({"playlists": ["../../v1/me/aaaaaaaaaa"]}, "playlists has '../../v1/me"),
        ({"endpoint": ["items"]}, "endpoint is ['items'], but it must be one value, such as 'items'"),
        ({"endpoint": "albums"}, "endpoint has 'albums', but must match items|tracks"),
        ({"years": ["22-23"]}, "years has '22-23'"),
        ({"found_a_page": "51"}, "found_a_page has '51'"),
        ({"schedules": "12:00"}, "schedules is '12:00', but it has times by stream, such as {playlist: {at: ...}}"),
        ({"schedules": {"playlist": "12:00"}}, "but it has times by stream"),
        ({"schedules": {"playlists": {}}}, "schedules has 'playlists', but the streams of spotify are: playlist"),
        ({"schedules": {"playlist": {"on": "MON"}}}, "schedules of playlist has 'on', but may have only: at, zone"),
        ({"schedules": {"playlist": {"at": "24:00"}}}, "has at '24:00', but must match HH:MM, such as 12:00"),
        ({"schedules": {"playlist": {"at": "7:00"}}}, "has at '7:00'"),
        ({"schedules": {"playlist": {"zone": "Europe/Nowhere"}}}, "has zone 'Europe/Nowhere', but IANA knows none"),
        ({"schedules": {"playlist": {"zone": "../../etc/passwd"}}}, "IANA knows none"),
        ({"schedules": {"popular": {"on": "monday"}}}, "has on 'monday', but must be one of MON, TUE"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_can(given: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionRefused) as refused:
        configured(SPOTIFY, given)
    for part in said.split(".*"):
        assert part in str(refused.value)
    assert "\n" not in str(refused.value)
