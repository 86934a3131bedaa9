"""The server: key, pages, ends, journal, and that nothing of it stays."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

import stand_ins
from stand_ins import StandInError, serve

Ask = Callable[..., Any]
SMALL: dict[str, Any] = {"athletes": 50, "page_size": 20}  # three pages


def test_a_sweep_brings_all_records(ask: Ask) -> None:
    with serve("olympics", **SMALL) as api:
        pages = [ask(api.url, page).json for page in (1, 2, 3)]
        assert [page["year"] for page in pages] == ["2024"] * 3
        assert [each for page in pages for each in page["athletes"]] == list(api.api.records(0))  # type: ignore[attr-defined]
        assert ask(api.url, "", path="/athletes").json == pages[0]
        assert api.truth().rows_in == sum(len(page["athletes"]) for page in pages)


@pytest.mark.parametrize("page", [4, 5])
def test_each_end_looks_as_asked_for(ask: Ask, page: int) -> None:
    replies = {}
    for end in ("empty", "missing", "404", "repeat"):
        with serve("olympics", **SMALL, end=end) as api:
            last, replies[end] = ask(api.url, 3), ask(api.url, page)
    assert replies["empty"].json == {"year": "2024", "athletes": []}
    assert replies["missing"].json == {"year": "2024"}
    assert (replies["404"].status, list(replies["404"].json)) == (404, ["message"])
    assert replies["repeat"].body == last.body


def test_no_athletes_are_one_empty_page(ask: Ask) -> None:
    for end in ("empty", "missing", "404", "repeat"):
        with serve("olympics", athletes=0, end=end) as api:
            assert ask(api.url, 1).json == {"year": "2024", "athletes": []}
            assert api.truth().rows_in == 0


def test_the_key_is_checked_and_can_be_changed(ask: Ask) -> None:
    with serve("olympics", **SMALL, key="first") as api:
        assert ask(api.url, 1).status == 401
        assert ask(api.url, 1, x_rapidapi_key="first").status == 200
        api.key = "second"
        refused = ask(api.url, 1, x_rapidapi_key="first")
        assert refused.status == 401 and "Invalid API key" in refused.json["message"]
        assert ask(api.url, 1, x_rapidapi_key="second").status == 200
        assert "first" not in repr(list(api.requests)) and b"first" not in refused.body


@pytest.mark.parametrize("page", ["0", "-1", "one", "1.5", "²", "", "9" * 30])
def test_a_page_that_is_no_number_is_refused(ask: Ask, page: str) -> None:
    with serve("olympics", **SMALL) as api:
        assert ask(api.url, quote(page)).status == 400


def test_what_the_api_does_not_have_is_refused(ask: Ask) -> None:
    with serve("olympics", **SMALL) as api:
        unknown = ask(api.url, "", path="/medals")
        assert (unknown.status, list(unknown.json)) == (404, ["message"])
        assert ask(api.url, "", path="/athletes?year=1896").status == 400
        assert ask(api.url, 1, x_rapidapi_host="elsewhere.p.rapidapi.com").status == 404
        assert ask(api.url, 1, x_rapidapi_host="olympic-sports-api.p.rapidapi.com").status == 200


def test_the_journal_counts_by_page_and_holds_no_parameter(ask: Ask) -> None:
    seen: list[stand_ins.Asked] = []
    with serve("olympics", **SMALL, on_request=seen.append) as api:
        for page in (1, 2, 2, "x&key=hidden"):
            ask(api.url, page)
        ask(api.url, "", path="/medals?key=hidden")
        assert (api.requests.count, api.requests.by_page()) == (5, {1: 1, 2: 2})
        assert api.requests.by_status() == {200: 3, 400: 1, 404: 1}
        assert seen == list(api.requests) and "hidden" not in repr(seen)


def test_the_day_moves_while_it_serves(ask: Ask) -> None:
    with serve("olympics", athletes=50, changed_share=1.0) as api:
        before = ask(api.url, 1).json["athletes"]
        api.day = 1
        assert ask(api.url, 1).json["athletes"] == api.api.page(1, 1) != before  # type: ignore[attr-defined]


def test_one_connection_serves_many_requests() -> None:
    with serve("olympics", **SMALL) as api:
        connection = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=30)
        connection.connect()
        opened = connection.sock
        for page in (1, 2, 3, 4):
            connection.request("GET", f"/athletes?page={page}", headers={"x-rapidapi-key": stand_ins.DEFAULT_KEY})
            assert connection.getresponse().read()
            assert connection.sock is opened
        connection.close()


def test_many_clients_at_once_are_served(ask: Ask) -> None:
    with serve("olympics", athletes=1_000, page_size=20, faults=["500x10"]) as api:
        bodies: list[tuple[int, int]] = []
        threads = [threading.Thread(target=lambda: bodies.append((1, ask(api.url, 1).status))) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert api.requests.by_status() == {200: 30, 500: 10}
        assert len(bodies) == 40


def test_stop_frees_the_port_and_ends_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    api = serve("olympics", **SMALL, faults=["slow=600@2"]).start()
    address = ("127.0.0.1", urlsplit(api.url).port or 0)
    idle, waiting = _ask_and_keep(address, page=1), _ask_and_keep(address, page=None)
    with _arrival(api, monkeypatch):
        waiting.sendall(_request(page=2))
    _kept = api._server  # so that it is not the garbage collector that frees the port
    api.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("stand-in")]
    for connection in (idle, waiting):
        with connection:
            assert not _read(connection)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    api.stop()
    with serve("olympics", **SMALL, port=address[1]) as again:
        assert again.url.endswith(f":{address[1]}")


def _request(page: int) -> bytes:
    return f"GET /athletes?page={page} HTTP/1.1\r\nx-rapidapi-key: {stand_ins.DEFAULT_KEY}\r\n\r\n".encode()


def _ask_and_keep(address: tuple[str, int], page: int | None) -> socket.socket:
    """A connection that stays open, after one whole answer where a page is given."""
    connection = socket.create_connection(address)
    if page:
        connection.sendall(_request(page))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.read()
    return connection


@contextmanager
def _arrival(api: stand_ins.StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Goes on once the request sent in the block has reached the faults."""
    arrived, take = threading.Event(), api.faults.take

    def taken(page: int | None, request: int) -> Any:
        arrived.set()
        return take(page, request)

    with monkeypatch.context() as patch:
        patch.setattr(api.faults, "take", taken)
        yield
        assert arrived.wait(30)


