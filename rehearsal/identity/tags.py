"""The tags of a resource, by its ARN. Each service of moto keeps them in a way of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rehearsal.identity.home import Home
from rehearsal.identity.principals import role_of, tags_of


def tags_on(home: Home, arn: str) -> Mapping[str, str]:
    """Empty where there is no such resource, or where its service keeps none here."""
    parts = arn.split(":", 5)
    read = _READERS.get(parts[2]) if len(parts) == 6 else None
    return read(home, arn, parts[5]) if read else {}


def _role_tags(home: Home, arn: str, _rest: str) -> Mapping[str, str]:
    role = role_of(home, arn)
    return tags_of(role.tags) if role is not None else {}


def _queue_tags(home: Home, _arn: str, rest: str) -> Mapping[str, str]:
    queue = home.backend("sqs").queues.get(rest)
    return dict(queue.tags) if queue is not None else {}


def _function_tags(home: Home, _arn: str, rest: str) -> Mapping[str, str]:
    held = home.backend("lambda")._lambdas._functions.get(rest.removeprefix("function:").split(":")[0])
    return dict(held["latest"].tags or {}) if held and held["latest"] else {}


def _secret_tags(home: Home, arn: str, _rest: str) -> Mapping[str, str]:
    secret = home.backend("secretsmanager").secrets.get(arn)
    return tags_of(getattr(secret, "tags", None))


def _glue_tags(home: Home, arn: str, _rest: str) -> Mapping[str, str]:
    return dict(home.backend("glue").get_tags(arn))


def _table_tags(home: Home, _arn: str, rest: str) -> Mapping[str, str]:
    table = home.backend("dynamodb").tables.get(rest.split("/")[1] if "/" in rest else "")
    return tags_of(table.tags) if table is not None else {}


def _topic_tags(home: Home, arn: str, _rest: str) -> Mapping[str, str]:
    topic = home.backend("sns").topics.get(arn)
    return dict(topic._tags) if topic is not None else {}


def _key_tags(home: Home, _arn: str, rest: str) -> Mapping[str, str]:
    kms, key_id = home.backend("kms"), rest.removeprefix("key/")
    return dict(kms.tagger.get_tag_dict_for_resource(key_id)) if key_id in kms.keys else {}


def _bucket_tags(home: Home, _arn: str, rest: str) -> Mapping[str, str]:
    """Of a bucket, or of an object in it."""
    s3 = home.global_backend("s3")
    bucket_name, _, key = rest.partition("/")
    bucket = s3.buckets.get(bucket_name)
    held = bucket.keys.get(key) if bucket is not None and key else bucket
    return dict(s3.tagger.get_tag_dict_for_resource(held.arn)) if held is not None else {}


_READERS: dict[str, Callable[[Home, str, str], Mapping[str, str]]] = {
    "s3": _bucket_tags,
    "iam": _role_tags,
    "sqs": _queue_tags,
    "lambda": _function_tags,
    "secretsmanager": _secret_tags,
    "glue": _glue_tags,
    "dynamodb": _table_tags,
    "sns": _topic_tags,
    "kms": _key_tags,
}
