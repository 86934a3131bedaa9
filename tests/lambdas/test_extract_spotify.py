"""Playlists and a search, read from the double of their API: parts, tokens, quota, and what is worth a note."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

import stand_ins
from lambdas.extract.secret import Secret
from lambdas.extract.tokens import Kept
from lambdas.ledger import Ledger
from lambdas.run import Run
from sources.layout import RunName, page_key
from sources.model import Limit, Source
from sources.spotify import SPOTIFY
from stand_ins.api import Answer, Request
from stand_ins.spotify import EMPTY_PLAYLIST, PRIVATE_PLAYLIST, TOKEN_PATH
from tests.lambdas.conftest import FIVE_O_CLOCK, SCHEDULED_AT, Desk, Fuse, Killed, StillClock, Tables

KEY = stand_ins.START["spotify"].default_key
MISSING_PLAYLIST = "StandInPlaylistMissing"
RUN = "20261121T050000Z"
ONE, TWO, THREE = (f"StandInPlaylist000000{number}" for number in (1, 2, 3))


@dataclass
class SpotifyDesk(Desk):
    stream: str = "playlist"

    @property
    def source(self) -> Source:
        return replace(SPOTIFY, api=replace(SPOTIFY.api, quota=self.quota))

    def read(self, *playlists: str, **more: Any) -> dict[str, Any]:
        return self.extract(options={"playlists": list(playlists)}, **more)

    def search(self, *years: str, **more: Any) -> dict[str, Any]:
        self.stream = "popular"
        return self.extract(options={"years": list(years)}, **more)

    @property
    def run(self) -> Run:
        run = self.ledger.find(RunName("spotify", self.stream, RUN))
        assert run is not None
        return run

    @property
    def pages(self) -> list[Any]:
        """The pages that the manifest lists, as they are stored."""
        stored = self.objects("raw/")
        return [json.loads(gzip.decompress(stored[page["key"]])) for page in self.manifest()["pages"]]

    def parts(self) -> list[tuple[str, int]]:
        return [(page["part"], page["rows"]) for page in self.manifest()["pages"]]

    def served(self, path: str, **params: str) -> Any:
        """What the API answers to a request."""
        host = self.api.url.removeprefix("http://")
        return self.api.api.answer(Request(path, params, {"host": host})).payload

    def asked(self) -> Counter[str]:
        return Counter(asked.path for asked in self.api.requests)

    @property
    def tokens(self) -> int:
        return self.asked()[TOKEN_PATH]

    def everything_written(self) -> str:
        items = [self.aws("dynamodb").scan(TableName=name)["Items"] for name in vars(self.tables).values()]
        objects = {key: (gzip.decompress(o) if key.endswith("gz") else o).decode() for key, o in self.objects().items()}
        return json.dumps([items, objects, self.lines])


Lay = Callable[..., SpotifyDesk]


@pytest.fixture
def lay(
    aws: Callable[[str], Any],
    tables: Tables,
    bucket: str,
    clock: StillClock,
    ledger: Ledger,
    unique: Callable[[str], str],
) -> Iterator[Lay]:
    """``lay(faults=..., tracks=...)`` serves the stand-in, on the test's own clock, and lays everything out."""
    with ExitStack() as served:

        def lay_out(quota: tuple[Limit, ...] = (), **options: Any) -> SpotifyDesk:
            api = served.enter_context(stand_ins.serve("spotify", **options))
            api.api.clock = clock.now  # type: ignore[attr-defined]
            secret_id = unique("secret")
            aws("secretsmanager").create_secret(Name=secret_id, SecretString=json.dumps({"key": KEY}))
            return SpotifyDesk(aws, tables, bucket, clock, ledger, secret_id, api, quota)

        yield lay_out


# Parts


