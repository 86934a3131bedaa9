"""One run from end to end: pages, manifest, ledger; and how it stops and goes on."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from lambdas.extract.secret import Secret
from lambdas.ledger import Held, Ledger
from sources.layout import RunName
from sources.model import DAY, MINUTE, Limit
from tests.lambdas.conftest import (
    FIVE_O_CLOCK,
    KEY,
    RUN,
    Desk,
    FakeApi,
    Reply,
    athletes,
)

NAME = RunName.parse(RUN)
PAGE = "raw/olympics/athletes/run=20261121T050000Z/page={:05d}.json.gz"
THREE = [athletes(1, 2), athletes(3), athletes(4, 5, 6)]
HOUR = 3600

Lay = Callable[..., Desk]


def test_a_sweep_stores_its_pages_and_one_manifest(desk: Lay) -> None:
    here = desk(FakeApi(THREE))
    answer = here.extract()
    assert answer == {
        "run": RUN,
        "state": "extracted",
        "pages": 3,
        "rows": 6,
        "ended": "page 4 is empty",
        "reason": None,
        "resume_at": None,
    }
    stored = here.objects("raw/")
    assert list(stored) == [PAGE.format(page) for page in (1, 2, 3)]
    assert json.loads(gzip.decompress(stored[PAGE.format(2)])) == {"year": 2024, "athletes": athletes(3)}
    manifest = here.manifest()
    assert [(page["page"], page["key"], page["rows"]) for page in manifest["pages"]] == [
        (1, PAGE.format(1), 2),
        (2, PAGE.format(2), 1),
        (3, PAGE.format(3), 3),
    ]
    for page in manifest["pages"]:
        assert page["sha256"] == hashlib.sha256(stored[page["key"]]).hexdigest()
        assert page["bytes"] == len(stored[page["key"]])
    assert (manifest["rows"], manifest["ended"], manifest["run"]) == (6, "page 4 is empty", "20261121T050000Z")
    assert manifest["bytes"] == sum(map(len, stored.values()))


def test_the_parameters_of_the_stream_go_with_each_request(desk: Lay) -> None:
    here = desk(FakeApi([athletes(1)]))
    here.extract()
    assert here.api and here.api.asked == [{"year": "2024", "page": "1"}, {"year": "2024", "page": "2"}]


@pytest.mark.parametrize(
    ("past_the_end", "ended"),
    [
        (lambda page: Reply({"year": 2024, "athletes": []}), "page 4 is empty"),
        (lambda page: Reply({"year": 2024}), "page 4 has no athletes"),
        (lambda page: Reply({"year": 2024, "athletes": None}), "page 4 has no athletes"),
        (lambda page: Reply("gone", 404), "page 4 is not there (404)"),
        (lambda page: Reply({"year": 2024, "athletes": THREE[2]}), "page 4 repeats page 3"),
        (lambda page: Reply({"year": 2024, "athletes": THREE[0]}), "page 4 repeats page 1"),
    ],
)
def test_each_form_of_a_page_past_the_end_ends_the_sweep(
    desk: Lay, past_the_end: Callable[[int], Reply], ended: str
) -> None:
    here = desk(FakeApi(THREE, past_the_end))
    answer = here.extract()
    assert (answer["state"], answer["pages"], answer["ended"]) == ("extracted", 3, ended)
    assert len(here.objects("raw/")) == 3


def test_a_stream_without_rows_succeeds(desk: Lay) -> None:
    here = desk(FakeApi([]))
    assert here.extract()["state"] == "extracted"
    assert (here.manifest()["pages"], here.manifest()["ended"]) == ([], "page 1 is empty")


def test_a_finished_run_is_not_read_again(desk: Lay) -> None:
    here = desk(FakeApi(THREE))
    here.extract()
    before = here.objects()
    assert here.api is not None
    here.api.asked.clear()
    assert here.extract()["state"] == "extracted"
    assert (here.api.asked, here.objects()) == ([], before)


def test_a_new_field_is_noted_and_no_failure(desk: Lay, ledger: Ledger) -> None:
    here = desk(FakeApi([Reply({"year": 2024, "athletes": athletes(1), "total": 3}), [{**athletes(2)[0], "age": 30}]]))
    assert here.extract()["state"] == "extracted"
    run = ledger.find(NAME)
    noted = ("new field total, a whole number such as 3", "new field athletes[].age, a whole number such as 30")
    assert run is not None and run.notes == noted
    assert "part" not in here.manifest()["pages"][0]


# Bad answers


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Reply({"year": 2024, "athletes": [], "total": 3}), ["page 2", '"total"', "only the fields"]),
        (Reply({"year": 2024, "athletes": {"1": 2}}), ["field athletes", "expected a list", "found an object"]),
        (Reply({"year": 2024, "athletes": [1, 2]}), ["athletes[]", "expected an object", "a whole number such as 1"]),
        (Reply({"year": 2024, "athletes": [{"ID": 1, "name": "A"}]}), ['the field "id"', '"ID"']),
        (Reply("null"), ["expected an object", "found null"]),
        (Reply("[1]"), ["expected an object", "found a list"]),
    ],
)
def test_a_changed_shape_fails_the_run_before_it_is_stored(desk: Lay, page: Reply, words: list[str]) -> None:
    here = desk(FakeApi([athletes(1), page]))
    answer = here.extract()
    assert (answer["state"], answer["pages"]) == ("failed", 1)
    assert all(word in answer["reason"] for word in ["changed shape", *words]), answer["reason"]
    assert list(here.objects()) == [PAGE.format(1)]


def test_single_wrong_records_are_the_jobs_business(desk: Lay) -> None:
    here = desk(FakeApi([[*athletes(1), "not an object", {"id": None}]]))
    answer = here.extract()
    assert (answer["state"], answer["rows"]) == ("extracted", 3)


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply("<html>sorry</html>"), "HTML"),
        (Reply({"message": "try later"}), "try later"),
        (Reply('{"year": 2024, "athl'), "not JSON"),
        (Reply({"year": 2024, "athletes": athletes(1)}, cut=True), "breaks off"),
        (Reply("", 503), "503"),
    ],
)
def test_an_api_that_is_down_leaves_the_run_waiting(desk: Lay, reply: Reply, word: str) -> None:
    here = desk(FakeApi([athletes(1), reply]))
    answer = here.extract()
    assert (answer["state"], answer["pages"]) == ("waiting", 1)
    assert word in answer["reason"] and "goes on by itself at 2026-11-21T05:" in answer["reason"]
    assert here.api and here.api.pages_asked == [1, 2, 2, 2, 2, 2]
    assert list(here.objects()) == [PAGE.format(1)]


def test_a_short_trouble_is_only_a_pause(desk: Lay) -> None:
    here = desk(FakeApi(THREE, first=[Reply("", 500), Reply("<html>", 200), Reply("", 502)]))
    assert here.extract()["state"] == "extracted"
    assert len(here.clock.slept) == 3


def test_nobody_listening_leaves_the_run_waiting(desk: Lay) -> None:
    here = desk(FakeApi(THREE))
    assert here.api is not None
    here.api.url = "http://127.0.0.1:9"
    answer = here.extract()
    assert (answer["state"], answer["pages"]) == ("waiting", 0)
    assert "cannot be reached" in answer["reason"]


def test_other_refusals_are_not_tried_again(desk: Lay) -> None:
    here = desk(FakeApi(THREE, first=[Reply("", 400)]))
    answer = here.extract()
    assert (answer["state"], here.clock.slept) == ("failed", [])
    assert "answers 400" in answer["reason"] and "sources/" in answer["reason"]


def test_a_404_on_the_first_page_is_no_end(desk: Lay) -> None:
    answer = desk(FakeApi([Reply("", 404)])).extract()
    assert (answer["state"], "404" in answer["reason"]) == ("failed", True)


def test_a_redirect_is_not_followed(desk: Lay, serve: Callable[[FakeApi], FakeApi]) -> None:
    other = serve(FakeApi(THREE))
    here = desk(FakeApi(THREE, first=[Reply("", 302, {"Location": f"{other.url}/athletes"})]))
    answer = here.extract()
    assert (answer["state"], other.asked) == ("failed", [])
    assert "redirects are not followed" in answer["reason"]


def test_a_stream_without_end_fails_at_its_cap(desk: Lay) -> None:
    here = desk(FakeApi([athletes(n) for n in range(1, 9)]), max_pages=4)
    answer = here.extract()
    assert (answer["state"], answer["pages"]) == ("failed", 4)
    assert "no end after 4 pages" in answer["reason"]


def test_an_unpaired_surrogate_is_stored_as_valid_json(desk: Lay) -> None:
    here = desk(FakeApi([Reply('{"year": 2024, "athletes": [{"id": "1", "name": "\\ud800\\u00e5"}]}')]))
    assert here.extract()["state"] == "extracted"
    text = gzip.decompress(here.objects("raw/")[PAGE.format(1)]).decode("utf-8", "strict")
    assert text == '{"year":2024,"athletes":[{"id":"1","name":"\\ud800å"}]}'


# Retry-After


def test_retry_after_in_seconds_is_waited_for(desk: Lay) -> None:
    here = desk(FakeApi(THREE, first=[Reply("", 429, {"Retry-After": "17"})]))
    assert here.extract()["state"] == "extracted"
    assert here.clock.slept == [17.0]


def test_retry_after_as_a_date_is_waited_for(desk: Lay) -> None:
    here = desk(FakeApi(THREE, first=[Reply("", 429, {"Retry-After": "Sat, 21 Nov 2026 05:00:40 GMT"})]))
    assert here.extract()["state"] == "extracted"
    assert here.clock.slept == [40.0]


def test_retry_after_beyond_the_time_left_is_left_for_later(desk: Lay) -> None:
    here = desk(FakeApi(THREE, first=[Reply("", 429, {"Retry-After": "3600"})]))
    answer = here.extract(seconds=300)
    assert (answer["state"], answer["resume_at"]) == ("waiting", FIVE_O_CLOCK + 3600)
    assert "429" in answer["reason"] and here.clock.slept == []


# The key


def test_a_changed_key_is_read_again_once(desk: Lay) -> None:
    here = desk(FakeApi(THREE))
    kept = Secret(here.aws("secretsmanager"), here.secret_id)
    assert kept.key == KEY
    here.aws("secretsmanager").put_secret_value(SecretId=here.secret_id, SecretString='{"key": "new-key"}')
    assert here.api is not None
    here.api.key = "new-key"
    assert here.extract(secret=kept)["state"] == "extracted"
    assert here.api.pages_asked == [1, 1, 2, 3, 4]


def test_a_key_that_stays_refused_fails_the_run_and_is_shown_nowhere(desk: Lay) -> None:
    here = desk(FakeApi(THREE, key="another"))
    answer = here.extract()
    assert (answer["state"], here.api and here.api.pages_asked) == ("failed", [1, 1])
    assert f"refuses our key in the secret {here.secret_id}" in answer["reason"]
    assert "pulumi config set --secret lakelet:olympicsApiKey, then pulumi up" in answer["reason"]
    item = here.aws("dynamodb").scan(TableName=here.tables.runs)["Items"]
    assert KEY not in json.dumps([answer, here.lines, item])


def test_a_403_too_means_the_key(desk: Lay) -> None:
    here = desk(FakeApi(THREE, first=[Reply("", 403)] * 2))
    answer = here.extract()
    assert (answer["state"], here.api.pages_asked) == ("failed", [1, 1])
    assert "refuses our key" in answer["reason"]


def test_data_that_looks_like_a_short_key_stays_as_it_is_and_is_shown_nowhere(desk: Lay, ledger: Ledger) -> None:
    here = desk(FakeApi([[*athletes(3), {"id": "4", "name": "Ann", "also": "judo"}]], key="judo"))
    here.aws("secretsmanager").put_secret_value(SecretId=here.secret_id, SecretString='{"key": "judo"}')
    assert here.extract()["state"] == "extracted"
    stored = json.loads(gzip.decompress(here.objects("raw/")[PAGE.format(1)]))
    assert (stored["athletes"][:1], stored["athletes"][1]["also"]) == (athletes(3), "judo")
    run = ledger.find(NAME)
    assert run is not None and run.notes == ('new field athletes[].also, a text such as "***"',)


@pytest.mark.parametrize("reply", [Reply({"message": f"no: {KEY}"}), Reply({"year": 1, KEY: 1, "athletes": []})])
def test_an_api_that_repeats_the_key_does_not_bring_it_into_the_ledger(desk: Lay, reply: Reply) -> None:
    here = desk(FakeApi([reply]))
    answer = here.extract()
    assert "***" in answer["reason"]
    item = here.aws("dynamodb").scan(TableName=here.tables.runs)["Items"]
    assert KEY not in json.dumps([answer, here.lines, item])


@pytest.mark.parametrize("text", ["not json", '{"key": ""}', '{"key": 7}', '["planted"]', '{"key": "planted\\nkey"}'])
def test_a_secret_of_another_form_fails_the_run_without_being_quoted(desk: Lay, text: str) -> None:
    here = desk(FakeApi(THREE))
    here.aws("secretsmanager").put_secret_value(SecretId=here.secret_id, SecretString=text)
    answer = here.extract()
    assert answer["state"] == "failed" and here.secret_id in answer["reason"]
    assert "planted" not in json.dumps([answer, here.lines])


# The quota


def test_a_full_minute_is_waited_for(desk: Lay) -> None:
    here = desk(FakeApi(THREE), quota=(Limit(3, MINUTE), Limit(100, DAY)))
    here.clock.time += 20
    assert here.extract()["state"] == "extracted"
    assert here.clock.slept == [40.0]
    assert here.api and here.api.pages_asked == [1, 2, 3, 4]


def test_a_full_day_is_left_for_the_next_one(desk: Lay) -> None:
    here = desk(FakeApi(THREE), quota=(Limit(60, MINUTE), Limit(2, DAY)))
    answer = here.extract()
    midnight = FIVE_O_CLOCK + 19 * HOUR
    assert (answer["state"], answer["pages"], answer["resume_at"]) == ("waiting", 2, midnight)
    assert "2 calls in 86400 s" in answer["reason"] and "2026-11-22T00:00:00" in answer["reason"]
    assert here.extract()["state"] == "waiting"  # not before its time
    here.clock.time = midnight
    assert here.extract()["pages"] == 3
    assert here.api and here.api.pages_asked == [1, 2, 3, 4]


def test_a_wait_that_does_not_fit_is_left_for_later(desk: Lay) -> None:
    here = desk(FakeApi(THREE), quota=(Limit(1, MINUTE),))
    answer = here.extract(seconds=60)
    assert (answer["state"], answer["pages"], answer["resume_at"]) == ("waiting", 1, FIVE_O_CLOCK + 60)


def test_tries_count_too(desk: Lay) -> None:
    here = desk(FakeApi([athletes(1), Reply("", 500)]), quota=(Limit(100, DAY),))
    here.extract()
    (window,) = here.aws("dynamodb").scan(TableName=here.tables.quota)["Items"]
    assert window["used"] == {"N": "6"}
    assert window["window"] == {"S": f"86400#{int(FIVE_O_CLOCK // DAY)}"}


# Time


def test_it_stops_in_good_time_and_goes_on_to_the_same_manifest(desk: Lay, serve: Callable[[FakeApi], FakeApi]) -> None:
    many = [athletes(n, n + 100) for n in range(1, 11)]
    whole = desk(FakeApi(many))
    whole.extract("2026-11-20T05:00:00Z")

    class Slow(FakeApi):
        def answer(self, path: str, headers: Any) -> Reply:
            here.clock.time += 10
            return super().answer(path, headers)

    here = desk(Slow(many))
    states = []
    for _ in range(9):
        began = here.clock.now()
        states.append(here.extract(seconds=100)["state"])
        assert here.clock.now() - began < 100 - 20  # a request with its time-out would still have fitted
        if states[-1] == "extracted":
            break
    assert len(states) > 1 and states == ["waiting"] * (len(states) - 1) + ["extracted"]

    def pages(run: str) -> list[Any]:
        return [(p["page"], p["rows"], p["bytes"], p["sha256"]) for p in here.manifest(run)["pages"]]

    assert pages("20261121T050000Z") == pages("20261120T050000Z")
    assert here.api and here.api.pages_asked == list(range(1, 12))  # none was read twice


def test_a_function_with_too_little_time_says_so(desk: Lay) -> None:
    answer = desk(FakeApi(THREE)).extract(seconds=30)
    assert answer["state"] == "failed" and "needs over 35 s" in answer["reason"]


# Two at once


def test_a_run_that_another_call_reads_is_held(desk: Lay, ledger: Ledger) -> None:
    here = desk(FakeApi(THREE))
    ledger.take_lease(NAME, "2026-11-21T05:00:00Z", "another", int(FIVE_O_CLOCK) + 60)
    answer = here.extract()
    assert (answer["state"], here.objects(), here.api and here.api.asked) == ("held", {}, [])


def test_a_lease_that_ran_out_is_taken_over(desk: Lay, ledger: Ledger) -> None:
    here = desk(FakeApi(THREE))
    ledger.take_lease(NAME, "2026-11-21T05:00:00Z", "another", int(FIVE_O_CLOCK) + 60)
    here.clock.time += 61
    assert here.extract()["state"] == "extracted"


class Dawdling(FakeApi):
    """Before it answers for a page the first time, ``meanwhile`` happens; then it gives that late caller other rows."""

    page = "0"
    meanwhile: Callable[[], Any]

    def answer(self, path: str, headers: Any) -> Reply:
        if f"page={self.page}" not in path:
            return super().answer(path, headers)
        self.page = "0"
        self.meanwhile()
        return Reply({"year": 2024, "athletes": athletes(98, 99)})


@pytest.mark.parametrize(("page", "seconds"), [("2", 900), ("4", 900), ("2", 36)])
def test_a_holder_who_comes_back_too_late_changes_nothing(desk: Lay, ledger: Ledger, page: str, seconds: int) -> None:
    api = Dawdling(THREE)
    here = desk(api)
    seen: list[Any] = []

    def takes_over() -> None:
        here.clock.time += 1000
        here.extract(seconds=seconds)
        seen.extend([here.objects(), ledger.find(NAME)])

    api.page, api.meanwhile = page, takes_over
    assert here.extract()["state"] == "held"
    objects, run = seen
    assert ledger.find(NAME) == run
    late = {key: body for key, body in here.objects().items() if key not in objects}
    assert not [key for key in late if key.startswith("manifests/")]
    assert [page.page for page in ledger.pages(NAME)] == list(range(1, run.page))
    assert objects.items() <= here.objects().items()


def test_only_one_of_two_takes_the_lease(ledger: Ledger) -> None:
    ledger.take_lease(NAME, "2026-11-21T05:00:00Z", "one", int(FIVE_O_CLOCK) + 60)
    with pytest.raises(Held):
        ledger.take_lease(NAME, "2026-11-21T05:00:00Z", "two", int(FIVE_O_CLOCK) + 60)
    # The answer to the first try was lost, and boto3 has asked again.
    assert ledger.take_lease(NAME, "2026-11-21T05:00:00Z", "one", int(FIVE_O_CLOCK) + 60).version == 1
