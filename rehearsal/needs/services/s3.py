"""S3: operations and actions have different names, and one call may need several permissions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service
from rehearsal.needs.services.s3_batch import copy, delete_all, part_of_copy
from rehearsal.needs.services.s3_context import context, on
from rehearsal.needs.services.s3_keys import read_key, write_key
from rehearsal.needs.services.s3_tables import ANYWHERE, ON_BUCKET, ON_OBJECT, VERSIONED

_ROLE = re.compile(rb"<Role>\s*([^<\s]+)\s*</Role>")

# What headers of a write ask for besides.
BESIDES = {
    "x-amz-tagging": "PutObjectTagging",
    "x-amz-acl": "PutObjectAcl",
    "x-amz-grant-full-control": "PutObjectAcl",
    "x-amz-grant-read": "PutObjectAcl",
    "x-amz-grant-read-acp": "PutObjectAcl",
    "x-amz-grant-write-acp": "PutObjectAcl",
    "x-amz-object-lock-legal-hold": "PutObjectLegalHold",
    "x-amz-object-lock-mode": "PutObjectRetention",
    "x-amz-object-lock-retain-until-date": "PutObjectRetention",
}
OF_NEW_BUCKET = {
    "x-amz-acl": ("PutBucketAcl",),
    "x-amz-grant-full-control": ("PutBucketAcl",),
    "x-amz-grant-read": ("PutBucketAcl",),
    "x-amz-grant-read-acp": ("PutBucketAcl",),
    "x-amz-grant-write": ("PutBucketAcl",),
    "x-amz-grant-write-acp": ("PutBucketAcl",),
    "x-amz-bucket-object-lock-enabled": ("PutBucketObjectLockConfiguration", "PutBucketVersioning"),
    "x-amz-object-ownership": ("PutBucketOwnershipControls",),
}


def rule(ask: Ask) -> Iterable[Need]:
    """Raises NotMapped for an operation that is in none of the tables."""
    operation = ask.operation
    if operation in ANYWHERE:
        return [on(ask, ANYWHERE[operation], "*")]
    bucket = ask.needed("Bucket")
    if operation in ON_BUCKET:
        return [on(ask, ON_BUCKET[operation], bucket), *_of_new_bucket(ask, bucket)]
    if operation not in ON_OBJECT:
        raise ask.refusal("is not mapped")
    action = ON_OBJECT[operation]
    version = ask.asked.query.get("versionId")
    if version is not None and action in VERSIONED:
        action = VERSIONED[action]
    target = f"{bucket}/{ask.needed('Key')}"
    needs = [on(ask, action, target)]
    if operation == "GetObjectAttributes":
        needs.append(on(ask, VERSIONED["GetObject"] if version is not None else "GetObject", target))
    return [*needs, *_besides(ask, target)]


def encrypted(ask: Ask) -> Iterable[Need]:
    """The key of what is written or read. To ask for the head of an object is not to read it."""
    if ask.operation in ("PutObject", "CreateMultipartUpload", "CopyObject"):
        return write_key(ask)
    if ask.operation in ("GetObject", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "CopyObject",
                         "SelectObjectContent"):  # fmt: skip
        return read_key(ask)
    return []


def passes(ask: Ask) -> Iterable[Need]:
    """A replication is done under a role, which the body names."""
    if ask.operation != "PutBucketReplication":
        return []
    role = _ROLE.search(ask.asked.body)
    if role is None:
        raise ask.refusal("names no role to replicate under")
    return [ask.need("iam:PassRole", role[1].decode(), {"iam:PassedToService": "s3.amazonaws.com"})]


def _besides(ask: Ask, target: str) -> list[Need]:
    """Tags, grants and locks in the headers of a write; to get round a lock."""
    actions: dict[str, None] = {}
    if ask.operation in ("PutObject", "CreateMultipartUpload", "CopyObject"):
        actions = {action: None for header, action in BESIDES.items() if ask.asked.headers.get(header)}
    if ask.asked.headers.get("x-amz-bypass-governance-retention", "").lower() == "true":
        actions["BypassGovernanceRetention"] = None
    return [on(ask, action, target) for action in actions]


def _of_new_bucket(ask: Ask, bucket: str) -> list[Need]:
    if ask.operation != "CreateBucket":
        return []
    if b"<Tags>" in ask.asked.body:
        raise ask.refusal("tags the bucket as it makes it; tag it by PutBucketTagging")
    headers = {header: actions for header, actions in OF_NEW_BUCKET.items() if ask.asked.headers.get(header)}
    return [
        on(ask, action, bucket) for action in dict.fromkeys(each for actions in headers.values() for each in actions)
    ]


def copied(ask: Ask) -> Iterable[Need]:
    target = f"{ask.needed('Bucket')}/{ask.needed('Key')}"
    return [*copy(ask, target), *_besides(ask, target)]


SERVICE = Service(
    model="s3",
    rule=rule,
    rules={"CopyObject": copied, "UploadPartCopy": part_of_copy, "DeleteObjects": delete_all},
    more=(encrypted, passes),
    context=context,
)