def test_all_pages_of_all_playlists_are_stored_as_they_are_served(lay: Lay) -> None:
    here = lay()
    answer = here.read(ONE, TWO, THREE)
    assert (answer["state"], answer["pages"], answer["rows"]) == ("extracted", 9, 750)
    assert answer["ended"] == "3 of 3 playlists are read"
    assert here.parts() == [(part, rows) for part in (ONE, TWO, THREE) for rows in (100, 100, 50)]
    assert here.pages == [
        here.served(f"/v1/playlists/{part}/items", limit="100", offset=str(offset))
        for part in (ONE, TWO, THREE)
        for offset in (0, 100, 200)
    ]
    assert [page.part for page in here.ledger.pages(here.run.name)] == [ONE] * 3 + [TWO] * 3 + [THREE] * 3
    assert list(here.objects("raw/")) == [page_key(here.run.name, page) for page in range(1, 10)]
    assert here.run.notes == ()


def test_names_come_through_whatever_is_in_them(lay: Lay) -> None:
    here = lay(tracks=400)
    here.read(ONE)
    tracks = [entry["item"] for page in here.pages for entry in page["items"] if isinstance(entry, dict)]
    names = {track["name"] for track in tracks if isinstance(track, dict) and track.get("name")}
    for odd in (",", '"', "\n", "\N{FIRE}"):
        assert any(odd in name for name in names), odd


@pytest.mark.parametrize(("endpoint", "field"), [("items", "item"), ("tracks", "track")])
def test_both_endpoints_are_read(lay: Lay, endpoint: str, field: str) -> None:
    here = lay(tracks=150)
    answer = here.extract(options={"playlists": [ONE], "endpoint": endpoint})
    assert (answer["state"], answer["rows"]) == ("extracted", 150)
    assert field in here.pages[0]["items"][0]
    assert here.asked() == {TOKEN_PATH: 1, f"/v1/playlists/{ONE}/{endpoint}": 2}


def test_an_app_in_development_mode_reads_smaller_pages_of_the_search(lay: Lay) -> None:
    here = lay(development=1, found=25)
    here.stream = "popular"
    assert here.extract(options={"found_a_page": "10"})["rows"] == 25
    assert [rows for _part, rows in here.parts()] == [10, 10, 5]


def test_an_empty_playlist_is_no_error(lay: Lay) -> None:
    here = lay(tracks=50)
    answer = here.read(ONE, EMPTY_PLAYLIST, TWO)
    assert (answer["state"], answer["ended"]) == ("extracted", "3 of 3 playlists are read")
    assert here.parts() == [(ONE, 50), (TWO, 50)]
    assert here.run.notes == ()


def test_nothing_but_empty_playlists_is_no_error(lay: Lay) -> None:
    here = lay()
    assert here.read(EMPTY_PLAYLIST)["state"] == "extracted"
    assert here.manifest()["pages"] == []


def test_playlists_that_cannot_be_read_are_left_out_and_noted(lay: Lay) -> None:
    here = lay(tracks=150)
    answer = here.read(PRIVATE_PLAYLIST, ONE, MISSING_PLAYLIST)
    assert (answer["state"], answer["pages"], answer["ended"]) == ("extracted", 2, "1 of 3 playlists are read")
    assert here.run.notes == (
        f"{PRIVATE_PLAYLIST} is left out: our app may not read it (403); make it public, "
        "or take it out of playlists in lakelet:spotify",
        f"{MISSING_PLAYLIST} is left out: it is not there (404); look for a typing error, "
        "or take it out of playlists in lakelet:spotify",
    )
    assert [json.loads(line)["event"] for line in here.lines].count("noted") == 2


def test_a_run_fails_that_can_read_no_playlist_at_all(lay: Lay) -> None:
    here = lay()
    answer = here.read(PRIVATE_PLAYLIST, MISSING_PLAYLIST)
    assert (answer["state"], answer["pages"]) == ("failed", 0)
    assert "none of the playlists in lakelet:spotify can be read" in answer["reason"]
    assert f"{PRIVATE_PLAYLIST} (403), {MISSING_PLAYLIST} (404)" in answer["reason"]
    assert here.objects() == {}


def test_a_run_that_could_read_no_playlist_begins_again_with_what_is_chosen_then(lay: Lay) -> None:
    here = lay(tracks=10)
    here.read(PRIVATE_PLAYLIST, MISSING_PLAYLIST)
    answer = here.read(ONE)
    assert (answer["state"], answer["ended"], here.run.notes) == ("extracted", "1 of 1 playlists are read", ())


