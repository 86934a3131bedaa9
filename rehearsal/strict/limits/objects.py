"""S3: the names of buckets, and how long keys, metadata and policies may be."""

from __future__ import annotations

import ipaddress
import json
import re

from rehearsal.asked import Asked
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
KEY_BYTES = 1_024
METADATA_BYTES = 2_048
POLICY_BYTES = 20_480


def bucket_name(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    name = str(asked.parameters.get("Bucket", ""))
    return None if is_bucket_name(name) else Refusal("InvalidBucketName", "The specified bucket is not valid.")


def is_bucket_name(name: str) -> bool:
    """Lower case, digits, dots and hyphens, 3 to 63 of them, and nothing that S3 keeps for itself."""
    is_reserved = name.startswith(PREFIXES) or name.endswith(SUFFIXES) or ".." in name
    return 3 <= len(name) <= 63 and bool(_NAME.fullmatch(name)) and not is_reserved and not _is_address(name)


def key(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    size = len(str(asked.parameters.get("Key", "")).encode())
    return Refusal("KeyTooLongError", "Your key is too long") if size > KEY_BYTES else None


def metadata(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    prefix = "x-amz-meta-"
    held = [(name[len(prefix) :], value) for name, value in asked.headers.items() if name.startswith(prefix)]
    if sum(len(name.encode()) + len(value.encode()) for name, value in held) <= METADATA_BYTES:
        return None
    return Refusal("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")


def policy(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    """White space does not count: S3 keeps what the policy says, not how it was written."""
    try:
        size = len(json.dumps(json.loads(asked.body), separators=(",", ":"), ensure_ascii=False).encode())
    except ValueError:
        return Refusal("MalformedPolicy", "This policy contains invalid Json")
    if size <= POLICY_BYTES:
        return None
    return Refusal("PolicyTooLarge", "Policy exceeds the maximum allowed document size.")


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


LIMITS: Limits = {
    "CreateBucket": (bucket_name,),
    "PutBucketPolicy": (policy,),
    "PutObject": (key, metadata),
    "CopyObject": (key, metadata),
    "CreateMultipartUpload": (key, metadata),
}
