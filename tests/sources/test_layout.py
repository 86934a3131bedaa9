from __future__ import annotations

import pytest

from sources.layout import (
    RunName,
    manifest_key,
    manifest_prefix,
    page_key,
    parse_manifest_key,
    parse_page_key,
    result_key,
)

RUN = RunName("olympics", "athletes", "20261121T050000Z")


def test_keys_are_functions_of_what_they_name() -> None:
    assert page_key(RUN, 7) == "raw/olympics/athletes/run=20261121T050000Z/page=00007.json.gz"
    assert manifest_key(RUN) == "manifests/olympics/athletes/run=20261121T050000Z.json"
    assert result_key("olympics", "b1") == "results/olympics/batch=b1.json"


def test_keys_are_read_back() -> None:
    assert parse_page_key(page_key(RUN, 123_456)) == (RUN, 123_456)
    assert parse_manifest_key(manifest_key(RUN)) == RUN
    assert RunName.parse(str(RUN)) == RUN


@pytest.mark.parametrize(
    "key", ["", "manifests/", "manifests/olympics/run=20261121T050000Z.json", "manifests/a/b/run=yesterday.json",
            "raw/olympics/athletes/run=20261121T050000Z/page=00001.json.gz",
            "x/manifests/olympics/athletes/run=20261121T050000Z.json"],
)  # fmt: skip
def test_other_keys_are_no_manifests(key: str) -> None:
    assert parse_manifest_key(key) is None


@pytest.mark.parametrize("text", ["", "olympics", "olympics/athletes", "a/b/c/d", "a//c"])
def test_a_text_that_names_no_run_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SOURCE/STREAM/RUN"):
        RunName.parse(text)


def test_manifests_of_a_stream_sort_by_time() -> None:
    earlier, later = RUN, RunName("olympics", "athletes", "20261122T050000Z")
    assert manifest_key(earlier) < manifest_key(later)
    assert manifest_key(later).startswith(manifest_prefix("olympics", "athletes"))