@pytest.mark.parametrize(("status", "why"), [(403, "may not read it (403)"), (404, "is not there (404)")])
def test_a_playlist_that_goes_away_while_it_is_read_is_noted(lay: Lay, status: int, why: str) -> None:
    here = lay()
    goes_away(here, ONE, offset="200", status=status)
    answer = here.read(ONE, TWO)
    assert (answer["state"], answer["rows"], answer["ended"]) == ("extracted", 450, "2 of 2 playlists are read")
    (note,) = here.run.notes
    assert note.startswith(f"{ONE} is left out from page 3 on: ") and why in note


def goes_away(here: SpotifyDesk, playlist: str, offset: str, status: int) -> None:
    api = here.api.api
    answer = api.answer

    def without_one_page(request: Request) -> Answer:
        is_it = playlist in request.path and request.params.get("offset") == offset
        return api.refusal(status, "gone") if is_it else answer(request)

    api.answer = without_one_page


def test_a_change_of_playlists_does_not_change_a_run_under_way(lay: Lay) -> None:
    here = lay(faults=["503@2x5"])
    assert here.read(ONE, TWO)["state"] == "waiting"
    here.clock.time += 1_000
    answer = here.read(THREE)
    assert (answer["state"], answer["ended"]) == ("extracted", "2 of 2 playlists are read")
    assert {part for part, _rows in here.parts()} == {ONE, TWO}


