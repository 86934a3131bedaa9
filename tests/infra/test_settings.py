import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from infra.contradictions import contradictions
from infra.errors import SettingsError
from infra.settings import Settings, api_key, read
from rehearsal.deploy.program import read_program
from sources import SOURCES
from sources.configured import configured
from sources.olympics import OLYMPICS
from sources.schedules import Daily, Weekly
from sources.spotify import SPOTIFY

ROOT = Path(__file__).resolve().parents[2]
SONGS = "3cEYpjA9oz9GiPac4AsH4n"


@pytest.fixture(autouse=True)
def both_sources(monkeypatch):
    for source in (OLYMPICS, SPOTIFY):
        monkeypatch.setitem(SOURCES, source.name, source)


def settings(stack="dev", **said):
    """Settings of a stack that says so much; ``protectData`` is false unless told."""
    texts = {"protectData": "false"} | {k: v if isinstance(v, str) else json.dumps(v) for k, v in said.items()}
    return read(stack, {name: text for name, text in texts.items() if text != "null"}.get)


def test_a_stack_that_says_only_whether_data_is_protected_gets_all_the_rest():
    found = settings()
    assert (found.glue_version, found.worker_type, found.workers) == ("6.0", "G.1X", 2)
    assert found.sources == tuple(configured(source, {}) for source in SOURCES.values())
    assert [found.url_of(source) for source in found.sources] == [source.api.url for source in SOURCES.values()]
    assert (found.expendable, found.raw_expire_days, found.log_retention_days) == (frozenset(), None, 30)


def test_a_source_can_be_read_elsewhere():
    found = settings(apiUrls={"olympics": "http://127.0.0.1:8080"})
    assert found.url_of(OLYMPICS) == "http://127.0.0.1:8080"
    assert found.url_of(SPOTIFY) == SPOTIFY.api.url


def test_what_is_said_is_taken():
    found = settings(glueVersion="5.1", workerType="G.2X", workers=4, logRetentionDays=7, rawExpireDays=90)
    assert (found.glue_version, found.worker_type, found.workers) == ("5.1", "G.2X", 4)
    assert (found.log_retention_days, found.raw_expire_days) == (7, 90)


def test_a_program_of_its_own_says_only_which_stack_and_sources():
    found = Settings(stack="dev", sources=(OLYMPICS,))
    assert contradictions(found) == []
    assert found.protect_data
    said = replace(settings(), protect_data=True)
    assert {f.name for f in fields(Settings) if getattr(found, f.name) != getattr(said, f.name)} == {
        "sources",
        "options",
    }


def test_what_a_stack_chooses_about_a_source_is_put_into_it():
    said = {"playlists": [SONGS, "1h0CEZCm6IbFTbxThn6Xcs"], "schedules": {"popular": {"on": "SUN", "at": "04:15"}}}
    found = settings(spotify=said)
    playlist, popular = found.sources[1].streams
    assert playlist.parts == tuple(said["playlists"])
    assert (playlist.schedule, popular.schedule) == (
        Daily("12:00", zone="Europe/Stockholm"),
        Weekly("SUN", "04:15", zone="Europe/Stockholm"),
    )
    assert found.options == {"olympics": {}, "spotify": said}


def test_nothing_chosen_about_a_source_that_the_stack_does_not_have_is_no_contradiction():
    assert settings(sources=["olympics"], spotify={}).sources == (configured(OLYMPICS, {}),)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_of_the_project_have_both_sources(stack):
    found = stack_of_the_project(stack)
    assert [source.name for source in found.sources] == ["olympics", "spotify"]


def test_dev_and_prod_differ_by_settings_alone():
    dev, prod = (stack_of_the_project(stack).sources[1] for stack in ("dev", "prod"))
    assert not set(dev.streams[0].parts) & set(prod.streams[0].parts)
    assert not set(dev.streams[1].parts) & set(prod.streams[1].parts)
    assert [stream.schedule for stream in prod.streams] == [
        Daily("05:30", zone="Europe/London"),
        Weekly("TUE", "04:15", zone="Europe/London"),
    ]
    settled = {"playlists": [SONGS], "schedules": {}}
    assert [len(source.streams) for source in (dev, prod)] == [2, 2]
    assert configured(SPOTIFY, settled).api == dev.api == prod.api


def stack_of_the_project(stack):
    config = read_program(ROOT, stack, {}, {}).config
    return read(stack, lambda name: config.get(f"lakelet:{name}"))


