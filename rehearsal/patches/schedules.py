"""EventBridge Scheduler: schedules are data here, and are kept as they were given."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def keep_all_updates(original: Callable[..., Any]) -> Callable[..., Any]:
    """UpdateSchedule replaces the whole schedule; moto leaves out the action after completion, and the defaults."""

    def update_schedule(response: Any) -> Any:
        answer = original(response)
        asked = json.loads(response.body)
        name = response.uri.split("?")[0].split("/")[-1]
        schedule = response.scheduler_backend.get_schedule(asked.get("GroupName"), name)
        schedule.state = asked.get("State") or "ENABLED"
        schedule.action_after_completion = asked.get("ActionAfterCompletion") or "NONE"
        return answer

    return update_schedule


def known_group(original: Callable[..., Any]) -> Callable[..., Any]:
    """A schedule in a group that does not exist is refused as on AWS; moto breaks down."""

    def create_schedule(backend: Any, **asked: Any) -> Any:
        backend.get_schedule_group(asked.get("group_name"))
        asked["action_after_completion"] = asked.get("action_after_completion") or "NONE"
        return original(backend, **asked)

    return create_schedule


def missing_group(original: Callable[..., None]) -> Callable[..., None]:
    def delete_schedule_group(backend: Any, name: str | None) -> None:
        backend.get_schedule_group(name)
        original(backend, name)

    return delete_schedule_group
