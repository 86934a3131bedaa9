"""Each fault, as a client meets it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

import stand_ins
from stand_ins.faults import EFFECTS, Fault, Faults

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def running() -> Iterator[stand_ins.StandIn]:
    with stand_ins.serve("olympics", athletes=100, page_size=20, bad_per_thousand=50) as api:
        yield api


@pytest.fixture
def api(running: stand_ins.StandIn) -> stand_ins.StandIn:
    running.faults.clear()
    running.requests.clear()
    return running


def test_too_many_requests_says_when_in_seconds(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("429=7@3")
    assert [ask(api.url, page).status for page in (1, 2)] == [200, 200]
    refused = ask(api.url, 3)
    assert (refused.status, refused.headers["retry-after"]) == (429, "7")
    assert ask(api.url, 3).status == 200


def test_too_many_requests_says_when_as_a_date(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("429-date=3600@3x2")
    refused = [ask(api.url, 3) for _ in range(3)]
    assert [each.status for each in refused] == [429, 429, 200]
    until = parsedate_to_datetime(refused[0].headers["retry-after"])
    assert timedelta(minutes=30) < until - datetime.now(UTC) < timedelta(minutes=90)


@pytest.mark.parametrize("status", [401, 403, 500, 502, 503])
def test_a_status_is_given_as_often_as_said(api: stand_ins.StandIn, ask: Ask, status: int) -> None:
    api.faults.add(f"{status}@2x2")
    assert [ask(api.url, page).status for page in (1, 2, 2, 2)] == [200, status, status, 200]


def test_a_slow_answer_is_the_right_one(api: stand_ins.StandIn, ask: Ask) -> None:
    expected = ask(api.url, 4).body
    api.faults.add("slow=0.01@4")
    assert ask(api.url, 4).body == expected
    assert [each.fault for each in api.requests] == [None, "slow"]


def test_a_cut_answer_breaks_off_half_way(api: stand_ins.StandIn, ask: Ask) -> None:
    whole = ask(api.url, 5).body
    api.faults.add("cut@5")
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(api.url, 5)
    assert cut.value.partial == whole[: len(whole) // 2]
    assert cut.value.expected == len(whole) - len(whole) // 2
    assert ask(api.url, 5).body == whole


def test_cut_json_comes_whole_and_is_half_a_text(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("cut-json@5")
    reply = ask(api.url, 5)
    assert reply.status == 200
    with pytest.raises(ValueError):
        json.loads(reply.body)


def test_a_repeated_page_is_the_page_before(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("repeat@4")
    assert ask(api.url, 4).body == ask(api.url, 3).body != ask(api.url, 4).body


def test_an_error_page_comes_as_if_all_were_well(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("error-page@2")
    reply = ask(api.url, 2)
    assert (reply.status, list(reply.json)) == (200, ["message"])


def test_html_comes_as_if_all_were_well(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("html@2")
    reply = ask(api.url, 2)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply.body.startswith(b"<!DOCTYPE html>")


def test_a_changed_shape_renames_the_list(api: stand_ins.StandIn, ask: Ask) -> None:
    right = ask(api.url, 3).json
    api.faults.add("shape@3")
    assert ask(api.url, 3).json == {"year": "2024", "athletes_v2": right["athletes"]}


def test_a_changed_record_shape_renames_the_fields(api: stand_ins.StandIn, ask: Ask) -> None:
    right = ask(api.url, 3).json["athletes"]
    api.faults.add("record-shape@3")
    changed = ask(api.url, 3).json["athletes"]
    assert len(changed) == len(right)
    assert {field for each in changed if isinstance(each, dict) for field in each} == {
        "id_v2", "name_v2", "country_v2", "sport_v2",
    }  # fmt: skip


def test_down_drops_each_connection_until_it_is_cleared(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("down")
    for _ in range(3):
        with pytest.raises(http.client.RemoteDisconnected):
            ask(api.url, 1)
    api.faults.clear()
    assert ask(api.url, 1).status == 200
    assert api.requests.by_status() == {0: 3, 200: 1}


def test_faults_of_one_page_come_one_after_the_other(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("429@2", "slow=0.01@2x3", "500@2")
    assert [ask(api.url, 2).status for _ in range(4)] == [429, 500, 200, 200]
    assert [each.fault for each in api.requests] == ["429", "500", "slow", None]


def test_a_fault_can_wait_for_the_nth_request(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("500@#2")
    assert [ask(api.url, page).status for page in (5, 1, 5)] == [200, 500, 200]


def test_a_fault_can_stay(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("500@2xalways")
    assert [ask(api.url, page).status for page in (2, 2, 1, 2)] == [500, 500, 200, 500]


def test_a_request_with_a_wrong_key_uses_up_no_fault(api: stand_ins.StandIn, ask: Ask) -> None:
    api.faults.add("500@2")
    assert ask(api.url, 2, x_rapidapi_key="wrong").status == 401
    assert ask(api.url, 2).status == 500


@pytest.mark.parametrize("text", ["", "430", "429@", "429@0", "429@x", "500x0", "429@2x", " 429", "slow=", "500@2x2x2"])
def test_an_unknown_fault_is_refused_in_one_line_that_names_the_known(text: str) -> None:
    with pytest.raises(stand_ins.StandInError) as refused:
        stand_ins.serve("olympics", faults=[text])
    message = str(refused.value)
    assert repr(text) in message and "\n" not in message
    assert all(kind in message for kind in EFFECTS)


def test_seconds_are_refused_where_they_mean_nothing() -> None:
    with pytest.raises(stand_ins.StandInError, match="'cut=3' takes no seconds"):
        Faults(["cut=3"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("429@3", Fault("429", 1.0, 1, page=3)),
        ("429-date@3x2", Fault("429-date", 1.0, 2, page=3)),
        ("500x2", Fault("500", 0, 2)),
        ("slow=2.5", Fault("slow", 2.5, -1)),
        ("cut-json@#4xalways", Fault("cut-json", 0, -1, request=4)),
        ("down", Fault("down", 0, -1)),
    ],
)
def test_a_fault_is_read_from_its_text(text: str, expected: Fault) -> None:
    assert Fault.parse(text) == expected
