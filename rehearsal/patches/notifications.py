"""S3 notifications: bodies as AWS sends them, and one function of ours through which they reach a queue."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.events.models import events_backends
from moto.s3.notifications import S3NotificationEvent, _detail_type
from moto.sqs.models import sqs_backends

from rehearsal.hooks import ObjectDelivery
from rehearsal.identity.services import HANDS_ON
from rehearsal.patches.events import send_to_bus
from rehearsal.patches.seams import after_call, hooks

S3 = "s3.amazonaws.com"

_sequence = itertools.count(0x6900_0000_0000_0000)


def object_told(original: Callable[..., None]) -> Callable[..., None]:
    """notifications.send_event: the hook sees what is written and deleted, whatever the bucket's notifications say."""

    def send_event(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        here, name = hooks(), str(event_name.value)
        if here and name.startswith(("s3:ObjectCreated:", "s3:ObjectRemoved:")):
            after_call(lambda: here.object_event(bucket.name, key.name, name))
        original(account_id, event_name, bucket, key)

    return send_event


def event_body(_original: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Like AWS: a sequencer that grows, a key in which "/" stays "/", and a version where there is one."""

    def body(event_name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        name = str(getattr(event_name, "value", event_name)).removeprefix("s3:")
        return {
            "Records": [
                {
                    "eventVersion": "2.1",
                    "eventSource": "aws:s3",
                    "awsRegion": bucket.region_name,
                    "eventTime": iso_8601_datetime_with_milliseconds(),
                    "eventName": name,
                    "userIdentity": {"principalId": "AWS:REHEARSAL"},
                    "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                    "responseElements": {"x-amz-request-id": "REHEARSAL", "x-amz-id-2": "REHEARSAL"},
                    "s3": {
                        "s3SchemaVersion": "1.0",
                        "configurationId": notification_id,
                        "bucket": {
                            "name": bucket.name,
                            "ownerIdentity": {"principalId": "REHEARSAL"},
                            "arn": bucket.arn,
                        },
                        "object": {"key": quote_plus(key.name, safe="/*"), **_traits(name, key, "versionId")},
                    },
                }
            ]
        }

    return body


def let_in(original: Callable[..., None]) -> Callable[..., None]:
    """notifications._send_sns_message, _invoke_awslambda: only where the policy of the topic or function lets S3 in."""

    def send(account_id: str, body: Any, arn: str, region: str) -> None:
        here, bucket = hooks(), _bucket(body)
        refusal = here.may(S3, HANDS_ON[arn.split(":")[2]], arn, f"arn:aws:s3:::{bucket}") if here else None
        if here and refusal:
            here.lost(bucket, arn, refusal)
            return
        original(account_id, body, arn, region)

    return send


def queue_delivery(_original: Callable[..., None]) -> Callable[..., None]:
    """notifications._send_sqs_message: once the call is done, what the hook gives for it goes to the queues."""

    def send(account_id: str, body: Any, queue_name: str, region: str) -> None:
        delivery = ObjectDelivery(f"arn:aws:sqs:{region}:{account_id}:{queue_name}", _bucket(body), body)
        if here := hooks():
            after_call(lambda: deliver_all(here.object_delivery(delivery)))

    return send


def deliver_all(deliveries: list[ObjectDelivery]) -> None:
    for delivery in deliveries:
        deliver(delivery)


def deliver(delivery: ObjectDelivery) -> None:
    """Put a notification into its queue. A queue that is missing or closed loses it, as on AWS."""
    region, account_id, queue = delivery.queue_arn.split(":")[3:6]
    here = hooks()
    source = f"arn:aws:s3:::{delivery.bucket}"
    refusal = here.may(S3, HANDS_ON["sqs"], delivery.queue_arn, source) if here else None
    if here and refusal:
        here.lost(delivery.bucket, delivery.queue_arn, refusal)
        return
    sqs_backends[account_id][region].send_message(queue_name=queue, message_body=json.dumps(delivery.message))


def bus_delivery(_original: Callable[..., None]) -> Callable[..., None]:
    """notifications._send_event_bridge_message, for buckets that send to EventBridge."""

    def send(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
        reason = str(event_name.value).split(":")[1]
        detail = {
            "version": "0",
            "bucket": {"name": bucket.name},
            "object": {"key": key.name, **_traits(reason, key, "version-id")},
            "request-id": "REHEARSAL",
            "requester": account_id,
            "source-ip-address": "127.0.0.1",
            "reason": {"ObjectCreated": "PutObject", "ObjectRemoved": "DeleteObject"}.get(reason, reason),
        }
        event = {
            "source": "aws.s3",
            "detail-type": _detail_type(event_name),
            "detail": detail,
            "resources": [bucket.arn],
        }
        send_to_bus(events_backends[account_id][bucket.region_name], event)

    return send


def marker_told(original: Callable[..., Any]) -> Callable[..., Any]:
    """Deleting from a versioned bucket only adds a marker; AWS notifies of it, moto does not."""

    def set_delete_marker(backend: Any, bucket_name: str, key_name: str) -> Any:
        from moto.s3 import notifications

        marker = original(backend, bucket_name, key_name)
        event = S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
        notifications.send_event(backend.account_id, event, backend.get_bucket(bucket_name), marker)
        return marker

    return set_delete_marker


def _traits(event_name: str, key: Any, version_name: str) -> dict[str, Any]:
    """What an event tells of its object. That of a removed one has neither size nor ETag."""
    traits: dict[str, Any] = {}
    if not event_name.startswith("ObjectRemoved"):
        traits.update(size=key.size, eTag=key.etag.strip('"'))
    if key.version_id not in (None, "null"):
        traits[version_name] = key.version_id
    return {**traits, "sequencer": f"{next(_sequence):018X}"}


def _bucket(body: dict[str, Any]) -> str:
    return str(body["Records"][0]["s3"]["bucket"]["name"] if "Records" in body else body.get("Bucket", ""))
