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
from rehearsal.patches import (
    athena,
    buckets,
    cloudwatch,
    events,
    functions,
    glue,
    identities,
    items,
    logs,
    notifications,
    queues,
    removals,
    schedules,
    sessions,
    sns,
    speed,
)
from rehearsal.patches.seams import hooks

MOTO = "5.2.5"


class PatchDoesNotFit(RehearsalError):
    """A symbol that is to be patched is not as expected in the installed moto."""


@dataclass(frozen=True)
class Patch:
    """``make`` gets the old symbol and gives the new one. What moto lacks is added: then the old one is None.

    Where the new one does the ``same``, only faster, it is for everybody in the process, not for accounts only.
    """

    module: str
    symbol: str
    make: Callable[[Any], Any]
    why: str
    lacking: bool = False
    same: bool = False

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
        new = self.make(old)
        setattr(owner, attribute, new if self.same else for_accounts(old, new))


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
    Patch("moto.s3.notifications", "_send_sns_message", notifications.let_in,
          "the policy of the topic is not asked"),
    Patch("moto.s3.notifications", "_invoke_awslambda", notifications.let_in,
          "the policy of the function is not asked"),
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
    Patch("moto.cloudwatch.models", "CloudWatchBackend.put_metric_alarm", cloudwatch.check_alarm,
          "an alarm starts as OK, forgets its state when changed, and may ask for what nobody evaluates"),
    Patch("moto.cloudwatch.models", "CloudWatchBackend.get_metric_data", cloudwatch.read_data,
          "periods do not begin at whole ones, other dimensions count too, metric math and percentiles are missing"),
    Patch("moto.cloudwatch.models", "CloudWatchBackend.get_metric_statistics", cloudwatch.read_statistics,
          "periods begin with the first datum, and other dimensions count too"),
    Patch("moto.cloudwatch.models", "CloudWatchBackend.get_filtered_metrics", cloudwatch.list_once,
          "a metric with none or several dimensions is listed once for each of its data"),
    Patch("moto.cloudwatch.models", "Alarm.update_state", cloudwatch.tell_state,
          "a state that is set brings no action, and the history tells of the state before"),
    Patch("moto.cloudwatch.responses", "CloudWatchResponse.put_composite_alarm",
          lambda _: cloudwatch.put_composite_alarm, "missing: there are no composite alarms", lacking=True),
    Patch("moto.cloudwatch.responses", "CloudWatchResponse.describe_alarm_history",
          lambda _: cloudwatch.describe_alarm_history, "missing: nobody can ask what happened", lacking=True),
    Patch("moto.sns.models", "Subscription.publish", sns.keep_at_home,
          "messages are posted to any address on the internet, and those by mail are forgotten"),
    Patch("moto.logs.models", "LogGroup.put_log_events", logs.tell_lines,
          "metrics in log lines are not taken out"),
    Patch("moto.sts.responses", "TokenResponse.assume_role", identities.keep_session,
          "the tags, the managed policies and the beginning of a session are forgotten"),
    Patch("moto.sts.models", "STSBackend.get_caller_identity", identities.name_our_own,
          "the rehearsal and its deployer are told that they are moto"),
    Patch("moto.iam.models", "IAMBackend.attach_role_policy", identities.know_policies,
          "AWS's own policies are not there unless all of them are loaded"),
    Patch("moto.iam.models", "IAMBackend.attach_user_policy", identities.know_policies,
          "AWS's own policies are not there unless all of them are loaded"),
    Patch("moto.iam.models", "IAMBackend.attach_group_policy", identities.know_policies,
          "AWS's own policies are not there unless all of them are loaded"),
    Patch("moto.athena.responses", "AthenaResponse.start_query_execution",
          lambda _: athena.answered(athena.start), "SQL is not run, and the workgroup's settings count for nothing"),
    Patch("moto.athena.responses", "AthenaResponse.get_query_execution",
          lambda _: athena.answered(athena.get), "every execution succeeds, and reads no byte"),
    Patch("moto.athena.responses", "AthenaResponse.batch_get_query_execution",
          lambda _: athena.answered(athena.batch_get), "missing", lacking=True),
    Patch("moto.athena.responses", "AthenaResponse.get_query_results",
          lambda _: athena.answered(athena.results), "there are no results, and no pages of them"),
    Patch("moto.athena.responses", "AthenaResponse.stop_query_execution",
          lambda _: athena.answered(athena.stop), "an execution that has ended is cancelled too"),
    Patch("moto.athena.responses", "AthenaResponse.list_query_executions",
          lambda _: athena.answered(athena.list_executions), "executions of no workgroup are listed, without pages"),
    Patch("moto.athena.responses", "AthenaResponse.get_named_query",
          lambda _: athena.answered(athena.get_named), "an unknown query breaks the server"),
    Patch("moto.athena.responses", "AthenaResponse.batch_get_named_query",
          lambda _: athena.answered(athena.batch_get_named), "missing", lacking=True),
    Patch("moto.athena.responses", "AthenaResponse.list_named_queries",
          lambda _: athena.answered(athena.list_named), "an unknown workgroup is taken for one without queries"),
    Patch("moto.athena.responses", "AthenaResponse.delete_named_query",
          lambda _: athena.answered(athena.delete_named), "missing", lacking=True),
    Patch("moto.athena.responses", "AthenaResponse.create_prepared_statement",
          lambda _: athena.answered(athena.create_prepared), "workgroups share the names of their statements"),
    Patch("moto.athena.responses", "AthenaResponse.get_prepared_statement",
          lambda _: athena.answered(athena.get_prepared), "an unknown statement breaks the server"),
    Patch("moto.athena.responses", "AthenaResponse.list_prepared_statements",
          lambda _: athena.answered(athena.list_prepared), "missing", lacking=True),
    Patch("moto.athena.responses", "AthenaResponse.delete_prepared_statement",
          lambda _: athena.answered(athena.delete_prepared), "missing", lacking=True),
    Patch("moto.athena.responses", "AthenaResponse.update_work_group",
          lambda _: athena.answered(athena.update_work_group), "missing: a workgroup cannot be disabled", lacking=True),
    Patch("moto.athena.responses", "AthenaResponse.delete_work_group",
          lambda _: athena.answered(removals.delete_work_group), "a workgroup goes with all that it holds, unasked"),
    Patch("moto.glue.responses", "GlueResponse.delete_connection", lambda _: removals.delete_connection,
          "missing: a connection cannot be deleted", lacking=True),
    Patch("moto.quicksight.models", "QuickSightBackend.url_paths", removals.data_set_paths,
          "a single data set has no address"),
    Patch("moto.quicksight.responses", "QuickSightResponse.delete_data_set", lambda _: removals.delete_data_set,
          "missing: a data set cannot be deleted", lacking=True),
    Patch("moto.quicksight.responses", "QuickSightResponse.delete_dashboard", lambda _: removals.delete_dashboard,
          "missing: a dashboard cannot be deleted", lacking=True),
    Patch("moto.iam.models", "IAMBackend.delete_policy", removals.policy_in_use,
          "a policy goes although it is attached"),
    Patch("moto.events.models", "EventsBackend.delete_event_bus", removals.bus_in_use,
          "a bus goes although it has rules"),
    Patch("moto.s3.models", "S3Backend.delete_object", removals.version_of_suspended,
          "all versions of a key go with one, where versioning is suspended"),
    Patch("moto.sqs.models", "Queue._set_attributes", removals.keep_policy,
          "a queue loses its policy when another attribute is set"),
    Patch("moto.core.base_backend", "AccountSpecificBackend.get_session", sessions.of_nobody,
          "the regions are looked for with the user's profile, and a wrong one ends everything", same=True),
    Patch("moto.core.utils", "Session", sessions.of_nobody,
          "the name of a service that refuses is looked for with the user's profile", same=True),
    Patch("moto.backends", "list_of_moto_modules", speed.list_once,
          "its own folder is listed for every request", same=True),
    Patch("moto.core.utils", "create_loader", speed.look_once,
          "the folders of all services are looked through for each service", same=True),
    Patch("moto.core.responses", "method_names_from_class", speed.inspect_once,
          "a class is inspected for every request", same=True),
    Patch("moto.core.serialize", "XFormedAttributePicker.get_possible_keys", speed.name_once,
          "the names of each member of an answer are made up afresh", same=True),
    Patch("moto.dynamodb.parsing.expressions", "UpdateExpressionParser.make", speed.parse_once,
          "each update is parsed twice, however often it was seen", same=True),
    Patch("moto.dynamodb.parsing.ast_nodes", "DepthFirstTraverser.nodes_to_be_processed", speed.kinds_once,
          "the kinds of nodes are listed for every node of every update", same=True),
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
