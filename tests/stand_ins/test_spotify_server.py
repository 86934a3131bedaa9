"""The double of Spotify as a client meets it: tokens, pages and their links, refusals, limits and faults."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

import stand_ins
from stand_ins import StandIn, StandInError, serve
from stand_ins.__main__ import make_parser

Ask = Callable[..., Any]
KEY = "stand-in-id:stand-in-secret"
ITEMS = "/v1/playlists/StandInPlaylist0000001/items"
SMALL: dict[str, Any] = {"playlists": 1, "tracks": 25, "found": 120}


def post(url: str, path: str = "/api/token", key: str | None = KEY, **form: str) -> tuple[int, Any]:
    """The status of an answer to a form, and what the answer says."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if key is not None:
        headers["Authorization"] = f"Basic {b64encode(key.encode()).decode()}"
    try:
        connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def token(api: StandIn) -> str:
    return f"Bearer {post(api.url, key=api.key, grant_type='client_credentials')[1]['access_token']}"


class Client:
    """Knows a token, and asks for paths or for links."""

    def __init__(self, api: StandIn, ask: Ask) -> None:
        self.api, self.ask, self.token = api, ask, token(api)

    def get(self, path: str, **params: object) -> Any:
        address = urlsplit(path)
        query = f"{address.query}&{urlencode(params)}".strip("&")
        return self.ask(self.api.url, query, path=f"{address.path}?", authorization=self.token)

    def pages(self, path: str, field: str = "", **params: object) -> Iterator[Any]:
        """All pages, each by the next-link of the one before."""
        answer = self.get(path, **params).json
        while page := answer[field] if field else answer:
            yield page
            if page["next"] is None:
                return
            answer = self.get(page["next"]).json


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with serve("spotify", **SMALL) as api:
        yield api


@pytest.fixture
def api(running: StandIn) -> StandIn:
    running.faults.clear()
    running.requests.clear()
    return running


@pytest.fixture
def client(api: StandIn, ask: Ask) -> Client:
    return Client(api, ask)


def error(status: int, message: str) -> tuple[int, Any]:
    return status, {"error": {"status": status, "message": message}}


def said(reply: Any) -> tuple[int, Any]:
    return reply.status, reply.json


# Tokens


def test_a_token_is_given_for_client_credentials(api: StandIn) -> None:
    status, answer = post(api.url, grant_type="client_credentials")
    assert (status, answer["token_type"], answer["expires_in"], sorted(answer)) == (
        200, "Bearer", 3_600, ["access_token", "expires_in", "token_type"],
    )  # fmt: skip


@pytest.mark.parametrize("key", ["stand-in-id:wrong", "wrong:stand-in-secret", "stand-in-key", "", None])
def test_other_credentials_are_no_client(api: StandIn, key: str | None) -> None:
    assert post(api.url, key=key, grant_type="client_credentials") == (400, {"error": "invalid_client"})


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}])
def test_another_grant_is_not_supported(api: StandIn, form: dict[str, str]) -> None:
    assert post(api.url, **form) == (400, {"error": "unsupported_grant_type"})


def test_the_key_can_be_changed_and_tokens_outlive_it(ask: Ask) -> None:
    with serve("spotify", **SMALL, key="one:first") as api:
        client = Client(api, ask)
        api.key = "one:second"
        assert post(api.url, key="one:first", grant_type="client_credentials")[0] == 400
        assert post(api.url, key="one:second", grant_type="client_credentials")[0] == 200
        assert client.get(ITEMS).status == 200


def test_a_call_without_a_token_is_refused(api: StandIn, ask: Ask) -> None:
    assert said(ask(api.url, "", path=ITEMS)) == error(401, "No token provided")
    refused = ask(api.url, "", path=ITEMS, authorization=f"Basic {KEY}")
    assert said(refused) == error(400, "Only valid bearer authentication supported")


def test_a_token_that_was_never_given_is_refused(api: StandIn, ask: Ask) -> None:
    assert said(ask(api.url, "", path=ITEMS, authorization="Bearer BQabc")) == error(401, "The access token expired")