def test_the_cap_on_pages_is_for_each_playlist(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = SPOTIFY.streams[0]
    capped = replace(stream, paging=replace(stream.paging, max_pages=3))  # type: ignore[type-var]
    monkeypatch.setattr(SpotifyDesk, "source", replace(SPOTIFY, streams=(capped,)))
    here = lay()
    assert here.read(ONE, TWO)["pages"] == 6
    here.api.api.tracks = 350
    here.api.api.__dict__.pop("_world")
    answer = here.read(ONE, scheduled_at="2026-11-22T05:00:00+00:00")
    assert (answer["state"], answer["pages"]) == ("failed", 3)
    assert f"page 4 of spotify/playlist ({ONE}) has no end after 3 pages" in answer["reason"]


# Loops


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_that_leads_to_itself_stops_the_run_and_is_read_again(lay: Lay, page: int) -> None:
    here = lay(looping_page=page)
    answer = here.read(ONE)
    assert (answer["state"], answer["pages"]) == ("failed", 1)
    assert f"page 2 of spotify/playlist ({ONE}) leads nowhere" in answer["reason"]
    assert len(here.objects("raw/")) == 1
    here.api.api.looping_page = 0
    if page == 2:
        assert (here.read(ONE)["state"], here.manifest()["rows"]) == ("extracted", 250)


def test_a_page_that_comes_again_stops_the_run(lay: Lay) -> None:
    here = lay(faults=["repeat@2x3"])
    here.search("2022-2023")
    assert "page 2 repeats page 1" in (here.run.reason or "")
    here.search("2022-2023")
    here.search("2022-2023")
    here.clock.time += 1_000
    assert here.run.attempts == 3


def test_the_same_records_in_two_parts_are_no_loop(lay: Lay) -> None:
    here = lay(tracks=40)
    answer = here.api.api.answer
    here.api.api.answer = lambda request: answer(replace(request, path=request.path.replace(TWO, ONE)))
    answered = here.read(ONE, TWO)
    assert (answered["state"], answered["ended"]) == ("extracted", "2 of 2 playlists are read")
    assert here.pages[0]["items"] == here.pages[1]["items"]


# The search


def test_a_search_is_read_up_to_what_the_api_gives_with_its_overlaps(lay: Lay) -> None:
    here = lay(found=1_300)
    answer = here.search("2022-2023")
    assert (answer["state"], answer["pages"], answer["rows"]) == ("extracted", 20, 1_000)
    asked = {"q": "year:2022-2023", "type": "track", "limit": "50"}
    assert here.pages == [here.served("/v1/search", **asked, offset=str(offset)) for offset in range(0, 1_000, 50)]
    (note,) = here.run.notes
    assert note == (
        "2022-2023: it finds 1,300 records, and the API gives 1,000 at most; "
        "to have all, choose smaller years in lakelet:spotify"
    )


def test_a_search_that_is_read_to_its_end_has_no_note(lay: Lay) -> None:
    here = lay(found=120)
    assert here.search("2022", "2023")["state"] == "extracted"
    assert here.run.notes == ()


# Tokens


def test_one_token_is_enough_for_many_pages_and_calls(lay: Lay) -> None:
    here, kept = lay(tracks=250), Kept()
    here.read(ONE, TWO, kept=kept)
    here.read(ONE, scheduled_at="2026-11-22T05:00:00+00:00", kept=kept)
    assert here.tokens == 1


def test_a_token_that_ends_in_the_middle_is_taken_anew(lay: Lay) -> None:
    here = lay(token_calls=2)
    assert here.read(ONE, TWO)["rows"] == 500
    assert here.tokens == 3
    assert here.api.requests.by_status() == {200: 9, 401: 2}


def test_a_token_is_not_used_up_to_its_last_moment(lay: Lay) -> None:
    here, kept = lay(tracks=10, token_seconds=3_600), Kept()
    here.read(ONE, kept=kept)
    here.clock.time = FIVE_O_CLOCK + 3_600 - 61
    here.read(ONE, kept=kept, scheduled_at="2026-11-22T05:00:00+00:00")
    assert here.tokens == 1
    here.clock.time += 2
    here.read(ONE, kept=kept, scheduled_at="2026-11-23T05:00:00+00:00")
    assert here.tokens == 2
    assert 401 not in here.api.requests.by_status()


def test_a_token_of_a_few_seconds_is_used_for_nine_tenths_of_them(lay: Lay) -> None:
    here, kept = lay(tracks=10, token_seconds=10), Kept()
    for second, day, tokens in ((0, 22, 1), (8, 23, 1), (9, 24, 2)):
        here.clock.time = FIVE_O_CLOCK + second
        here.read(ONE, kept=kept, scheduled_at=f"2026-11-{day}T05:00:00+00:00")
        assert here.tokens == tokens


def test_a_new_token_that_is_refused_fails_the_run(lay: Lay) -> None:
    here = lay()
    here.api.api.tokens.admit = lambda _token, _now: False
    answer = here.read(ONE)
    assert answer["state"] == "failed"
    assert "pulumi config set --secret lakelet:spotifyApiKey, then pulumi up" in answer["reason"]
    assert here.api.requests.by_status() == {200: 2, 401: 2}


def test_a_wrong_secret_fails_the_run_and_says_how_to_set_it(lay: Lay) -> None:
    here = lay(key="stand-in-id:another-secret")
    answer = here.read(ONE)
    assert answer["state"] == "failed"
    assert f"the API refuses our key in the secret {here.secret_id}" in answer["reason"]
    assert "pulumi config set --secret lakelet:spotifyApiKey, then pulumi up" in answer["reason"]
    assert here.asked() == {TOKEN_PATH: 2}
    assert here.clock.slept == []


@pytest.mark.parametrize("status", [400, 401])
def test_a_secret_that_was_changed_is_read_again(lay: Lay, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    here, kept = lay(), Kept()
    secret = Secret(here.aws("secretsmanager"), here.secret_id)
    here.read(ONE, secret=secret, kept=kept)
    new = "stand-in-id:a-new-secret"
    here.aws("secretsmanager").put_secret_value(SecretId=here.secret_id, SecretString=json.dumps({"key": new}))
    here.api.key = new
    here.api.api.tokens.revoke()
    refuses = here.api.api.refuses

    def in_its_own_way(request: Request, key: str) -> Answer | None:
        no = refuses(request, key)
        return replace(no, status=status) if no and request.path == TOKEN_PATH else no

    monkeypatch.setattr(here.api.api, "refuses", in_its_own_way)
    answer = here.read(ONE, TWO, secret=secret, kept=kept, scheduled_at="2026-11-22T05:00:00+00:00")
    assert (answer["state"], answer["rows"]) == ("extracted", 500)
    assert here.tokens == 3  # the old secret once more, then the new one


def test_a_secret_revoked_in_the_middle_keeps_what_was_read(lay: Lay) -> None:
    here = lay(token_calls=2)
    api = here.api.api
    issue = api.tokens.issue

    def once(now: float) -> str:
        here.api.key = "stand-in-id:revoked"
        return str(issue(now))

    api.tokens.issue = once
    answer = here.read(ONE)
    assert (answer["state"], answer["pages"]) == ("failed", 2)
    assert "refuses our key" in answer["reason"]
    here.api.key, api.tokens.issue = KEY, issue
    assert here.read(ONE)["state"] == "extracted"
    assert here.manifest()["rows"] == 250


def test_a_key_without_a_secret_half_is_refused_by_name(lay: Lay) -> None:
    here = lay()
    here.aws("secretsmanager").put_secret_value(SecretId=here.secret_id, SecretString='{"key": "planted-id"}')
    answer = here.read(ONE)
    assert answer["state"] == "failed" and "is not ID:SECRET" in answer["reason"]
    assert "planted-id" not in here.everything_written()


def token_endpoint(here: SpotifyDesk, *answers: Answer) -> None:
    """The next answers to requests for a token."""
    api, left = here.api.api, list(answers)
    answer = api.answer
    api.answer = lambda request: left.pop(0) if left and request.path == TOKEN_PATH else answer(request)


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (Answer(503, {}), "/api/token answers 503"),
        (Answer(429, {}), "/api/token answers 429"),
        (Answer(200, b"<html>sorry</html>"), "a page of HTML"),
        (Answer(200, [1]), "no access_token"),
        (Answer(200, {"access_token": "", "expires_in": 3600}), "no access_token"),
        (Answer(200, {"access_token": "with\nbreak", "expires_in": 3600}), "no access_token"),
        (Answer(200, {"access_token": "planted-token"}), "no access_token"),
        (Answer(200, {"access_token": "planted-token", "expires_in": 0}), "no access_token"),
        (Answer(200, {"access_token": "planted-token", "expires_in": 3600}, fate="cut"), "breaks off"),
        (Answer(0, b"", fate="dropped"), "cannot be reached"),
    ],
)
def test_a_token_endpoint_in_trouble_is_like_an_api_in_trouble(lay: Lay, bad: Answer, word: str) -> None:
    here = lay(tracks=10)
    token_endpoint(here, bad, bad)
    assert here.read(ONE)["state"] == "extracted"
    token_endpoint(here, *[bad] * 5)
    answer = here.read(ONE, scheduled_at="2026-11-22T05:00:00+00:00")
    assert (answer["state"], answer["pages"]) == ("waiting", 0)
    assert "no token to be had" in answer["reason"] and word in answer["reason"]
    assert "planted" not in here.everything_written()


