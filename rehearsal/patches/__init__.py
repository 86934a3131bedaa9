"""Every place where moto 5.2.5 departs from AWS in a way that a rehearsal would notice.

A patch names a symbol of moto, the function that makes the new one out of the old one, and the reason.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce, wraps
from typing import Any

from rehearsal.errors import RehearsalError
from rehearsal.patches import buckets, events, functions, glue, items, notifications, queues, schedules, speed
from rehearsal.patches.seams import hooks

MOTO = "5.2.5"


class PatchDoesNotFit(RehearsalError):
    """A symbol that is to be patched is not as expected in the installed moto."""


@dataclass(frozen=True)
class Patch:
    """``make`` gets the old symbol and gives the new one. What moto lacks is added: then the old one is None."""

    module: str
    symbol: str
    make: Callable[[Any], Any]
    why: str
    lacking: bool = False

    @property
    def name(self) -> str:
        return f"{self.module}:{self.symbol}"

    def owner(self) -> Any:
        """What holds the symbol: the module, or a class in it."""
        return reduce(getattr, self.symbol.split(".")[:-1], importlib.import_module(self.module))

    def apply(self) -> None:
        owner, attribute = self.owner(), self.symbol.split(".")[-1]
        if hasattr(owner, attribute) is self.lacking:
            state = "has" if self.lacking else "lacks"
            raise PatchDoesNotFit(f"the installed moto {state} {self.name}; the patches are for moto {MOTO}")
        old = getattr(owner, attribute, None)
        setattr(owner, attribute, for_accounts(old, self.make(old)))


def for_accounts(old: Any, new: Any) -> Any:
    """The new symbol while an account runs in this process, and moto's own otherwise: others may use it too."""
    if isinstance(old, property):
        return property(
            lambda held: (new if hooks() else old).__get__(held),
            lambda held, value: (new if hooks() else old).__set__(held, value),
        )
    if not callable(old):
        return new

    @wraps(new)
    def chosen(*args: Any, **named: Any) -> Any:
        return (new if hooks() else old)(*args, **named)

    return chosen


PATCHES = (
    Patch("moto.glue.models", "FakeJobRun.status", lambda _: property(glue.status, glue.set_status),
          "a run says SUCCEEDED although nothing ran"),
    Patch("moto.glue.models", "FakeJobRun.as_dict", glue.describe_run,
          "execution time, log group, Glue version, end and error of a run are made up or missing"),
    Patch("moto.glue.models", "FakeJob.start_job_run", glue.start_run,
          "nothing is told of a run; a run in STOPPING does not count; given arguments are mixed with the defaults"),
    Patch("moto.glue.responses", "GlueResponse.batch_stop_job_run", lambda _: glue.batch_stop_job_run,
          "missing: a run cannot be stopped", lacking=True),
    Patch("moto.glue.responses", "GlueResponse.update_table", glue.update_table,
          "VersionId is ignored, so of two commits at once one is lost"),
    Patch("moto.awslambda.responses", "LambdaResponse.invoke", functions.invoke_call,
          "an invocation needs Docker"),
    Patch("moto.awslambda.models", "LambdaFunction.invoke", functions.invoke_from_service,
          "an invocation by another service needs Docker"),
    Patch("moto.awslambda.models", "LambdaFunction.__init__", functions.keep,
          "the dead-letter and logging settings of a function are forgotten"),
    Patch("moto.awslambda.models", "LambdaFunction.get_configuration", functions.show_kept,
          "the dead-letter and logging settings of a function are not shown"),
    Patch("moto.awslambda.models", "LambdaFunction.update_configuration", functions.update_kept,
          "changes of dead-letter, logging, tracing, storage and key settings are forgotten"),
    Patch("moto.awslambda.models", "LambdaBackend.put_function_event_invoke_config", functions.replace_invoke_config,
          "the second settings for asynchronous invocations are ignored"),
    Patch("moto.s3.notifications", "send_event", notifications.object_told,
          "only a bucket with notifications tells of its objects"),
    Patch("moto.s3.notifications", "_get_s3_event", notifications.event_body,
          "no sequencer, no version, and a key whose slashes are encoded"),
    Patch("moto.s3.notifications", "_send_sqs_message", notifications.queue_delivery,
          "delivery cannot be watched, and any failure of it is swallowed"),
    Patch("moto.s3.notifications", "_send_event_bridge_message", notifications.bus_delivery,
          "a constant sequencer and requester, and every failure swallowed"),
    Patch("moto.s3.models", "S3Backend._set_delete_marker", notifications.marker_told,
          "a delete marker is not notified of"),
    Patch("moto.s3.models", "FakeBucket.get_permission", buckets.decide_nothing,
          "bucket policies are judged without their conditions"),
    Patch("moto.events.models", "Rule.send_to_targets", events.match_rule,
          "most targets are swallowed, disabled rules fire, a rule with only a schedule matches every event"),
    Patch("moto.scheduler.responses", "EventBridgeSchedulerResponse.update_schedule", schedules.keep_all_updates,
          "an update forgets the action after completion and the default state"),
    Patch("moto.scheduler.models", "EventBridgeSchedulerBackend.create_schedule", schedules.known_group,
          "an unknown group breaks the server"),
    Patch("moto.scheduler.models", "EventBridgeSchedulerBackend.delete_schedule_group", schedules.missing_group,
          "an unknown group breaks the server"),
    Patch("moto.sqs.models", "Queue.messages", queues.forget_expired,
          "an expired message stays in the way of those behind it"),
    Patch("moto.sqs.models", "Queue.wait_for_messages", queues.end_with_account,
          "a long poll goes on after the server has been stopped"),
    Patch("moto.sqs.models", "Queue.add_message", queues.leave_mappings_alone,
          "a function is called within SendMessage, and by moto"),
    Patch("moto.dynamodb.models", "copy", items.copy_no_tables,
          "a transaction copies whole tables"),
    Patch("moto.dynamodb.models", "DynamoDBBackend.transact_write_items", items.take_back_items,
          "a cancelled transaction takes back what others wrote to its tables meanwhile"),
    Patch("moto.backends", "list_of_moto_modules", speed.list_once,
          "its own folder is listed for every request"),
    Patch("moto.core.responses", "method_names_from_class", speed.inspect_once,
          "a class is inspected for every request"),
)  # fmt: skip

_lock = threading.Lock()
_applied = False


def apply() -> None:
    """Patch moto, once per process."""
    global _applied
    with _lock:
        if not _applied:
            for patch in PATCHES:
                patch.apply()
            _applied = True
