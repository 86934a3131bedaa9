"""The athletes: the same on any machine, and as odd as promised."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict
from typing import Any

import pytest

from stand_ins.api import Request
from stand_ins.olympics import Olympics
from stand_ins.olympics_order import Order, Role


@pytest.fixture(scope="module")
def api() -> Olympics:
    return Olympics()


@pytest.fixture(scope="module")
def served(api: Olympics) -> list[Any]:
    return list(api.records(day=0))


@pytest.fixture(scope="module")
def good(served: list[Any]) -> list[dict[str, Any]]:
    return [
        each for each in served if isinstance(each, dict) and (each.get("id") or "").strip() and _text(each, "name")
    ]


def _text(record: dict[str, Any], field: str) -> str:
    return (record.get(field) or "").strip()


def digest(api: Olympics, *pages: int) -> str:
    asked = [Request("/athletes", {"year": "2024", "page": str(page)}) for page in pages]
    return hashlib.sha256(b"".join(api.answer(request).body() for request in asked)).hexdigest()


DAY_0 = "0f726c1a6e485eb30796cbf2b4de86cf921ef9c3b02f3d7c78ad209e702e50d1"
DAY_7 = "459c884d1b6c4420b060489f0008f1808a9231cd6d8fe0eef318ef11e1d8095a"
FAR_INTO_A_MILLION = "c0862dd49fcbcfaca24ee62474462f337766e017961890d23a3348b4d61da80c"


@pytest.mark.parametrize(
    ("api", "pages", "expected"),
    [
        (Olympics(athletes=300, page_size=100), (1, 2, 3, 4), DAY_0),
        (Olympics(athletes=300, page_size=100, day=7), (1, 2, 3, 4), DAY_7),
        (Olympics(seed=2, athletes=1_000_000, page_size=100), (9_999,), FAR_INTO_A_MILLION),
    ],
)
def test_the_same_seed_gives_the_same_bytes_on_any_machine(
    api: Olympics, pages: tuple[int, ...], expected: str
) -> None:
    assert digest(api, *pages) == expected


def test_another_seed_gives_other_athletes() -> None:
    one, other = (
        {each["id"] for each in Olympics(seed=seed, athletes=50, bad_per_thousand=0).page(1, 0)} for seed in (1, 2)
    )
    assert len(one & other) < 5


def test_there_are_11_000_athletes_206_countries_and_45_sports(good: list[dict[str, Any]]) -> None:
    assert len({_text(each, "id") for each in good}) == 11_000
    assert len({_text(each, "country").upper() for each in good} - {""}) == 206
    assert len({_text(each, "sport") for each in good} - {""}) == 45


def test_there_can_be_fewer_sports() -> None:
    served = Olympics(athletes=500, sports=3, bad_per_thousand=0)
    assert {_text(each, "sport") for each in served.records(0)} == {"", "Athletics", "Swimming", "Football"}


def test_the_pages_hold_each_record_once_and_in_order(api: Olympics, served: list[Any]) -> None:
    pages = [api.page(page, 0) for page in range(1, api.pages(0) + 1)]
    assert [record for page in pages for record in page] == served
    assert {len(page) for page in pages[:-1]} == {500}


def test_a_few_records_are_bad_and_in_every_way(served: list[Any]) -> None:
    bad = Counter(_what_is_wrong(each) for each in served) - Counter({"nothing": len(served)})
    assert set(bad) == {
        "id: missing", "id: null", "id: blank", "name: missing", "name: null", "name: blank",
        "str", "int", "list", "NoneType",
    }  # fmt: skip
    assert 0.003 < bad.total() / len(served) < 0.01


def _what_is_wrong(record: Any) -> str:
    if not isinstance(record, dict):
        return type(record).__name__
    for field in ("id", "name"):
        if not _text(record, field):
            return f"{field}: {_kind(record, field)}"
    return "nothing"


def _kind(record: dict[str, Any], field: str) -> str:
    return "missing" if field not in record else "null" if record[field] is None else "blank"


@pytest.mark.parametrize("field", ["sport", "country"])
def test_sport_and_country_are_missing_null_and_blank(good: list[dict[str, Any]], field: str) -> None:
    kinds = Counter(_kind(each, field) for each in good if not _text(each, field))
    assert set(kinds) == {"missing", "null", "blank"}
    assert 0.002 < kinds.total() / len(good) < 0.04


def test_some_athletes_have_two_sports_and_some_only_in_one_of_their_records(good: list[dict[str, Any]]) -> None:
    sports = defaultdict(set)
    for each in good:
        sports[_text(each, "id")].add(_text(each, "sport"))
    assert 90 <= sum(len(each - {""}) == 2 for each in sports.values()) <= 130
    assert sum("" in each and len(each) == 2 for each in sports.values()) == 66
    assert sum(each == {""} for each in sports.values()) == 264


def test_athletes_come_again_on_other_pages(served: list[Any], good: list[dict[str, Any]]) -> None:
    seen = defaultdict(list)
    for place, each in enumerate(served):
        if isinstance(each, dict):
            seen[_text(each, "id"), each.get("name"), each.get("country"), each.get("sport")].append(place // 500)
    again = [pages for pages in seen.values() if len(pages) == 2]
    assert 200 <= len(again) <= 240
    assert sum(first != second for first, second in again) > 0.8 * len(again)


def test_a_name_comes_in_two_spellings_and_either_can_be_the_last(good: list[dict[str, Any]]) -> None:
    names = defaultdict(list)
    for each in good:
        names[_text(each, "id")].append(each["name"])
    two = [spellings for spellings in names.values() if len(set(spellings)) == 2]
    assert len(two) == 33
    assert 5 <= sum("/" in spellings[-1] for spellings in two) <= 28


def test_ids_are_texts_and_some_differ_only_by_blanks_or_leading_zeros(good: list[dict[str, Any]]) -> None:
    ids = {each["id"] for each in good}
    assert all(isinstance(each, str) for each in ids)
    assert sum(each != each.strip() for each in ids) == 22
    trimmed = {each.strip() for each in ids}
    as_numbers = Counter(int(each) for each in trimmed if each.isdigit())
    assert any(each.startswith("0") for each in trimmed)
    assert any(not each.isdigit() for each in trimmed)
    assert sum(times == 2 for times in as_numbers.values()) >= 2


def test_different_athletes_share_name_and_country(good: list[dict[str, Any]]) -> None:
    ids = defaultdict(set)
    for each in good:
        ids[each["name"], _text(each, "country").upper()].add(_text(each, "id"))
    assert sum(len(each) > 1 for each in ids.values()) >= 44


@pytest.mark.parametrize(
    "is_odd",
    [
        lambda name: "," in name,
        lambda name: "'" in name,
        lambda name: "’" in name,
        lambda name: '"' in name,
        lambda name: "\\" in name,
        lambda name: name != name.strip(),
        lambda name: unicodedata.normalize("NFC", name) != name,
        lambda name: any("CJK" in unicodedata.name(sign, "") for sign in name),
        lambda name: any("ARABIC" in unicodedata.name(sign, "") for sign in name),
        lambda name: any("WITH" in unicodedata.name(sign, "") for sign in name),
        lambda name: any(ord(sign) > 0xFFFF for sign in name),
        lambda name: "\N{LINE SEPARATOR}" in name,
    ],
    ids=[
        "comma",
        "straight",
        "curly",
        "quote",
        "backslash",
        "blanks",
        "combining",
        "CJK",
        "Arabic",
        "accent",
        "emoji",
        "LS",
    ],
)
def test_names_hold_any_unicode(good: list[dict[str, Any]], is_odd: Any) -> None:
    assert sum(is_odd(each["name"]) for each in good) >= 5


def test_countries_are_sometimes_in_lower_case_or_padded(good: list[dict[str, Any]]) -> None:
    countries = [each["country"] for each in good if _text(each, "country")]
    assert 0.01 < sum(each.islower() for each in countries) / len(countries) < 0.04
    assert 0.005 < sum(each != each.strip() for each in countries) / len(countries) < 0.03


def test_a_day_changes_one_athlete_in_a_hundred_and_no_place() -> None:
    api = Olympics(athletes=1_000, bad_per_thousand=0)
    before, after = list(api.records(1)), list(api.records(2))
    changed = {old["id"].strip() for old, new in zip(before, after, strict=True) if old != new}
    assert 8 <= len(changed) <= 12
    assert [each["id"] for each in before] == [each["id"] for each in after]
    fields = {field for old, new in zip(before, after, strict=True) for field in new if old.get(field) != new[field]}
    assert fields == {"name", "country"}


def test_every_change_is_one_that_a_lake_must_see() -> None:
    api = Olympics(athletes=60, changed_share=1.0, bad_per_thousand=0)
    for day in range(1, 6):
        old, new = api.truth([day - 1]).rows, api.truth([day]).rows
        assert old and new and not set(old) & set(new)


def test_those_who_join_come_last_and_move_nobody() -> None:
    api = Olympics(athletes=100, page_size=10, changed_share=0, new_per_day=10, bad_per_thousand=0)
    before, after = list(api.records(4)), list(api.records(5))
    assert after[: len(before)] == before
    joined = {each["id"] for each in after[len(before) :]}
    assert len(joined) == 10 and not joined & {each["id"].strip() for each in before}
    assert api.pages(5) == api.pages(4) + 1


@pytest.mark.parametrize("athletes", [1, 2, 7, 999, 1_000, 1_001, 2_345])
def test_the_order_has_each_first_and_second_record_once(athletes: int) -> None:
    cycle = Olympics()._people.cycle
    order = Order(athletes, cycle)
    places = [order[place] for place in range(len(order))]
    assert sorted(number for number, second in places if not second) == list(range(athletes))
    twice = {Role.LATE_SPORT, Role.TWO_SPORTS, Role.REPEATED, Role.RESPELT, Role.PADDED_ID, Role.BAD}
    expected = [number for number in range(athletes) if cycle[number % 1_000] in twice]
    assert sorted(number for number, second in places if second) == expected


def test_a_million_athletes_need_no_list() -> None:
    api = Olympics(athletes=1_000_000, page_size=10_000)
    assert api.pages(0) == 105
    assert len(api.page(104, 0)) == 10_000
    assert len(api.page(105, 0)) == 4_000