@pytest.mark.parametrize("status", [302, 403, 404])
def test_a_token_endpoint_that_is_not_one_fails_the_run(lay: Lay, status: int) -> None:
    here = lay()
    token_endpoint(here, Answer(status, {}))
    answer = here.read(ONE, TWO)
    assert (answer["state"], here.asked()) == ("failed", {TOKEN_PATH: 1})
    assert f"/api/token answers {status}" in answer["reason"]


def test_no_key_and_no_token_is_written_anywhere(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    here = lay(tracks=150, token_calls=1)
    api, given = here.api.api, []
    basic = "c3RhbmQtaW4taWQ6c3RhbmQtaW4tc2VjcmV0"
    answer, issue = api.answer, api.tokens.issue
    monkeypatch.setattr(api.tokens, "issue", lambda now: given.append(issue(now)) or given[-1])

    def parrot(request: Request) -> Answer:
        """Repeats what it was sent, as a new field and among the data."""
        found = answer(request)
        if request.path == TOKEN_PATH:
            return found
        sent = request.headers["authorization"]
        return replace(
            found, payload={**found.payload, "you_sent": f"{sent} {KEY}", "href": f"stand-in-secret {basic}"}
        )

    monkeypatch.setattr(api, "answer", parrot)
    answers = [here.read(ONE), here.read("StandInPlaylist0000009", scheduled_at="2026-11-22T05:00:00+00:00")]
    assert [each["state"] for each in answers] == ["extracted", "failed"]
    assert "you_sent" in here.run.notes[0]
    written = here.everything_written() + json.dumps(answers)
    assert len(given) > 2
    assert [text for text in (KEY, "stand-in-secret", basic, *given) if text in written] == []


# 429 and the quota


def test_a_short_retry_after_is_waited_for(lay: Lay) -> None:
    here = lay(faults=["429=17@2"])
    assert here.read(ONE)["state"] == "extracted"
    assert here.clock.slept == [17.0]


def test_a_long_retry_after_leaves_the_run_for_later(lay: Lay) -> None:
    here = lay(faults=["429=7200@2"])
    answer = here.read(ONE)
    assert (answer["state"], answer["pages"], answer["resume_at"]) == ("waiting", 1, FIVE_O_CLOCK + 7_200)
    here.clock.time += 7_200
    assert here.read(ONE)["state"] == "extracted"
    assert here.parts() == [(ONE, 100), (ONE, 100), (ONE, 50)]


def test_the_rolling_window_of_the_api_is_kept_to(lay: Lay) -> None:
    here = lay(quota=(Limit(4, 30, rolls=True),), calls_per_30_seconds=4, tracks=250)
    slow(here, seconds=7)
    assert here.read(ONE, TWO, THREE)["rows"] == 750
    assert here.api.requests.by_status() == {200: 10}  # and never a 429
    assert here.clock.slept == [2.0, 2.0]


def slow(here: SpotifyDesk, seconds: float) -> None:
    """Each answer of the API, but those with tokens, takes some time."""
    answer = here.api.api.answer

    def late(request: Request) -> Answer:
        here.clock.time += 0 if request.path == TOKEN_PATH else seconds
        return answer(request)

    here.api.api.answer = late


def test_there_must_be_time_for_a_page_and_the_token_for_it(lay: Lay) -> None:
    answer = lay().read(ONE, seconds=60)
    assert answer["state"] == "failed" and "needs over 60 s" in answer["reason"]


def test_a_token_costs_no_call_of_the_quota(lay: Lay) -> None:
    here = lay(quota=(Limit(3, 30, rolls=True),), tracks=250)
    here.read(ONE)
    assert here.clock.slept == []


# Shapes


def spoilt(here: SpotifyDesk, spoil: Callable[[dict[str, Any]], None], *, page: int) -> None:
    """The records of one page go through ``spoil``, each of them."""
    api = here.api.api
    answer = api.answer

    def spoiling(request: Request) -> Answer:
        found = answer(request)
        if api.page_of(request) == page:
            for entry in filter(lambda each: isinstance(each, dict), found.payload["items"]):
                spoil(entry)
        return found

    api.answer = spoiling


def of_songs(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], None]:
    return lambda entry: change(entry["item"]) if isinstance(entry.get("item"), dict) else None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (of_songs(lambda song: song.pop("duration_ms")), ['items[].item: expected the field "duration_ms"', '"id"']),
        (of_songs(lambda song: song.update(name=7)), ["items[].item.name", "expected a text", "number such as 7"]),
        (of_songs(lambda song: song.update(album=["Gold"])), ["items[].item.album", "expected an object", "a list"]),
        (lambda entry: entry.update(is_local="no"), ["items[].is_local", "expected true or false", 'such as "no"']),
    ],
)  # fmt: skip
def test_a_field_that_is_gone_or_has_another_type_stops_the_stream(
    lay: Lay, spoil: Callable[[dict[str, Any]], None], words: list[str]
) -> None:
    here = lay()
    spoilt(here, spoil, page=2)
    answer = here.read(ONE, TWO)
    assert (answer["state"], answer["pages"]) == ("failed", 1)
    more = [f"page 2 of spotify/playlist ({ONE})", "the record of stream playlist in sources/spotify.py"]
    assert [word for word in (*words, *more) if word not in answer["reason"]] == []
    assert len(here.objects()) == 1


