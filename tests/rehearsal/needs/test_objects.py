"""S3."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rehearsal.needs import NotMapped, needs

KEY = "arn:aws:kms:eu-north-1:123456789012:key/1"


@pytest.mark.parametrize(
    ("method", "arguments", "pair"),
    [
        ("list_objects_v2", {}, ("s3:ListBucket", "s3:::b")),
        ("head_bucket", {}, ("s3:ListBucket", "s3:::b")),
        ("list_object_versions", {}, ("s3:ListBucketVersions", "s3:::b")),
        ("head_object", {"Key": "k"}, ("s3:GetObject", "s3:::b/k")),
        ("get_object", {"Key": "a/k", "VersionId": "1"}, ("s3:GetObjectVersion", "s3:::b/a/k")),
        ("delete_object", {"Key": "k"}, ("s3:DeleteObject", "s3:::b/k")),
        ("delete_object", {"Key": "k", "VersionId": "1"}, ("s3:DeleteObjectVersion", "s3:::b/k")),
        ("get_object_tagging", {"Key": "k", "VersionId": "1"}, ("s3:GetObjectVersionTagging", "s3:::b/k")),
        ("create_multipart_upload", {"Key": "k"}, ("s3:PutObject", "s3:::b/k")),
        ("upload_part", {"Key": "k", "PartNumber": 1, "UploadId": "u", "Body": b"x"}, ("s3:PutObject", "s3:::b/k")),
        ("complete_multipart_upload", {"Key": "k", "UploadId": "u"}, ("s3:PutObject", "s3:::b/k")),
        ("abort_multipart_upload", {"Key": "k", "UploadId": "u"}, ("s3:AbortMultipartUpload", "s3:::b/k")),
        ("list_parts", {"Key": "k", "UploadId": "u"}, ("s3:ListMultipartUploadParts", "s3:::b/k")),
        ("get_bucket_lifecycle_configuration", {}, ("s3:GetLifecycleConfiguration", "s3:::b")),
        ("delete_bucket_lifecycle", {}, ("s3:PutLifecycleConfiguration", "s3:::b")),
        ("delete_bucket_encryption", {}, ("s3:PutEncryptionConfiguration", "s3:::b")),
        ("delete_bucket_policy", {}, ("s3:DeleteBucketPolicy", "s3:::b")),
        ("delete_bucket_tagging", {}, ("s3:PutBucketTagging", "s3:::b")),
        ("delete_public_access_block", {}, ("s3:PutBucketPublicAccessBlock", "s3:::b")),
        ("put_bucket_notification_configuration", {"NotificationConfiguration": {}},
         ("s3:PutBucketNotification", "s3:::b")),
    ],
)  # fmt: skip
def test_an_operation_needs_the_action_that_iam_calls_it(pairs, method, arguments, pair):
    assert pairs("s3", method, Bucket="b", **arguments) == [pair]


def test_the_list_of_buckets_is_about_none(pairs):
    assert pairs("s3", "list_buckets") == [("s3:ListAllMyBuckets", "*")]


def test_a_list_shows_what_it_asks_for(needed):
    (need,) = needed("s3", "list_objects_v2", Bucket="b", Prefix="raw/", Delimiter="/", MaxKeys=5)
    assert {name: need.context[name] for name in ("s3:prefix", "s3:delimiter", "s3:max-keys")} == {
        "s3:prefix": "raw/",
        "s3:delimiter": "/",
        "s3:max-keys": "5",
    }


def test_a_list_of_all_has_no_prefix(needed):
    (need,) = needed("s3", "list_objects_v2", Bucket="b")
    assert "s3:prefix" not in need.context


def test_a_write_shows_its_headers(needed):
    (need,) = needed("s3", "put_object", Bucket="b", Key="k", Body=b"x", ServerSideEncryption="AES256", IfNoneMatch="*")
    assert need.context["s3:x-amz-server-side-encryption"] == "AES256"
    assert need.context["s3:if-none-match"] == "*"
    assert need.context["s3:authType"] == "REST-HEADER"


def test_tags_of_a_write_need_their_own_permission(needed):
    put, tag = needed("s3", "put_object", Bucket="b", Key="k", Body=b"x", Tagging="kind=raw")
    assert (put.action, tag.action, tag.resource) == ("s3:PutObject", "s3:PutObjectTagging", "arn:aws:s3:::b/k")
    assert put.context["s3:RequestObjectTag/kind"] == "raw"
    assert tag.context["s3:RequestObjectTagKeys"] == ["kind"]


def test_tags_in_a_body_are_read(needed):
    (need,) = needed("s3", "put_object_tagging", Bucket="b", Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    assert need.context["s3:RequestObjectTag/a"] == "1"


def test_tags_of_an_object_are_shown_to_who_reads_it(needed, facts):
    facts.tagged["arn:aws:s3:::b/k"] = {"kind": "raw"}
    (need,) = needed("s3", "get_object", Bucket="b", Key="k")
    assert need.context["s3:ExistingObjectTag/kind"] == "raw"


def test_an_acl_in_a_write_needs_its_own_permission(needed):
    put, acl = needed("s3", "put_object", Bucket="b", Key="k", Body=b"x", ACL="public-read")
    assert (put.action, acl.action) == ("s3:PutObject", "s3:PutObjectAcl")
    assert put.context["s3:x-amz-acl"] == acl.context["s3:x-amz-acl"] == "public-read"


def test_a_copy_reads_one_and_writes_the_other(pairs):
    source = {"Bucket": "from", "Key": "a b"}
    assert pairs("s3", "copy_object", Bucket="to", Key="k", CopySource=source) == [
        ("s3:GetObject", "s3:::from/a b"),
        ("s3:PutObject", "s3:::to/k"),
    ]


def test_a_copy_of_a_version_reads_the_version(needed):
    source = {"Bucket": "from", "Key": "k", "VersionId": "7"}
    read, _ = needed("s3", "copy_object", Bucket="to", Key="k", CopySource=source)
    assert (read.action, read.context["s3:versionid"]) == ("s3:GetObjectVersion", "7")


def test_a_copy_takes_tags_along(pairs, facts):
    facts.tagged["arn:aws:s3:::from/k"] = {"kind": "raw"}
    assert pairs("s3", "copy_object", Bucket="to", Key="k", CopySource="from/k")[2:] == [
        ("s3:GetObjectTagging", "s3:::from/k"),
        ("s3:PutObjectTagging", "s3:::to/k"),
    ]


def test_a_copy_that_replaces_tags_does_not_read_them(pairs, facts):
    facts.tagged["arn:aws:s3:::from/k"] = {"kind": "raw"}
    found = pairs(
        "s3", "copy_object", Bucket="to", Key="k", CopySource="from/k", TaggingDirective="REPLACE", Tagging="a=1"
    )
    assert [action for action, _ in found] == ["s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"]


def test_many_deletions_need_a_permission_each(needed):
    objects = [{"Key": "a"}, {"Key": "b&c", "VersionId": "7"}]
    first, second = needed("s3", "delete_objects", Bucket="b", Delete={"Objects": objects})
    assert (first.action, first.resource) == ("s3:DeleteObject", "arn:aws:s3:::b/a")
    assert (second.action, second.resource) == ("s3:DeleteObjectVersion", "arn:aws:s3:::b/b&c")
    assert second.context["s3:versionid"] == "7"


def test_a_new_bucket_needs_what_its_headers_ask_for(pairs):
    found = pairs(
        "s3", "create_bucket", Bucket="b", ObjectOwnership="BucketOwnerEnforced", ObjectLockEnabledForBucket=True
    )
    assert [action for action, _ in found] == [
        "s3:CreateBucket",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketVersioning",
        "s3:PutBucketOwnershipControls",
    ]


def test_attributes_of_an_object_need_the_object_too(pairs):
    found = pairs("s3", "get_object_attributes", Bucket="b", Key="k", ObjectAttributes=["ETag"])
    assert [action for action, _ in found] == ["s3:GetObjectAttributes", "s3:GetObject"]


def test_to_get_round_a_lock_is_a_permission(pairs):
    found = pairs("s3", "delete_object", Bucket="b", Key="k", BypassGovernanceRetention=True)
    assert found[1] == ("s3:BypassGovernanceRetention", "s3:::b/k")


def test_a_write_under_the_key_of_the_bucket_needs_that_key(needed, facts):
    facts.keys_of["b"] = KEY
    _, key = needed("s3", "put_object", Bucket="b", Key="k", Body=b"x")
    assert (key.action, key.resource) == ("kms:GenerateDataKey", KEY)
    assert key.via == key.context["kms:ViaService"] == "s3.eu-north-1.amazonaws.com"


def test_a_write_under_a_key_that_it_names_needs_that_key(pairs, facts):
    facts.keys["alias/data"] = KEY
    found = pairs(
        "s3", "put_object", Bucket="b", Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/data"
    )
    assert found[1] == ("kms:GenerateDataKey", "kms:.:key/1")


def test_a_write_without_kms_needs_no_key(pairs, facts):
    facts.keys_of["b"] = KEY
    found = pairs("s3", "put_object", Bucket="b", Key="k", Body=b"x", ServerSideEncryption="AES256")
    assert found == [("s3:PutObject", "s3:::b/k")]


def test_a_read_decrypts_and_a_look_at_the_head_does_not(pairs, facts):
    facts.keys_of["b/k"] = KEY
    assert pairs("s3", "get_object", Bucket="b", Key="k")[1:] == [("kms:Decrypt", "kms:.:key/1")]
    assert pairs("s3", "head_object", Bucket="b", Key="k") == [("s3:GetObject", "s3:::b/k")]


def test_the_parts_of_an_upload_are_decrypted(pairs, facts):
    facts.keys_of["b"] = KEY
    begin = pairs("s3", "create_multipart_upload", Bucket="b", Key="k")
    part = pairs("s3", "upload_part", Bucket="b", Key="k", PartNumber=1, UploadId="u", Body=b"x")
    assert (begin[1][0], part[1][0]) == ("kms:GenerateDataKey", "kms:Decrypt")


def test_a_copy_decrypts_its_source_and_encrypts_its_target(pairs, facts):
    facts.keys_of.update({"from/k": KEY, "to": KEY.replace("/1", "/2")})
    assert pairs("s3", "copy_object", Bucket="to", Key="k", CopySource="from/k")[2:] == [
        ("kms:GenerateDataKey", "kms:.:key/2"),
        ("kms:Decrypt", "kms:.:key/1"),
    ]


def test_an_operation_in_no_table_is_refused_by_name(needed):
    with pytest.raises(NotMapped, match="NotMapped: s3:RenameObject"):
        needed("s3", "rename_object", Bucket="b--use1-az4--x-s3".replace("--", "-"), Key="k", RenameSource="a")


def test_deletions_in_a_frame_are_read(asked, facts):
    call = asked("s3", "delete_objects", Bucket="b", Delete={"Objects": [{"Key": "a"}]})
    framed = replace(call, body=b"%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:AAAA==\r\n\r\n" % (len(call.body), call.body))
    assert [need.resource for need in needs(framed, facts)] == ["arn:aws:s3:::b/a"]


def test_deletions_that_cannot_be_read_are_refused(asked, facts):
    call = asked("s3", "delete_objects", Bucket="b", Delete={"Objects": [{"Key": "a"}]})
    with pytest.raises(NotMapped, match="lists no objects"):
        needs(replace(call, body=b"<Delete>"), facts)
