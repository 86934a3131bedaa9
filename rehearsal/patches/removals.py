"""What is taken away: the calls for it that moto lacks, and the refusals of what is still in use."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.events.exceptions import ValidationException
from moto.glue.exceptions import EntityNotFoundException
from moto.iam.exceptions import DeleteConflictException
from moto.quicksight.exceptions import ResourceNotFoundException
from moto.quicksight.responses import QuickSightResponse

from rehearsal.athena.errors import BadRequest
from rehearsal.patches import athena

_DATA_SET = r"/accounts/(?P<account_id>[\d]+)/data-sets/(?P<datasetid>[^/.]+)$"


def keep_policy(original: Callable[..., None]) -> Callable[..., None]:
    """Queue._set_attributes. Moto drops the queue's policy whenever another attribute is set."""

    def set_attributes(queue: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        is_made = hasattr(queue, "_policy_json")
        policy = queue.policy if is_made and "Policy" not in attributes else None
        original(queue, attributes, now)
        if policy:
            queue.policy = policy

    return set_attributes


def policy_in_use(original: Callable[..., None]) -> Callable[..., None]:
    """IAMBackend.delete_policy. A policy that is attached stays, and one whose versions have not gone before it."""

    def delete_policy(backend: Any, policy_arn: str) -> None:
        policy = backend.get_policy(policy_arn)
        if policy.attachment_count > 0:
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(policy.versions) > 1:
            raise DeleteConflictException("This policy has more than one version; delete the other versions first.")
        original(backend, policy_arn)

    return delete_policy


def bus_in_use(original: Callable[..., None]) -> Callable[..., None]:
    """EventsBackend.delete_event_bus. A bus that has rules stays."""

    def delete_event_bus(backend: Any, name: str) -> None:
        bus = backend.event_buses.get(name)
        if bus is not None and bus.rules:
            raise ValidationException("EventBus can't be deleted since it has rules.")
        original(backend, name)

    return delete_event_bus


def version_of_suspended(original: Callable[..., Any]) -> Callable[..., Any]:
    """S3Backend.delete_object. Where versioning is suspended, moto takes away all versions of a key instead of one,
    and breaks down at a delete marker."""

    def delete_object(backend: Any, bucket_name: str, *args: Any, **named: Any) -> Any:
        bucket = backend.get_bucket(bucket_name)
        if getattr(bucket, "versioning_status", None) != "Suspended":
            return original(backend, bucket_name, *args, **named)
        bucket.versioning_status = "Enabled"
        try:
            return original(backend, bucket_name, *args, **named)
        finally:
            bucket.versioning_status = "Suspended"

    return delete_object


def delete_work_group(response: Any) -> dict[str, Any]:
    """AthenaResponse.delete_work_group. One that holds something goes only with all of it."""
    backend, name = response.athena_backend, response._get_param("WorkGroup")
    group = backend.work_groups.get(name)
    if name == athena.PRIMARY:
        raise BadRequest("The primary workgroup cannot be deleted")
    if group is None:
        raise BadRequest(f"WorkGroup {name} is not found.")
    executions = [each for each in athena._of(response).all() if each.workgroup == name]
    held = [(kept, key) for kept in (backend.named_queries, backend.prepared_statements)
            for key, each in kept.items() if each.workgroup is group]  # fmt: skip
    if (held or executions) and not response._get_param("RecursiveDeleteOption"):
        raise BadRequest(f"WorkGroup {name} is not empty")
    for kept, key in held:
        del kept[key]
    for execution in executions:
        execution.workgroup = ""  # one of the same name, made later, begins empty
    del backend.work_groups[name]
    return {}


def delete_connection(response: Any) -> ActionResult:
    """GlueResponse.delete_connection, which moto lacks."""
    name = response._get_param("ConnectionName")
    if response.glue_backend.connections.pop(name, None) is None:
        raise EntityNotFoundException(f"Connection {name} not found")
    return ActionResult({})


def data_set_paths(original: property) -> property:
    """QuickSightBackend.url_paths. Moto has no address for a single data set."""
    return property(lambda backend: {**original.__get__(backend), _DATA_SET: QuickSightResponse.dispatch})


def delete_data_set(response: Any) -> str:
    """QuickSightResponse.delete_data_set, which moto lacks."""
    return _deleted(response, "DataSet")


def delete_dashboard(response: Any) -> str:
    """QuickSightResponse.delete_dashboard, which moto lacks."""
    return _deleted(response, "Dashboard")


def _deleted(response: Any, kind: str) -> str:
    backend, id_ = response.quicksight_backend, response._get_param(f"{kind}Id")
    kept = {"DataSet": backend.data_sets, "Dashboard": backend.dashboards}[kind]
    found = kept.pop(id_, None)
    if found is None:
        raise ResourceNotFoundException(f"{kind} {id_} is not found")
    return json.dumps({"Arn": found.arn, f"{kind}Id": id_, "RequestId": "rehearsal", "Status": 200})
