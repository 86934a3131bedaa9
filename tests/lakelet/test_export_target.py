"""A file is there whole, or not at all."""

from __future__ import annotations

import errno
import os

import pytest

from lakelet.errors import LakeletError, UsageError
from lakelet.export.target import opened, path_for


def left_in(folder):
    return [file.name for file in folder.iterdir()]


def write(path, text: bytes, force: bool = False, error: BaseException | None = None) -> None:
    with opened(path, force) as (file, _):
        file.write(text)
        if error:
            raise error


def test_the_file_is_there_when_it_is_whole_and_not_before(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    with opened(path, force=False) as (file, _):
        file.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
    assert left_in(tmp_path) == ["rows.csv"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("broken"), OSError(errno.EIO, "bad disk")])
def test_what_stops_on_the_way_leaves_nothing(tmp_path, error) -> None:
    with pytest.raises(type(error)):
        write(tmp_path / "rows.csv", b"half", error=error)
    assert left_in(tmp_path) == []


def test_what_stops_on_the_way_leaves_the_file_that_was_there(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        write(path, b"half", force=True, error=KeyboardInterrupt())
    assert (left_in(tmp_path), path.read_bytes()) == (["rows.csv"], b"before")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_with_the_next_step(tmp_path, code) -> None:
    with pytest.raises(LakeletError, match=r"^no room for .*rows.csv \(.*; nothing was written; make room there, or"):
        write(tmp_path / "rows.csv", b"half", error=OSError(code, os.strerror(code)))
    assert left_in(tmp_path) == []


def test_a_folder_that_may_not_be_written_to_is_told(tmp_path, monkeypatch) -> None:
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("lakelet.export.target.TemporaryDirectory", refuse)
    with pytest.raises(LakeletError, match=r"cannot be written to \(Permission denied\); name another folder"):
        write(tmp_path / "rows.csv", b"")


def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"before")
    with pytest.raises(UsageError, match=r"rows.csv is there already; name another file, or replace it with --force"):
        path_for(str(path), force=False)
    write(path_for(str(path), force=True), b"after", force=True)
    assert path.read_bytes() == b"after"


def test_a_file_that_came_meanwhile_is_kept(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    with pytest.raises(UsageError, match="is there already"), opened(path, force=False) as (file, _):
        file.write(b"mine")
        path.write_bytes(b"another's")
    assert (left_in(tmp_path), path.read_bytes()) == (["rows.csv"], b"another's")


def test_what_is_no_ordinary_file_is_never_replaced(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="pipe is there and is no ordinary file; name another"):
        path_for(str(tmp_path / "pipe"), force=True)


def test_a_folder_is_no_file(tmp_path) -> None:
    with pytest.raises(UsageError, match="is a folder; name a file in it"):
        path_for(str(tmp_path), force=True)


def test_a_missing_folder_is_told_with_the_next_step(tmp_path) -> None:
    with pytest.raises(UsageError, match=r"there is no folder .*/deep/er; make it first: mkdir -p '.*/deep/er'"):
        path_for(str(tmp_path / "deep" / "er" / "rows.csv"), force=False)


def test_a_link_stays_one_and_its_file_is_replaced(tmp_path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "there" / "rows.csv")
    write(path_for(str(tmp_path / "link.csv"), force=False), b"rows")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "there" / "rows.csv").read_bytes() == b"rows"
