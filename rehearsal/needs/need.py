"""What a call needs: one permission, on one resource, under conditions that a policy can look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rehearsal.errors import RehearsalError


class NotMapped(RehearsalError):
    """Nobody has said what an operation needs, so nobody may call it: ``NotMapped: glue:UpdateX``."""


@dataclass(frozen=True)
class Need:
    """One action on one resource. ``context`` holds the keys of this call alone, such as ``s3:prefix``.

    What is known of the caller (``aws:PrincipalArn``, ``aws:SecureTransport``...) is added by whoever decides.
    ``owner`` is the account of the resource, empty for the account itself. ``via`` is the service in whose call this
    is needed, such as "s3.eu-north-1.amazonaws.com" for the key of a bucket; empty for the call's own.
    """

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    owner: str = ""
    via: str = ""


class Facts(Protocol):
    """What the account knows, that a call does not say. None stands for what does not exist."""

    @property
    def partition(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def account_id(self) -> str: ...
    def secret_arn(self, name_or_arn: str) -> str | None: ...
    def secret_key(self, name_or_arn: str) -> str | None:
        """The ARN of the customer's key of a secret; None for AWS's own."""

    def bucket_key(self, bucket: str) -> str | None: ...
    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        """The ARN of the customer's key under which an object lies; None without one."""

    def queue_key(self, queue: str) -> str | None: ...
    def topic_key(self, topic_arn: str) -> str | None: ...
    def key_arn(self, id_arn_or_alias: str) -> str | None: ...
    def tags(self, arn: str) -> Mapping[str, str]:
        """The tags of a resource, for ``aws:ResourceTag``; of an object, for ``s3:ExistingObjectTag``."""

    def hash_key(self, table: str, index: str | None = None) -> str | None:
        """The name of the partition key of a table, or of one of its indexes; the table is a name or an ARN."""

    def workgroup(self, query_id: str) -> str | None:
        """The workgroup to which an execution of Athena, or a named query, belongs."""

    def iam_arn(self, kind: str, name: str) -> str | None:
        """The ARN, with its path, of a "role", "user", "group" or "instance-profile"."""

    def boundary(self, arn: str) -> str | None:
        """The ARN of the permissions boundary of a role or a user."""

    def mapping_function(self, uuid: str) -> str | None:
        """The ARN of the function that an event source mapping feeds."""