def test_a_token_that_expired_is_refused_and_the_next_goes_on(ask: Ask) -> None:
    now = 1_000.0
    with serve("spotify", **SMALL, token_seconds=60) as api:
        api.api.clock = lambda: now  # type: ignore[attr-defined]
        client = Client(api, ask)
        now += 59
        assert client.get(ITEMS).status == 200
        now += 1
        assert said(client.get(ITEMS)) == error(401, "The access token expired")
        client.token = token(api)
        assert client.get(ITEMS).status == 200


def test_a_token_can_be_good_for_a_few_calls(ask: Ask) -> None:
    with serve("spotify", **SMALL, token_calls=2) as api:
        client = Client(api, ask)
        assert [client.get(ITEMS).status for _ in range(3)] == [200, 200, 401]


def test_a_token_can_be_revoked(ask: Ask) -> None:
    with serve("spotify", **SMALL) as api:
        client = Client(api, ask)
        api.api.tokens.revoke()  # type: ignore[attr-defined]
        assert said(client.get(ITEMS)) == error(401, "The access token expired")


def test_the_journal_holds_neither_secret_nor_token(api: StandIn, client: Client) -> None:
    client.get(ITEMS, limit=10, offset=10)
    journal = repr(list(api.requests))
    assert [(each.path, each.page) for each in api.requests] == [("/api/token", None), (ITEMS, 2)]
    assert "stand-in-secret" not in journal and client.token.removeprefix("Bearer ") not in journal


# Pages


def test_a_page_says_where_it_is_and_where_the_others_are(api: StandIn, client: Client) -> None:
    page = client.get(ITEMS, limit=10, offset=10).json
    here = f"{api.url}{ITEMS}?offset={{}}&limit=10"
    links = {"href": here.format(10), "next": here.format(20), "previous": here.format(0)}
    assert {name: page[name] for name in links} == links
    assert (page["limit"], page["offset"], page["total"], len(page["items"])) == (10, 10, 25, 10)


def test_following_next_brings_all_entries(api: StandIn, client: Client) -> None:
    pages = list(client.pages(ITEMS, limit=10))
    assert [len(page["items"]) for page in pages] == [10, 10, 5]
    assert (pages[0]["previous"], pages[-1]["next"]) == (None, None)
    assert sum(len(page["items"]) for page in pages) == api.truth().read["playlists"]
    assert [entry for page in pages for entry in page["items"]] == client.get(ITEMS).json["items"]


def test_a_last_page_that_is_full_leads_nowhere(client: Client) -> None:
    assert [len(page["items"]) for page in client.pages(ITEMS, limit=5)] == [5] * 5


def test_the_older_shape_has_the_same_tracks_under_another_name(client: Client) -> None:
    newer, older = (client.get(path).json["items"] for path in (ITEMS, ITEMS.replace("items", "tracks")))
    renamed = [{("track" if name == "item" else name): value for name, value in each.items()} for each in newer]
    assert renamed == older


def test_a_page_past_the_end_is_empty(client: Client) -> None:
    page = client.get(ITEMS, offset=1_000).json
    assert (page["items"], page["next"], page["total"]) == ([], None, 25)


def test_an_empty_playlist_is_one_empty_page(client: Client) -> None:
    (page,) = client.pages("/v1/playlists/StandInPlaylistEmpty00/items")
    assert (page["items"], page["total"]) == ([], 0)


def test_a_private_playlist_is_forbidden_and_an_unknown_one_is_not_there(client: Client) -> None:
    assert said(client.get("/v1/playlists/StandInPlaylistPrivate/items")) == error(403, "Forbidden")
    assert said(client.get("/v1/playlists/StandInPlaylist0000002/items")) == error(404, "Resource not found")
    assert client.get("/v1/albums").status == 404


@pytest.mark.parametrize("limit", [0, 101, -1, "ten", "", "²"])
def test_a_limit_that_does_not_exist_is_refused(client: Client, limit: object) -> None:
    assert said(client.get(ITEMS, limit=limit)) == error(400, "Invalid limit")


@pytest.mark.parametrize("offset", [-1, "ten", 100_001])
def test_an_offset_that_does_not_exist_is_refused(client: Client, offset: object) -> None:
    assert said(client.get(ITEMS, offset=offset)) == error(400, "Invalid offset")


