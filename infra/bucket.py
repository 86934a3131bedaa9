"""A bucket for one stage of the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_aws import s3

from infra import policies

OLD_VERSIONS_DAYS = 30
INCOMPLETE_UPLOAD_DAYS = 7


@dataclass(frozen=True)
class LakeBucketArgs:
    """One bucket. ``protect`` and ``expendable`` must agree before data is destroyed."""

    bucket: str  # its name
    arn: str  # its ARN
    tags: dict[str, str]  # of all that bears tags
    protect: bool = True  # the stack's word: it is not deleted
    expendable: bool = False  # the bucket's own word: unprotected, it is deleted with what is in it
    expire_days: Mapping[str, int] = field(default_factory=dict)  # after how many days the objects under a prefix go

    @property
    def destroyed_with_contents(self) -> bool:
        return self.expendable and not self.protect


class LakeBucket(pulumi.ComponentResource):
    """A private bucket: its owner's, by TLS only, encrypted, versioned, with a life cycle. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeBucket", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        bucket = s3.Bucket(
            name,
            bucket=args.bucket,
            force_destroy=args.destroyed_with_contents,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self._keep_private(name, bucket, args)
        # Who has the name may store objects; one that is stored before versions are kept has none.
        self.name = self._keep_safe(name, bucket, args).bucket
        self.register_outputs({"name": self.name})

    def _keep_private(self, name: str, bucket: s3.Bucket, args: LakeBucketArgs) -> None:
        private = s3.BucketPublicAccessBlock(
            f"{name}-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        s3.BucketOwnershipControls(
            f"{name}-owner", bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=self._child
        )
        s3.BucketPolicy(
            f"{name}-tls",
            bucket=bucket.bucket,
            policy=policies.document([policies.only_by_tls("s3:*", args.arn, f"{args.arn}/*")]),
            # S3 refuses to change a bucket's policy and its public access block at the same time.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[private]),
        )

    def _keep_safe(self, name: str, bucket: s3.Bucket, args: LakeBucketArgs) -> s3.BucketVersioning:
        s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.bucket,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=self._child,
        )
        versioning = s3.BucketVersioning(
            f"{name}-versions",
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=self._child,
        )
        s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.bucket,
            rules=lifecycle_rules(args.expire_days),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        return versioning


def lifecycle_rules(expire_days: Mapping[str, int]) -> list[Any]:
    """What is replaced or deleted goes for good after a month, and what was never finished after a week."""
    leftovers = {
        "id": "leftovers",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": OLD_VERSIONS_DAYS},
        "abort_incomplete_multipart_upload": {"days_after_initiation": INCOMPLETE_UPLOAD_DAYS},
    }
    expiries = [
        {
            "id": f"expire-{prefix.strip('/')}",
            "status": "Enabled",
            "filter": {"prefix": prefix},
            "expiration": {"days": days},
        }
        for prefix, days in expire_days.items()
    ]
    return [leftovers, *expiries]