WRONG = {
    "no word on protection": ({"protectData": None}, ["lakelet:protectData", "missing"]),
    "neither true nor false": ({"protectData": "yes"}, ["lakelet:protectData", "'yes'"]),
    "prod without protection": ({"stack": "prod"}, ["'prod'", "lakelet:protectData is false"]),
    "protected and expendable": (
        {"protectData": "true", "expendable": ["raw"]},
        ["lakelet:protectData is true", "lakelet:expendable is raw"],
    ),
    "one worker": ({"workers": "1"}, ["lakelet:workers is 1", "Glue 6.0"]),
    "no number": ({"workers": "two"}, ["lakelet:workers", "'two'"]),
    "unknown Glue": ({"glueVersion": "4.0"}, ["lakelet:glueVersion", "'4.0'", "5.1, 6.0"]),
    "unknown worker": ({"workerType": "Z.1X"}, ["lakelet:workerType", "'Z.1X'", "G.1X"]),
    "unknown source": ({"sources": ["chess"]}, ["lakelet:sources", "'chess'", "olympics"]),
    "no source": ({"sources": []}, ["lakelet:sources is []", "olympics"]),
    "source and no list": ({"sources": "olympics"}, ["lakelet:sources", "olympics", "not JSON"]),
    "sources in an object": ({"sources": {"olympics": 1}}, ["lakelet:sources", "{'olympics': 1}", "list"]),
    "unknown bucket": ({"expendable": ["rwa"]}, ["lakelet:expendable", "'rwa'", "raw, curated"]),
    "URL of no source": ({"apiUrls": {"chess": "http://localhost"}}, ["'chess'", "lakelet:sources", "olympics"]),
    "no URL": ({"apiUrls": {"olympics": "localhost:80"}}, ["lakelet:apiUrls", "localhost:80", "http"]),
    "URLs in a list": ({"apiUrls": ["http://localhost"]}, ["lakelet:apiUrls", "http://localhost"]),
    "logs for a number of days that AWS does not take": ({"logRetentionDays": "8"}, ["logRetentionDays is 8", "7, 14"]),
    "raw gone too soon": ({"rawExpireDays": "3"}, ["lakelet:rawExpireDays is 3", "7 days"]),
    "no mail address": ({"alarmEmail": "ops"}, ["lakelet:alarmEmail", "'ops'", "mail address"]),
    "two addresses without a comma": ({"alarmEmail": "a@b.org c@d.org"}, ["lakelet:alarmEmail", "'a@b.org c@d.org'"]),
    "more addresses than a budget tells": (
        {"alarmEmail": ",".join(f"a{n}@example.org" for n in range(11))},
        ["lakelet:alarmEmail has 11", "10 at most"],
    ),
    "nothing to spend": ({"monthlyBudgetDollars": "0"}, ["lakelet:monthlyBudgetDollars is 0", "1 or more"]),
    "something chosen about a source that is not there": (
        {"sources": ["olympics"], "spotify": {"years": ["2020"]}},
        ["lakelet:spotify is set", "lakelet:sources has only olympics"],
    ),
    "a schedule of a source that is not there": (
        {"sources": ["spotify"], "olympics": {"schedules": {"athletes": {"at": "07:00"}}}},
        ["lakelet:olympics is set", "lakelet:sources has only spotify"],
    ),
    "no playlist": ({"spotify": {"playlists": []}}, ["lakelet:spotify: playlists is []", SONGS]),
    "one playlist and no list": (
        {"spotify": {"playlists": SONGS}},
        [f"lakelet:spotify: playlists is '{SONGS}'", "list"],
    ),
    "no id of a playlist": (
        {"spotify": {"playlists": ["https://example.org"]}},
        ["lakelet:spotify: playlists has 'https://example.org'", "[0-9A-Za-z]{22}"],
    ),
    "no years": ({"spotify": {"years": ["last"]}}, ["lakelet:spotify: years has 'last'", r"\d{4}(-\d{4})?"]),
    "no such option": ({"spotify": {"albums": []}}, ["lakelet:spotify: albums", "playlists, endpoint, years"]),
    "an option where there are none": ({"olympics": {"year": "2020"}}, ["lakelet:olympics: year", "schedules"]),
    "no such stream": (
        {"spotify": {"schedules": {"playlists": {"at": "07:00"}}}},
        ["lakelet:spotify: schedules has 'playlists'", "playlist, popular"],
    ),
    "no time zone": (
        {"olympics": {"schedules": {"athletes": {"zone": "Europe/Lund"}}}},
        ["lakelet:olympics: ", "'Europe/Lund'", "Europe/Stockholm"],
    ),
    "no time of day": (
        {"olympics": {"schedules": {"athletes": {"at": 720}}}},
        ["lakelet:olympics: ", "'720'", "HH:MM"],
    ),
    "no day of the week": (
        {"spotify": {"schedules": {"popular": {"on": "Monday"}}}},
        ["lakelet:spotify: ", "'Monday'", "MON, TUE"],
    ),
    "a day of the week for what is daily": (
        {"spotify": {"schedules": {"playlist": {"on": "MON"}}}},
        ["lakelet:spotify: ", "'on'", "at, zone"],
    ),
    "options in a list": ({"spotify": [SONGS]}, [f"lakelet:spotify is ['{SONGS}']", "playlists, endpoint"]),
    "options and no JSON": ({"spotify": "all"}, ["lakelet:spotify is 'all'", "not JSON"]),
    "more than a function can be told": (
        {"spotify": {"playlists": [f"{n:022}" for n in range(200)]}},
        ["lakelet:spotify has 5,2", "3,000"],
    ),
    "a key in clear": (
        {"apiUrls": {"olympics": "http://example.org"}},
        ["olympics: http://example.org", "lakelet:olympicsApiKey", "https"],
    ),
    "a stack no bucket can be named after": ({"stack": "Dev_1"}, ["'Dev_1'"]),
}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SPOTIFY, "needs it, as ID:SECRET: pulumi config set --secret lakelet:spotifyApiKey"),
        (OLYMPICS, "needs it: pulumi config set --secret lakelet:olympicsApiKey"),
    ],
)
def test_a_missing_key_says_in_which_form_it_is_wanted(declare, source, said):
    with pytest.raises(SettingsError, match=f"lakelet:{source.name}ApiKey is missing.*{said}$"):
        declare(lambda: api_key(source))


def test_alarms_go_to_whom_the_stack_names():
    assert settings().alarm_emails == ()
    assert settings(alarmEmail="ops@example.org, me@example.org,").alarm_emails == ("ops@example.org", "me@example.org")
    assert (settings().monthly_budget_dollars, settings(monthlyBudgetDollars="50").monthly_budget_dollars) == (20, 50)


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_stops_with_one_line_that_holds_both_values(case):
    said, parts = WRONG[case]
    with pytest.raises(SettingsError) as stopped:
        settings(**said)
    message = str(stopped.value)
    assert "\n" not in message
    assert [part for part in parts if part not in message] == []
