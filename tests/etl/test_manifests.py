from __future__ import annotations

import json
from typing import Any

import pytest

from etl.errors import ManifestUnusable
from etl.manifests import Manifest, Page, newer_runs, parse_manifest, read_manifest
from sources.layout import RunName, manifest_key

NAME = RunName("olympics", "athletes", "20261122T050000Z")


def body(**changes: Any) -> dict[str, Any]:
    page = {"page": 1, "key": "page1", "rows": 2, "bytes": 9, "sha256": "00"}
    return {"source": "olympics", "stream": "athletes", "run": NAME.run, "rows": 2, "pages": [page], **changes}


def test_a_manifest_names_the_pages_of_its_run():
    assert parse_manifest(NAME, body()) == Manifest(NAME, 2, (Page(1, "page1", 2),))


def test_a_page_has_the_part_that_it_was_read_for():
    pages = [{"page": 1, "key": "page1", "rows": 2, "part": "p1"}, {"page": 2, "key": "page2", "rows": 0}]
    assert [page.part for page in parse_manifest(NAME, body(pages=pages)).pages] == ["p1", ""]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"run": "20261121T050000Z"}, "says that it is of olympics/athletes/20261121T050000Z"),
        ({"rows": 3}, "says 3 rows, its pages 2"),
        ({"pages": [{"page": 1}]}, "KeyError"),
        ({"pages": None}, "TypeError"),
    ],
)
def test_a_manifest_that_cannot_be_is_refused(changes, why):
    with pytest.raises(ManifestUnusable, match=why):
        parse_manifest(NAME, body(**changes))


@pytest.fixture
def bucket(aws, unique) -> str:
    name = unique("raw")
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    return name


def test_a_missing_manifest_and_a_broken_one_stop_with_their_key(aws, bucket):
    with pytest.raises(
        ManifestUnusable, match=rf"no manifest s3://{bucket}/{manifest_key(NAME)} \(NoSuchKey\); extract"
    ):
        read_manifest(aws("s3"), bucket, NAME)
    aws("s3").put_object(Bucket=bucket, Key=manifest_key(NAME), Body=b"{")
    with pytest.raises(ManifestUnusable, match="is not JSON"):
        read_manifest(aws("s3"), bucket, NAME)


def test_newer_runs_are_those_of_the_same_stream_after_this_one(aws, bucket):
    for stream, day in (("athletes", 21), ("athletes", 22), ("athletes", 23), ("athletes", 24), ("medals", 25)):
        key = manifest_key(RunName("olympics", stream, f"202611{day}T050000Z"))
        aws("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps({}).encode())
    aws("s3").put_object(Bucket=bucket, Key="manifests/olympics/athletes/zzz.txt", Body=b"not ours")
    assert [name.run for name in newer_runs(aws("s3"), bucket, NAME)] == ["20261123T050000Z", "20261124T050000Z"]