def test_a_page_can_lead_to_itself(ask: Ask) -> None:
    with serve("spotify", **SMALL, looping_page=2) as api:
        client = Client(api, ask)
        first = client.get(ITEMS, limit=10).json
        second = client.get(first["next"]).json
        assert second["next"] == second["href"] == first["next"]


def test_the_last_page_can_lead_to_itself(ask: Ask) -> None:
    with serve("spotify", **SMALL, looping_page=3) as api:
        last = Client(api, ask).get(ITEMS, limit=10, offset=20).json
        assert last["next"] == last["href"] and len(last["items"]) == 5


def test_the_day_moves_while_it_serves(ask: Ask) -> None:
    with serve("spotify", **SMALL, moved_per_day=2, changed_share=0) as api:
        client = Client(api, ask)
        before = client.get(ITEMS).json["items"]
        api.day = 1
        assert client.get(ITEMS).json["items"][:-2] == before[2:]


# Search


def test_following_next_brings_all_that_a_search_finds(api: StandIn, client: Client) -> None:
    pages = list(client.pages("/v1/search", "tracks", q="year:2022-2023", type="track", limit=50))
    assert [len(page["items"]) for page in pages] == [50, 50, 20]
    assert sum(len(page["items"]) for page in pages) == api.truth().read["search"] == pages[0]["total"]


def test_a_search_stops_at_1_000_although_it_has_found_more(ask: Ask) -> None:
    with serve("spotify", found=1_200, tracks=1) as api:
        client = Client(api, ask)
        last = client.get("/v1/search", q="year:2022-2023", type="track", limit=50, offset=950)
        assert (last.status, len(last.json["tracks"]["items"]), last.json["tracks"]["total"]) == (200, 50, 1_200)
        assert said(client.get(last.json["tracks"]["next"])) == error(400, "Invalid offset")
        assert client.get("/v1/search", q="year:2022-2023", type="track", limit=50, offset=951).status == 400
        assert api.truth().read["search"] == 1_000


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"q": "year:2022", "type": "album"}, "Bad search type field album"),
        ({"q": "year:2022"}, "Bad search type field "),
        ({"q": "love", "type": "track"}, "no search for 'love' here, but for year:2022 or year:2022-2023"),
        ({"type": "track"}, "no search for '' here, but for year:2022 or year:2022-2023"),
        ({"q": "year:2022", "type": "track", "limit": 51}, "Invalid limit"),
    ],
)
def test_a_search_that_is_not_judged_is_refused(client: Client, params: dict[str, object], message: str) -> None:
    assert said(client.get("/v1/search", **params)) == error(400, message)


def test_a_search_for_years_without_songs_finds_nothing(client: Client) -> None:
    (page,) = client.pages("/v1/search", "tracks", q="year:1850-1860", type="track")
    assert (page["items"], page["total"]) == ([], 0)


def test_an_app_in_development_mode_sees_less(ask: Ask) -> None:
    with serve("spotify", **SMALL, development="1") as api:
        client = Client(api, ask)
        assert client.get(ITEMS).status == 200
        assert said(client.get(ITEMS.replace("items", "tracks"))) == error(403, "Forbidden")
        found = {"q": "year:2022", "type": "track"}
        assert said(client.get("/v1/search", **found, limit=11)) == error(400, "Invalid limit")
        assert len(client.get("/v1/search", **found).json["tracks"]["items"]) == 5


# Limits and faults


def test_too_many_calls_within_30_seconds_are_told_when_to_come_again(ask: Ask) -> None:
    now = 1_000.0
    with serve("spotify", **SMALL, calls_per_30_seconds=2) as api:
        api.api.clock = lambda: now  # type: ignore[attr-defined]
        client = Client(api, ask)
        assert [client.get(ITEMS).status for _ in range(2)] == [200, 200]
        now += 12.5
        refused = client.get(ITEMS)
        assert said(refused) == error(429, "API rate limit exceeded") and refused.headers["retry-after"] == "18"
        now += 18
        assert client.get(ITEMS).status == 200