def test_a_new_field_is_noted_once(lay: Lay) -> None:
    here, count = lay(), iter(range(1_000))
    spoilt(here, of_songs(lambda song: song.update(isrc=f"SE-{next(count)}")), page=2)
    assert here.read(ONE, TWO)["state"] == "extracted"
    assert here.run.notes == ('new field items[].item.isrc, a text such as "SE-0"',)


def test_one_odd_record_is_the_jobs_business(lay: Lay) -> None:
    here, first = lay(), iter([True])
    spoilt(here, lambda entry: entry.update(item=7, added_at=[], is_local=None) if next(first, False) else None, page=2)
    assert (here.read(ONE)["rows"], here.run.notes) == (250, ())


@pytest.mark.parametrize("fault", ["shape@2", "record-shape@2"])
def test_renamed_fields_stop_the_stream(lay: Lay, fault: str) -> None:
    here = lay(faults=[fault])
    answer = here.read(ONE)
    assert (answer["state"], answer["pages"]) == ("failed", 1)
    assert "changed shape in page 2" in answer["reason"] and "_v2" in answer["reason"]


@pytest.mark.parametrize("fault", ["error-page@2x5", "html@2x5", "cut@2x5", "cut-json@2x5", "502@2x5", "down@2x5"])
def test_an_api_in_trouble_leaves_the_run_waiting(lay: Lay, fault: str) -> None:
    here = lay(faults=[fault])
    assert here.read(ONE)["state"] == "waiting"
    here.clock.time += 1_000
    assert here.read(ONE)["state"] == "extracted"
    assert here.manifest()["rows"] == 250