def _read(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1)
    except ConnectionResetError:
        return b""


def test_a_port_that_is_taken_is_named() -> None:
    with serve("olympics", **SMALL) as api, pytest.raises(StandInError, match=f"port {urlsplit(api.url).port}"):
        serve("olympics", port=urlsplit(api.url).port or 0).start()


def test_a_url_is_there_only_while_it_runs() -> None:
    with pytest.raises(StandInError, match="not running"):
        _ = serve("olympics").url


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"athlets": 5}, "no option 'athlets'; it has: seed, athletes"),
        ({"athletes": "many"}, "athletes is a whole number, not 'many'"),
        ({"changed_share": "2"}, "changed_share 2.0 is out of range"),
        ({"page_size": 0}, "page_size 0 is out of range; give 1 to"),
        ({"end": "never"}, "no end 'never'; a page past the last can be: empty, missing, 404, repeat"),
    ],
)
def test_a_wrong_option_is_refused_with_what_would_do(given: dict[str, Any], line: str) -> None:
    with pytest.raises(StandInError, match=line):
        serve("olympics", **given)


def test_options_may_be_texts() -> None:
    api: Any = serve("olympics", athletes="60", changed_share="0.5").api
    assert (api.athletes, api.changed_share) == (60, 0.5)


def test_an_unknown_source_is_refused_with_those_known() -> None:
    with pytest.raises(StandInError, match="no stand-in for 'chess'; there are: olympics"):
        serve("chess")
