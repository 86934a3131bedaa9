from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.account import Account
from rehearsal.kept import Kept, KeptBusy, KeptDamaged, KeptError, KeptOfAnotherVersion, reopen

REGION = {"CreateBucketConfiguration": {"LocationConstraint": "eu-north-1"}}


def bucket(client):
    client("s3").create_bucket(Bucket="raw", **REGION)


def put(account, key: str, body: bytes = b"x") -> None:
    account.client("s3").put_object(Bucket="raw", Key=key, Body=body)


def whole_file(folder: Path) -> bytes:
    """All that is on the disk, what is not yet in the database itself too."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_notes_stay_in_the_order_in_which_they_were_first_written(lake):
    with lake() as (_, kept):
        kept.note("usage", "b", {"n": 1})
        kept.note("usage", "a", {"n": 2})
        kept.note("other", "b", {"n": 0})
        kept.note("usage", "b", {"n": 3})
        assert list(kept.notes("usage").items()) == [("b", {"n": 3}), ("a", {"n": 2})]
    with lake() as (_, kept):
        assert list(kept.notes("usage").items()) == [("b", {"n": 3}), ("a", {"n": 2})]
        assert kept.notes("none") == {}


def test_the_clock_never_goes_back(lake, folder):
    with lake() as (account, _):
        account.clock.advance(30 * 86400)
        moment = account.clock.now()
    with lake() as (account, _):
        assert moment <= account.clock.now() < moment + 60
    with lake() as (account, _):
        account.clock.advance(86400)
        looked = Kept.look(folder)  # as it is when this process is killed now
        assert abs(looked.moment - account.clock.now()) < 5
        looked.close()
    with Account() as other:  # and it is the lake's, nobody else's
        assert other.clock.now() < moment - 86400


def test_data_wait_for_a_program_that_declares_their_container_again(lake):
    with lake(bucket) as (account, _):
        put(account, "k")
    with lake() as (account, _):
        assert account.client("s3").list_buckets()["Buckets"] == []
    with lake(bucket) as (account, _):
        assert account.client("s3").get_object(Bucket="raw", Key="k")["Body"].read() == b"x"


def test_what_is_kept_is_of_one_account(lake, folder):
    with lake():
        pass
    kept = Kept.open(folder)
    try:
        with Account(region="us-west-2") as account, pytest.raises(KeptError, match=r"eu-north-1.*us-west-2"):
            kept.keep(account)
    finally:
        kept.close()


def test_a_second_process_is_told_who_works_on_the_lake(lake, folder):
    script = "import sys, pathlib; from rehearsal.kept import Kept; Kept.open(pathlib.Path(sys.argv[1]))"
    with lake():
        asked = [sys.executable, "-c", script, str(folder)]
        refused = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert f"in use by process {os.getpid()}" in refused.stderr
        assert f"kill {os.getpid()}" in refused.stderr
        with pytest.raises(KeptBusy) as busy:
            Kept.open(folder)
        assert busy.value.pid == os.getpid()
    Kept.open(folder).close()


def test_the_lock_dies_with_its_process(folder):
    script = (
        "import os, sys, pathlib; from rehearsal.kept import Kept; Kept.open(pathlib.Path(sys.argv[1])); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(folder)], check=False).returncode == 9
    Kept.open(folder).close()


def damage_header(file: Path) -> None:
    file.write_bytes(b"this is no database" * 100)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def of_somebody_else(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE kept (a)")
    connection.close()


def cut(file: Path) -> None:
    """As a copy that ended early: the pages of the rows are gone."""
    with file.open("r+b") as opened:
        opened.truncate(8192)


def scramble(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(os.urandom(3 * 4096))


def spoil_a_row(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE kept SET value = '{' WHERE part = 'object'")
    connection.close()


@pytest.mark.parametrize("damage", [damage_header, empty, of_somebody_else, cut, scramble, spoil_a_row])
def test_a_damaged_file_is_told_apart_and_left_alone(lake, folder, damage):
    with lake(bucket) as (account, _):
        put(account, "k")
    damage(folder / "lake.db")
    before = (folder / "lake.db").read_bytes()
    with pytest.raises(KeptDamaged, match=r"lake\.db is damaged: .*; put a copy back"), lake(bucket):
        pass
    with pytest.raises(KeptDamaged), reopen(folder):
        pass
    assert (folder / "lake.db").read_bytes() == before
    Account().start  # noqa: B018  (the account of a refused lake does not run on: the next test would be refused)


@pytest.mark.parametrize(("version", "age"), [(0, "an older"), (2, "a newer")])
def test_a_file_of_another_version_is_told_apart_and_left_alone(lake, folder, version, age):
    with lake():
        pass
    with sqlite3.connect(folder / "lake.db") as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = (folder / "lake.db").read_bytes()
    with pytest.raises(KeptOfAnotherVersion, match=f"{age} version .*move the folder away"), lake():
        pass
    assert (folder / "lake.db").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_told_apart(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(KeptError, match=r"file cannot hold a lake: .*may write in"):
        Kept.open(tmp_path / "file")
    with pytest.raises(KeptError, match="there is no lake"), reopen(tmp_path):
        pass


def test_a_secret_is_in_no_file(lake, folder):
    planted = "planted-7f3a9c"

    def program(client):
        bucket(client)
        client("secretsmanager").create_secret(Name="key", SecretString=planted)
        client("glue").create_job(
            Name="careless", Role="r", Command={"Name": "glueetl"}, DefaultArguments={"--k": planted}
        )
        client("glue").create_job(Name="careful", Role="r", Command={"Name": "glueetl"})
        return {"key": "[secret]"}

    with lake(program, secrets=(planted,)) as (account, _):
        secrets = account.client("secretsmanager")
        secrets.put_secret_value(SecretId="key", SecretString=planted + "-2")
        assert secrets.get_secret_value(SecretId="key")["SecretString"] == planted + "-2"
        put(account, "k", b"what is looked for, if it is there")
        written = whole_file(folder)
        assert b"what is looked for" in written
        assert b"careful" in written
        assert planted.encode() not in written
    assert planted.encode() not in whole_file(folder)
