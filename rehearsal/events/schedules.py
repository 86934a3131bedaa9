"""EventBridge Scheduler: schedules fire when the rehearsal says so, under their own roles."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events import universal
from rehearsal.events.attributes import fill, iso
from rehearsal.events.crew import Agenda
from rehearsal.events.expressions import Timing
from rehearsal.events.letters import failure, may_pass
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

    def values(self) -> dict[str, str]:
        """What Scheduler knows of the call that is made next."""
        return {
            "schedule-arn": self.schedule.arn,
            "scheduled-time": iso(self.scheduled),
            "execution-id": self.execution,
            "attempt-number": str(self.attempts + 1),
        }

    def exhausted(self, due: float) -> str | None:
        """What of the retry policy stands against another call at ``due``, by its name there."""
        policy = self.schedule.target.get("RetryPolicy") or {}
        if self.attempts > policy.get("MaximumRetryAttempts", RETRIES):
            return "MaximumRetryAttempts"
        is_young = due - self.began <= policy.get("MaximumEventAgeInSeconds", OLDEST_SECONDS)
        return None if is_young else "MaximumEventAgeInSeconds"


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
        body = fill(firing.schedule.target.get("Input") or "{}", firing.values())
        self._count(firing, "InvocationAttemptCount")
        try:
            self._hand_over(firing, body)
        except NotRehearsed:
            raise
        except (ClientError, RehearsalError) as error:
            self._count(firing, "TargetErrorCount")
            self._retry_or_give_up(replace(firing, attempts=firing.attempts + 1), body, error)

    def _hand_over(self, firing: Firing, body: str) -> None:
        target, client = firing.schedule.target, partial(self._client, firing)
        if universal.is_universal(target["Arn"]):
            universal.call(client, target["Arn"], body)
        else:
            group = (target.get("SqsParameters") or {}).get("MessageGroupId")
            send(self._account, client, target["Arn"], body, group_id=group)

    def _retry_or_give_up(self, firing: Firing, body: str, error: Exception) -> None:
        """Only what may pass is tried again: throttling and faults of the target, not a refusal."""
        due = self._account.clock.now() + min(SLOWEST_RETRY_SECONDS, 2.0 ** (firing.attempts - 1))
        exhausted = firing.exhausted(due) if may_pass(error) else None
        if may_pass(error) and not exhausted:
            self._put(firing, due)
            return
        self._account.hooks.lost(firing.schedule.name, firing.schedule.target["Arn"], str(error))
        self._count(firing, "InvocationDroppedCount")
        letters = (firing.schedule.target.get("DeadLetterConfig") or {}).get("Arn")
        if letters:
            self._bury(firing, body, letters, failure(error, firing.attempts - 1, exhausted))

    def _count(self, firing: Firing, metric: str) -> None:
        self._account.hooks.counted("AWS/Scheduler", metric, ("ScheduleGroup", firing.schedule.group))

    def _bury(self, firing: Firing, body: str, letters: str, why: Mapping[str, str]) -> None:
        told = {
            "SCHEDULE_ARN": firing.schedule.arn,
            "TARGET_ARN": firing.schedule.target["Arn"],
            "EXECUTION_ID": firing.execution,
            "SCHEDULED_TIME": iso(firing.scheduled),
            **why,
        }
        try:
            send(self._account, partial(self._client, firing), letters, body, told)
        except (ClientError, RehearsalError) as refusal:
            self._account.hooks.lost(firing.schedule.name, letters, str(refusal))

    def _client(self, firing: Firing, service: str) -> Any:
        return self._account.sessions.client(
            firing.schedule.target["RoleArn"], SCHEDULER, service, firing.schedule.group_arn
        )


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