def test_a_fault_meets_the_page_it_was_meant_for(api: StandIn, client: Client) -> None:
    api.faults.add("429=7@2", "cut@3", "401@1")
    assert said(client.get(ITEMS, limit=10)) == error(401, "Invalid API key")
    refused = client.get(ITEMS, limit=10, offset=10)
    assert said(refused) == error(429, "Too many requests") and refused.headers["retry-after"] == "7"
    with pytest.raises(http.client.IncompleteRead):
        client.get(ITEMS, limit=10, offset=20)
    assert [client.get(ITEMS, limit=10, offset=offset).status for offset in (0, 10, 20)] == [200] * 3


def test_a_fault_can_meet_the_token(api: StandIn) -> None:
    api.faults.add("503@#1")
    assert [post(api.url, grant_type="client_credentials")[0] for _ in range(2)] == [503, 200]


def test_a_repeated_page_is_the_one_before(api: StandIn, client: Client) -> None:
    api.faults.add("repeat@2")
    first, again, second = (client.get(ITEMS, limit=10, offset=offset).json["items"] for offset in (0, 10, 10))
    assert first == again != second


def test_another_shape_renames_the_list_wherever_it_is(api: StandIn, client: Client) -> None:
    api.faults.add("shape@1x2")
    found = {"q": "year:2022", "type": "track"}
    assert "items_v2" in client.get(ITEMS).json and "items_v2" in client.get("/v1/search", **found).json["tracks"]


def test_another_shape_of_records_renames_their_fields(api: StandIn, client: Client) -> None:
    api.faults.add("record-shape@1x2")
    entry = client.get(ITEMS).json["items"][1]
    found = client.get("/v1/search", q="year:2022", type="track").json["tracks"]["items"][1]
    assert "item_v2" in entry and "item" not in entry and "id_v2" in found


# The server


@pytest.mark.parametrize("size", ["-1", "many", "²", "65537", "9" * 30])
def test_a_post_of_unknown_length_is_refused_and_the_connection_ends(api: StandIn, size: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=30)
    connection.putrequest("POST", "/api/token")
    connection.putheader("Content-Length", size.encode("latin-1"))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 411 and answer.read()
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_path_is_asked_in_one_way_only(api: StandIn, client: Client) -> None:
    assert post(api.url, path=ITEMS, key=None)[0] == 401
    posted = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=30)
    posted.request("POST", ITEMS, "", {"Authorization": client.token})
    assert posted.getresponse().status == 405
    posted.close()
    basic = f"Basic {b64encode(KEY.encode()).decode()}"
    assert client.ask(api.url, "", path="/api/token", authorization=basic).status == 405


def test_an_api_that_takes_no_post_says_so() -> None:
    with serve("olympics", athletes=5) as api:
        assert post(api.url, path="/athletes") == (405, {"message": "POST is not allowed; GET is"})


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"tracks": 10_001}, "tracks 10001 is out of range; give 0 to 10,000"),
        ({"overlap": 50}, "overlap 50 is out of range; give 0 to 49"),
        ({"songs": 5}, "no option 'songs'; it has: seed, playlists, tracks"),
    ],
)
def test_a_wrong_option_is_refused_with_what_would_do(given: dict[str, Any], line: str) -> None:
    with pytest.raises(StandInError, match=line):
        serve("spotify", **given)


def test_every_option_says_what_it_is() -> None:
    assert all(option.metadata["help"] for option in stand_ins.options("spotify").values())


def test_each_source_has_a_key_of_its_own_to_begin_with() -> None:
    keys = {source: make_parser().parse_args([source]).key for source in ("olympics", "spotify")}
    assert keys == {"olympics": stand_ins.DEFAULT_KEY, "spotify": KEY} and serve("spotify").key == KEY


def test_it_can_be_served_by_hand(ask: Ask) -> None:
    command = [sys.executable, "-m", "stand_ins", "spotify", "--tracks=12", "--key=by:hand", "--fault=500@2"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        given = post(url, key="by:hand", grant_type="client_credentials")[1]["access_token"]
        pages = [
            ask(url, offset, path=f"{ITEMS}?limit=6&offset=", authorization=f"Bearer {given}") for offset in (0, 6)
        ]
        server.send_signal(signal.SIGTERM)
        _, told = server.communicate(timeout=30)
    finally:
        server.kill()
    assert [page.status for page in pages] == [200, 500] and pages[0].json["next"].startswith(url)
    assert "12 entries each" in told and "by:hand" not in told and given not in told and "Traceback" not in told
