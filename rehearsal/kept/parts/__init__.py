"""The parts of an account that are data. Each knows which names a call touches, what is written for a name, and how
what was written is put back, straight into moto's state, without an event. Writing and putting back happen under the
lock of the service."""

from __future__ import annotations

from rehearsal.kept.parts.alarms import Alarms
from rehearsal.kept.parts.items import Items
from rehearsal.kept.parts.job_runs import JobRuns
from rehearsal.kept.parts.messages import Messages
from rehearsal.kept.parts.metrics import Metrics
from rehearsal.kept.parts.objects import Objects
from rehearsal.kept.parts.part import Part
from rehearsal.kept.parts.tables import Tables

PARTS: tuple[type[Part], ...] = (Objects, Items, Messages, Tables, JobRuns, Metrics, Alarms)


def parts_of(account_id: str, region: str, service: str | None = None) -> tuple[Part, ...]:
    """The parts of an account, or those of one of its services."""
    return tuple(part(account_id, region) for part in PARTS if service in (None, part.service))


__all__ = ["Part", "parts_of"]