def test_an_empty_page_that_names_another_is_noted(lay: Lay) -> None:
    here = lay()
    api = here.api.api
    answer = api.answer

    def hollow(request: Request) -> Answer:
        found = answer(request)
        return replace(found, payload={**found.payload, "items": []}) if api.page_of(request) == 2 else found

    api.answer = hollow
    assert here.read(ONE)["state"] == "extracted"
    (note,) = here.run.notes
    assert note.startswith(f"page 2 of spotify/playlist ({ONE}) is empty")


# Crashes


def test_a_run_of_several_parts_survives_its_death_after_any_call(lay: Lay) -> None:
    here = lay(tracks=110)
    playlists = (PRIVATE_PLAYLIST, ONE, EMPTY_PLAYLIST)
    deaths = 0
    for calls in range(1, 28):
        day = f"2026-01-{calls:02}T05:00:00+00:00"
        try:
            here.read(*playlists, scheduled_at=day, fuse=Fuse(calls))
            break
        except Killed:
            deaths += 1
        here.clock.time += 1_000
        answer = here.read(*playlists, scheduled_at=day)
        assert (answer["state"], answer["rows"], answer["ended"]) == ("extracted", 110, "2 of 3 playlists are read")
        name = RunName.parse(answer["run"])
        run = here.ledger.find(name)
        assert run and len(run.notes) == 1
        assert [(page.page, page.part, page.rows) for page in here.ledger.pages(name)] == [(1, ONE, 100), (2, ONE, 10)]
        assert [page["rows"] for page in here.manifest(name.run)["pages"]] == [100, 10]
    assert deaths == 10  # lease, secret, part left out, 2 x (object, cursor), empty part, manifest, state


def test_a_page_left_by_a_try_that_died_does_not_pass_for_one_of_another_part(lay: Lay) -> None:
    here = lay(tracks=10)
    with pytest.raises(Killed):
        here.read(ONE, fuse=Fuse(3))  # lease, secret, page 1
    here.clock.time += 1_000
    answer = here.read(TWO)
    assert (answer["state"], answer["pages"]) == ("failed", 0)
    (key,) = here.objects()
    assert f"the object {key} is a page of another part than {TWO}" in answer["reason"]
    here.aws("s3").delete_object(Bucket=here.bucket, Key=key)
    assert here.read(TWO)["state"] == "extracted"
    assert here.parts() == [(TWO, 10)]


def test_a_page_left_by_a_try_that_died_is_the_page_of_its_part(lay: Lay) -> None:
    here = lay(tracks=10)
    with pytest.raises(Killed):
        here.read(ONE, fuse=Fuse(3))
    here.clock.time += 1_000
    here.api.day = 1
    assert here.read(ONE)["state"] == "extracted"
    here.api.day = 0
    assert here.pages == [here.served(f"/v1/playlists/{ONE}/items", limit="100")]


def test_the_scheduled_time_names_the_run(lay: Lay) -> None:
    here = lay(tracks=10)
    assert here.read(ONE, scheduled_at=SCHEDULED_AT)["run"] == f"spotify/playlist/{RUN}"
