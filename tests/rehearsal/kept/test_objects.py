from __future__ import annotations

import sqlite3

import pytest
from botocore.exceptions import ClientError

REGION = {"CreateBucketConfiguration": {"LocationConstraint": "eu-north-1"}}


def bucket(client):
    client("s3").create_bucket(Bucket="raw", **REGION)


def versioned(client):
    bucket(client)
    client("s3").put_bucket_versioning(Bucket="raw", VersioningConfiguration={"Status": "Enabled"})


def keys(account) -> list[str]:
    return [found["Key"] for found in account.client("s3").list_objects_v2(Bucket="raw").get("Contents", [])]


def body(account, key: str, **more: str) -> bytes:
    return account.client("s3").get_object(Bucket="raw", Key=key, **more)["Body"].read()


def test_an_object_is_as_it_was_left(lake):
    with lake(bucket) as (account, _):
        account.client("s3").put_object(
            Bucket="raw", Key="a/ä b+.json", Body=b"one", Metadata={"source": "x"}, ContentType="application/json",
            ContentEncoding="gzip", ServerSideEncryption="AES256", Tagging="team=data&cost=1",
        )  # fmt: skip
        before = account.client("s3").head_object(Bucket="raw", Key="a/ä b+.json")
        account.clock.advance(3600)
    with lake(bucket) as (account, _):
        s3 = account.client("s3")
        after = s3.get_object(Bucket="raw", Key="a/ä b+.json")
        same = ("ETag", "LastModified", "Metadata", "ContentType", "ContentEncoding", "ServerSideEncryption")
        assert {name: after[name] for name in same} == {name: before[name] for name in same}
        assert (after["Body"].read(), after["ContentLength"], after["TagCount"]) == (b"one", 3, 2)
        tags = s3.get_object_tagging(Bucket="raw", Key="a/ä b+.json")["TagSet"]
        assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "data", "cost": "1"}
        assert keys(account) == ["a/ä b+.json"]


def test_every_way_to_write_and_to_delete_counts(lake):
    with lake(bucket) as (account, _):
        s3 = account.client("s3")
        for name in ("put", "over", "gone", "gone-1", "gone & 2"):
            s3.put_object(Bucket="raw", Key=name, Body=name.encode())
        s3.put_object(Bucket="raw", Key="over", Body=b"written over")
        s3.copy_object(Bucket="raw", Key="copied", CopySource="raw/put")
        upload = s3.create_multipart_upload(Bucket="raw", Key="parts", Metadata={"by": "parts"})["UploadId"]
        part = s3.upload_part(Bucket="raw", Key="parts", UploadId=upload, PartNumber=1, Body=b"in parts")
        s3.complete_multipart_upload(
            Bucket="raw", Key="parts", UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        )  # fmt: skip
        s3.delete_object(Bucket="raw", Key="gone")
        s3.delete_objects(Bucket="raw", Delete={"Objects": [{"Key": "gone-1"}, {"Key": "gone & 2"}]})
        s3.put_object_tagging(Bucket="raw", Key="put", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        etag = s3.head_object(Bucket="raw", Key="parts")["ETag"]
    with lake(bucket) as (account, _):
        s3 = account.client("s3")
        found = {key: body(account, key) for key in keys(account)}
        assert found == {"put": b"put", "over": b"written over", "copied": b"put", "parts": b"in parts"}
        head = s3.head_object(Bucket="raw", Key="parts")
        assert (head["ETag"], head["Metadata"]) == (etag, {"by": "parts"})
        assert etag.endswith('-1"')
        assert s3.get_object_tagging(Bucket="raw", Key="put")["TagSet"] == [{"Key": "a", "Value": "b"}]


def test_the_body_of_a_deleted_object_takes_no_room(lake, folder):
    with lake(bucket) as (account, _):
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"a body that is gone")
        account.client("s3").delete_object(Bucket="raw", Key="k")
    with sqlite3.connect(folder / "lake.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM bodies").fetchone() == (0,)
    connection.close()


def test_an_upload_that_was_never_completed_leaves_nothing(lake):
    with lake(bucket) as (account, _):
        s3 = account.client("s3")
        s3.put_object(Bucket="raw", Key="k", Body=b"whole")
        upload = s3.create_multipart_upload(Bucket="raw", Key="k")["UploadId"]
        s3.upload_part(Bucket="raw", Key="k", UploadId=upload, PartNumber=1, Body=b"half")
    with lake(bucket) as (account, _):
        assert body(account, "k") == b"whole"


def test_a_refused_write_changes_nothing(lake):
    with lake(bucket) as (account, _):
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"first")
        with pytest.raises(ClientError, match="PreconditionFailed"):
            account.client("s3").put_object(Bucket="raw", Key="k", Body=b"second", IfNoneMatch="*")
    with lake(bucket) as (account, _):
        assert body(account, "k") == b"first"


def test_a_versioned_bucket_keeps_the_current_version_of_each_object(lake):
    with lake(versioned) as (account, _):
        s3 = account.client("s3")
        s3.put_object(Bucket="raw", Key="k", Body=b"old")
        current = s3.put_object(Bucket="raw", Key="k", Body=b"new")["VersionId"]
        s3.put_object(Bucket="raw", Key="deleted", Body=b"x")
        s3.delete_object(Bucket="raw", Key="deleted")
    with lake(versioned) as (account, _):
        s3 = account.client("s3")
        assert keys(account) == ["k"]
        assert s3.get_object(Bucket="raw", Key="k")["VersionId"] == current
        versions = s3.list_object_versions(Bucket="raw")["Versions"]
        assert [(each["Key"], each["VersionId"], each["IsLatest"]) for each in versions] == [("k", current, True)]


def test_a_version_that_is_written_over_can_still_be_read(lake):
    """Its body is in the file only, and the file forgets it when the new one is written."""
    with lake(versioned) as (account, _):
        old = account.client("s3").put_object(Bucket="raw", Key="k", Body=b"old")["VersionId"]
    with lake(versioned) as (account, _):
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"new")
        assert (body(account, "k"), body(account, "k", VersionId=old)) == (b"new", b"old")
    with lake(versioned) as (account, _):
        assert body(account, "k") == b"new"


def test_tags_alone_do_not_write_the_body_again(lake, monkeypatch):
    from rehearsal.kept.store import Batch

    with lake(bucket) as (account, _):
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"body")
        written = []
        monkeypatch.setattr(Batch, "put_body", lambda _, *what: written.append(what))
        account.client("s3").put_object_tagging(Bucket="raw", Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        assert written == []
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"other")
        assert written == [("raw", "k", b"other")]


def test_what_the_deployer_uploads_is_the_program_and_what_others_write_over_it_is_data(lake):
    def uploads(content: bytes):
        def program(client):
            bucket(client)
            for name in ("script.py", "shared.json"):
                client("s3").put_object(Bucket="raw", Key=name, Body=content)

        return program

    with lake(uploads(b"v1")) as (account, _):
        account.client("s3").put_object(Bucket="raw", Key="shared.json", Body=b"by a job")
    with lake(uploads(b"v2")) as (account, _):
        assert (body(account, "script.py"), body(account, "shared.json")) == (b"v2", b"by a job")
    with lake(bucket) as (account, _):
        assert keys(account) == ["shared.json"]
