"""EventBridge Scheduler: schedules fire when the rehearsal says so, under their own roles."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.crew import Agenda
from rehearsal.events.expressions import Timing
from rehearsal.events.targets import send
from rehearsal.progress import Listener, tell
from rehearsal.runtime.spec import NotRehearsed
from rehearsal.standing import schedules

SCHEDULER = "scheduler.amazonaws.com"
RETRIES = 185
OLDEST_SECONDS = 86_400.0
SLOWEST_RETRY_SECONDS = 300.0


class UnknownSchedule(RehearsalError):
    """A schedule was named that the account does not have, or that will not fire again."""


@dataclass(frozen=True)
class Schedule:
    """A schedule as it stands in the account. ``target`` is as GetSchedule tells it."""

    name: str
    group: str
    arn: str
    is_enabled: bool
    timing: Timing
    target: Mapping[str, Any]

    @property
    def group_arn(self) -> str:
        """For which Scheduler says that it takes the schedule's role."""
        return f"{self.arn.split(':schedule/')[0]}:schedule-group/{self.group}"

    def next_time(self, after: float) -> float | None:
        return self.timing.next_time(after) if self.is_enabled else None


@dataclass(frozen=True)
class Firing:
    """One delivery of a schedule: ``scheduled`` is when it was due, ``began`` when it was first tried."""

    schedule: Schedule
    scheduled: float
    execution: str
    began: float
    attempts: int = 0


class Schedules:
    """All schedules of the account, whatever their group."""

    def __init__(self, account: Account, agenda: Agenda, on_event: Listener) -> None:
        self._account, self._agenda, self._on_event = account, agenda, on_event

    def all(self) -> list[Schedule]:
        return [_schedule(told) for told in schedules(self._account)]

    def named(self, name: str) -> Schedule:
        """By name, or by ``group/name``."""
        found = self.all()
        for schedule in found:
            if name in (schedule.name, f"{schedule.group}/{schedule.name}"):
                return schedule
        known = ", ".join(sorted(schedule.name for schedule in found)) or "none"
        raise UnknownSchedule(f"there is no schedule {name!r}; the account has: {known}")

    def next_time(self, name: str, after: float) -> float:
        """When the schedule is due next. Raises UnknownSchedule for one that has had its last time or is disabled."""
        moment = self.named(name).next_time(after)
        if moment is None:
            raise UnknownSchedule(f"schedule {name!r} does not fire again: it is disabled, or its time is over")
        return moment

    def next_due(self, after: float, until: float) -> tuple[float, list[Schedule]] | None:
        """The first moment in (after, until] at which schedules are due, and which ones. None before it was made."""
        times = [(each.next_time(max(after, each.timing.created)), each) for each in self.all()]
        moment = min((time for time, _ in times if time is not None and time <= until), default=None)
        if moment is None:
            return None
        return moment, [schedule for time, schedule in times if time == moment]

    def fire(self, schedule: Schedule, scheduled: float) -> None:
        """Put the schedule's call on the agenda: it runs when somebody settles."""
        tell(self._on_event, "schedule-fired", schedule.name, scheduled=iso(scheduled))
        firing = Firing(schedule, scheduled, str(uuid.uuid4()), self._account.clock.now())
        self._put(firing, firing.began)

    def _put(self, firing: Firing, due: float) -> None:
        self._agenda.add(due, f"schedule {firing.schedule.name}", lambda: self._deliver(firing))

    def _deliver(self, firing: Firing) -> None:
        target = firing.schedule.target
        attempt = firing.attempts + 1
        body = fill_context(target.get("Input") or "{}", firing, attempt)
        group = (target.get("SqsParameters") or {}).get("MessageGroupId")
        self._count(firing, "InvocationAttemptCount")
        try:
            send(self._account, lambda service: self._client(firing, service), target["Arn"], body, group_id=group)
        except NotRehearsed:
            raise
        except (ClientError, RehearsalError) as error:
            self._count(firing, "TargetErrorCount")
            tried = Firing(firing.schedule, firing.scheduled, firing.execution, firing.began, attempt)
            self._retry_or_give_up(tried, body, error)

    def _retry_or_give_up(self, firing: Firing, body: str, error: Exception) -> None:
        """Only what may pass is tried again: throttling and faults of the target, not a refusal."""
        policy = firing.schedule.target.get("RetryPolicy") or {}
        now = self._account.clock.now()
        wait = min(SLOWEST_RETRY_SECONDS, 2.0 ** (firing.attempts - 1))
        is_young = now + wait - firing.began <= policy.get("MaximumEventAgeInSeconds", OLDEST_SECONDS)
        if _may_pass(error) and is_young and firing.attempts <= policy.get("MaximumRetryAttempts", RETRIES):
            self._put(firing, now + wait)
            return
        self._account.hooks.lost(firing.schedule.name, firing.schedule.target["Arn"], str(error))
        self._count(firing, "InvocationDroppedCount")
        letters = (firing.schedule.target.get("DeadLetterConfig") or {}).get("Arn")
        if letters:
            self._bury(firing, body, letters, error)

    def _count(self, firing: Firing, metric: str) -> None:
        self._account.hooks.counted("AWS/Scheduler", metric, ("ScheduleGroup", firing.schedule.group))

    def _bury(self, firing: Firing, body: str, letters: str, error: Exception) -> None:
        told = {
            "SCHEDULE_ARN": firing.schedule.arn,
            "TARGET_ARN": firing.schedule.target["Arn"],
            "EXECUTION_ID": firing.execution,
            "ERROR_CODE": _code(error),
            "ERROR_MESSAGE": str(error),
        }
        try:
            send(self._account, lambda service: self._client(firing, service), letters, body, told)
        except (ClientError, RehearsalError) as refusal:
            self._account.hooks.lost(firing.schedule.name, letters, str(refusal))

    def _client(self, firing: Firing, service: str) -> Any:
        return self._account.sessions.client(
            firing.schedule.target["RoleArn"], SCHEDULER, service, firing.schedule.group_arn
        )


def fill_context(text: str, firing: Firing, attempt: int) -> str:
    """Put what Scheduler knows of a call for ``<aws.scheduler.scheduled-time>`` and its like."""
    values = {
        "schedule-arn": firing.schedule.arn,
        "scheduled-time": iso(firing.scheduled),
        "execution-id": firing.execution,
        "attempt-number": str(attempt),
    }
    return re.sub(r"<aws\.scheduler\.([a-z-]+)>", lambda found: values.get(found[1], found[0]), text)


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _schedule(told: Mapping[str, Any]) -> Schedule:
    dates = {name: float(told[name]) for name in ("StartDate", "EndDate", "CreationDate") if told.get(name)}
    timing = Timing(
        told["ScheduleExpression"],
        told.get("ScheduleExpressionTimezone") or "UTC",
        dates["CreationDate"],
        dates.get("StartDate"),
        dates.get("EndDate"),
    )
    is_enabled = told.get("State", "ENABLED") == "ENABLED"
    return Schedule(told["Name"], told["GroupName"], told["Arn"], is_enabled, timing, told["Target"])


def _may_pass(error: Exception) -> bool:
    if not isinstance(error, ClientError):
        return False
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status == 429 or status >= 500 or "Throttl" in _code(error)


def _code(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__
