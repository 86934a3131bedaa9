"""Small parts of a deployment: packages, names, policy documents."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pulumi
import pytest

from rehearsal.deploy.assets import AssetError, asset_bytes
from rehearsal.deploy.naming import auto_name
from rehearsal.deploy.policy_document import document_json


def _contents(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_of_parts_is_one_zip(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.py").write_text("a")
    parts = {"main.py": pulumi.StringAsset("m"), "vendor": pulumi.FileArchive(str(tmp_path / "lib"))}
    packed = asset_bytes(pulumi.AssetArchive(parts))
    assert _contents(packed) == {"main.py": b"m", "vendor/a.py": b"a"}


def test_the_same_files_give_the_same_bytes_whatever_their_times(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("b")
    (tmp_path / "a.py").write_text("a")
    first = asset_bytes(pulumi.FileArchive(str(tmp_path)))
    os.utime(tmp_path / "a.py", (1_000_000_000, 1_000_000_000))
    assert asset_bytes(pulumi.FileArchive(str(tmp_path))) == first
    assert list(_contents(first)) == ["a.py", "b.py"]


def test_a_zip_file_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "code.zip").write_bytes(b"zip bytes")
    assert asset_bytes(pulumi.FileArchive(str(tmp_path / "code.zip"))) == b"zip bytes"


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="cannot be read: No such file"):
        asset_bytes(pulumi.FileAsset(str(tmp_path / "none.txt")))
    with pytest.raises(AssetError, match="reads local files only"):
        asset_bytes(pulumi.RemoteAsset("https://example.com/x"))
    with pytest.raises(AssetError, match="holds no file"):
        asset_bytes(pulumi.FileArchive(str(tmp_path)))


def test_made_up_names_depend_on_the_urn_only() -> None:
    name = auto_name("Raw", "urn:a", lower=True)
    assert name == auto_name("Raw", "urn:a", lower=True) != auto_name("Raw", "urn:b", lower=True)
    assert name.startswith("raw-") and len(name) == len("raw-") + 7
    assert auto_name("jobs", "urn:a", ending=".fifo").endswith(".fifo")
    assert len(auto_name("x" * 100, "urn:a", limit=64)) == 64


def test_a_policy_document_joins_sources_statements_and_overrides() -> None:
    source = json.dumps({"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
    override = json.dumps({"Statement": [{"Sid": "a", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}]})
    statement = {"actions": ["sqs:A", "sqs:B"], "resources": ["r"], "principals": [
        {"type": "AWS", "identifiers": ["1"]}, {"type": "AWS", "identifiers": ["2"]},
    ]}  # fmt: skip
    arguments = {"sourcePolicyDocuments": [source], "overridePolicyDocuments": [override], "statements": [statement]}
    assert json.loads(document_json(arguments)) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["sqs:A", "sqs:B"], "Resource": "r", "Principal": {"AWS": ["1", "2"]}},
            {"Sid": "a", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"},
        ],
    }
