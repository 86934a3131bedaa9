"""Keys behind S3: to write is to ask for a data key, to read is to decrypt, and parts of an upload are read again."""

from __future__ import annotations

from urllib.parse import unquote

from rehearsal.needs.ask import Ask
from rehearsal.needs.keys import READ, WRITE, behind, key_named
from rehearsal.needs.need import Need

_HOW, _WHICH = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"


def write_key(ask: Ask) -> list[Need]:
    """Under the key that the headers name, or else that of the bucket."""
    needs = behind(ask, "s3", _chosen(ask), WRITE)
    return [*needs, *read_key(ask)] if ask.operation == "CopyObject" else needs


def read_key(ask: Ask) -> list[Need]:
    """The key under which an object lies, or a copy's source; that of the bucket for the parts of an upload."""
    if ask.operation in ("UploadPart", "CompleteMultipartUpload", "UploadPartCopy"):
        needs = behind(ask, "s3", ask.facts.bucket_key(ask.needed("Bucket")), READ)
        return [*needs, *_of_source(ask)] if ask.operation == "UploadPartCopy" else needs
    if ask.operation == "CopyObject":
        return _of_source(ask)
    key = ask.facts.object_key(ask.needed("Bucket"), ask.needed("Key"), ask.asked.query.get("versionId"))
    return behind(ask, "s3", key, READ)


def source_of(ask: Ask) -> tuple[str, str, str | None]:
    """Bucket, key and version of what is copied."""
    given, _, version = ask.asked.headers.get("x-amz-copy-source", "").partition("?versionId=")
    bucket, _, key = unquote(given).lstrip("/").partition("/")
    if not key or bucket.startswith("arn:"):
        raise ask.refusal(f"copies from {given!r}, which is no object of a bucket")
    return bucket, key, version or None


def _of_source(ask: Ask) -> list[Need]:
    return behind(ask, "s3", ask.facts.object_key(*source_of(ask)), READ)


def _chosen(ask: Ask) -> str | None:
    headers = ask.asked.headers
    if named := headers.get(_WHICH):
        return key_named(ask, named)
    if headers.get(_HOW) == "AES256":
        return None
    return ask.facts.bucket_key(ask.needed("Bucket"))
