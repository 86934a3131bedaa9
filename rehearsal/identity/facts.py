"""What the account knows that a call does not say: the keys of resources, their tags, the full names of secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.identity.home import Home
from rehearsal.identity.principals import role_of
from rehearsal.identity.tags import tags_on

AWS_OWN = "alias/aws/"


class AccountFacts:
    """The Facts of one account. Everything is read when it is asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def partition(self) -> str:
        return self._home.partition

    @property
    def region(self) -> str:
        return self._home.region

    @property
    def account_id(self) -> str:
        return self._home.account_id

    def secret_arn(self, name_or_arn: str) -> str | None:
        secret = self._secret(name_or_arn)
        return str(secret.arn) if secret is not None else None

    def secret_key(self, name_or_arn: str) -> str | None:
        return self._customers(getattr(self._secret(name_or_arn), "kms_key_id", None))

    def bucket_key(self, bucket: str) -> str | None:
        held = self._bucket(bucket)
        if held is None or not held.encryption:
            return None
        default = held.encryption["Rule"].get("ApplyServerSideEncryptionByDefault") or {}
        return self._customers(default.get("KMSMasterKeyID"))

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        held = self._bucket(bucket)
        found = held.keys.getlist(key) if held is not None else None
        wanted = [each for each in found or () if version in (None, str(each.version_id))]
        return self._customers(getattr(wanted[-1], "kms_key_id", None)) if wanted else None

    def queue_key(self, queue: str) -> str | None:
        """By the queue's name."""
        held = self._home.backend("sqs").queues.get(queue)
        return self._customers(getattr(held, "kms_master_key_id", None))

    def topic_key(self, topic_arn: str) -> str | None:
        region = topic_arn.split(":")[3] if topic_arn.count(":") >= 5 else ""
        held = self._home.backend("sns", region).topics.get(topic_arn)
        return self._customers(getattr(held, "kms_master_key_id", None))

    def key_arn(self, id_arn_or_alias: str) -> str | None:
        """That of AWS's own keys as well, once they have been made."""
        kms = self._home.backend("kms")
        name = id_arn_or_alias.rsplit(":", 1)[-1]
        if name.startswith("alias/"):
            return next((str(key.arn) for key in kms.keys.values() if name in key.aliases), None)
        key = kms.keys.get(name.removeprefix("key/"))
        return str(key.arn) if key is not None else None

    def hash_key(self, table: str, index: str | None = None) -> str | None:
        """The name of the partition key of a table, or of one of its indexes; the table by its name or its ARN."""
        held = self._home.backend("dynamodb").tables.get(table.rsplit("/", 1)[-1])
        if held is None or index is None:
            return str(held.hash_key_attr) if held is not None else None
        schemas = [each.schema for each in (*held.indexes, *held.global_indexes) if each.name == index]
        return next(
            (str(key["AttributeName"]) for schema in schemas for key in schema if key["KeyType"] == "HASH"), None
        )

    def workgroup(self, query_id: str) -> str | None:
        """The workgroup to which an execution of Athena, or a named query, belongs."""
        from rehearsal.patches.athena import workgroup_of

        return workgroup_of(self._home.backend("athena"), query_id)

    def iam_arn(self, kind: str, name: str) -> str | None:
        """The ARN, with its path, of a "role", "user", "group" or "instance-profile"."""
        iam = self._home.global_backend("iam")
        held = {"role": iam.roles, "user": iam.users, "group": iam.groups}.get(kind, iam.instance_profiles)
        return next((str(each.arn) for each in list(held.values()) if each.name == name), None)

    def boundary(self, arn: str) -> str | None:
        """The ARN of a role's permissions boundary; users here have none."""
        role = role_of(self._home, arn)
        return role.permissions_boundary_arn if role is not None else None

    def mapping_function(self, uuid: str) -> str | None:
        """The ARN of the function that an event source mapping feeds."""
        mapping = self._home.backend("lambda")._event_source_mappings.get(uuid)
        return str(mapping.get_configuration()["FunctionArn"]) if mapping is not None else None

    def tags(self, arn: str) -> Mapping[str, str]:
        return tags_on(self._home, arn)

    def _customers(self, key: str | None) -> str | None:
        """The ARN of a customer's key. One that is not there is named as it was given: nobody can use it."""
        if not key or key.rsplit(":", 1)[-1].startswith(AWS_OWN):
            return None
        return self.key_arn(key) or (key if key.startswith("arn:") else self._home.arn("kms", _key(key), self.region))

    def _secret(self, name_or_arn: str) -> Any | None:
        return self._home.backend("secretsmanager").secrets.get(name_or_arn)

    def _bucket(self, name: str) -> Any | None:
        return self._home.global_backend("s3").buckets.get(name)


def _key(name: str) -> str:
    return name if "/" in name else f"key/{name}"
