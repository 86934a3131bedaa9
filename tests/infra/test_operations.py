"""Alarms, dashboard, topic and budget: what is declared, and that it fits CloudWatch and the runbooks."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from infra import dashboard
from infra.alarm import DAY, HOUR, WEEK
from infra.alarms import alarms
from infra.operations import Operations, OperationsArgs
from infra.settings import Settings, read
from sources import SOURCES
from sources.metrics import METRICS, NAMESPACE, OF_SOURCE, OF_STACK, OF_STREAM
from sources.model import Daily, Table, Weekly
from sources.spotify import SPOTIFY

ROOT = Path(__file__).resolve().parents[2]
OLYMPICS = SOURCES["olympics"]
FUNCTIONS = {"extract-olympics": "lakelet-dev-extract-olympics", "start": "lakelet-dev-start"}
OF_AWS = {  # which AWS makes without being asked, with the dimension that each has
    "AWS/Lambda": ("FunctionName", {"Invocations", "Errors", "Throttles"}),
    "AWS/SQS": ("QueueName", {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}),
    "AWS/Scheduler": ("ScheduleGroup", {"InvocationAttemptCount", "TargetErrorCount", "InvocationDroppedCount"}),
}
RUNBOOKS = (ROOT / "docs/operations.md").read_text()


def settings(**said: str) -> Settings:
    return read("dev", {"protectData": "false", **said}.get)


@pytest.fixture(scope="module")
def found(names):
    return alarms(names, (OLYMPICS,), FUNCTIONS)


@pytest.fixture(scope="module")
def program(declare, names):
    """What watches a stack with both sources."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SOURCES, "spotify", SPOTIFY)
        told = settings(alarmEmail="ops@example.org,me@example.org", monthlyBudgetDollars="30")
    return declare(lambda: Operations("operations", OperationsArgs(names, told)))


def of_kind(found, kind):
    (alarm,) = [alarm for alarm in found if alarm.kind == kind]
    return alarm


# Alarms


def test_there_are_alarms_for_all_that_can_go_wrong(found):
    assert Counter(alarm.kind for alarm in found) == {
        "dead-letters": 1, "given-up-calls": 1, "old-messages": 1, "failed-jobs": 1, "parked-runs": 1,
        "rows-set-aside": 1, "no-success": 1, "function-errors": 2, "function-throttles": 2,
    }  # fmt: skip


def test_every_kind_of_alarm_has_a_runbook_and_every_runbook_an_alarm(found):
    headings = re.findall(r"^### ([a-z-]+)$", RUNBOOKS, flags=re.MULTILINE)
    assert sorted(headings) == sorted({alarm.kind for alarm in found})
    assert [alarm.key for alarm in found if not alarm.description.endswith(f"docs/operations.md, {alarm.kind}")] == []
    assert [alarm.key for alarm in found if "First: " not in alarm.description or len(alarm.description) > 1024] == []


def test_the_runbooks_say_how_many_alarms_and_metrics_there_are(names):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SOURCES, "spotify", SPOTIFY)
        both = settings()
    whole = alarms(names, both.sources, OperationsArgs(names, both).functions)
    series = [
        metric for source in both.sources for stream in source.streams for metric in METRICS if metric.by == OF_STREAM
    ]
    series += [metric for source in both.sources for metric in METRICS if metric.by == OF_SOURCE]
    series += [metric for metric in METRICS if metric.by == OF_STACK]
    assert f"{len(whole)} alarms" in RUNBOOKS
    assert f"{len(series)} metrics" in RUNBOOKS
    missing = [metric.name for metric in METRICS if f"`{metric.name}`" not in RUNBOOKS]
    assert missing == []


def test_cloudwatch_can_look_back_as_far_as_the_alarms_ask(found):
    for alarm in found:
        most = WEEK if alarm.period_seconds >= HOUR else DAY
        assert alarm.period_seconds * alarm.periods <= most, alarm.key
        assert (alarm.above is None) != (alarm.below is None), alarm.key


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [(Daily("06:00", zone="UTC"), 2 * 24 + 3), (Weekly("MON", "06:00", zone="UTC"), 2 * 7 * 24 + 3)],
)
def test_no_success_is_missed_after_two_periods_of_the_streams_own_schedule(names, schedule, hours):
    (stream,) = OLYMPICS.streams
    source = replace(OLYMPICS, streams=(replace(stream, schedule=schedule),))
    alarm = of_kind(alarms(names, (source,), FUNCTIONS), "no-success")
    assert (alarm.statistic, alarm.above, alarm.missing) == ("Minimum", hours, "missing")
    assert alarm.series.dimensions == {"stack": "dev", "source": "olympics", "stream": "athletes"}
    assert f"{hours} hours" in alarm.description


def test_reconcile_gone_silent_is_no_success_either(found):
    alarm = of_kind(found, "no-success")
    assert (alarm.period_seconds, alarm.periods, alarm.missing) == (HOUR, 1, "missing")


def test_each_stream_has_an_alarm_of_its_own(names):
    both = [alarm for alarm in alarms(names, (OLYMPICS, SPOTIFY), FUNCTIONS) if alarm.kind == "no-success"]
    assert {alarm.key: alarm.above for alarm in both} == {
        "no-success-olympics-athletes": 51,
        "no-success-spotify-playlist": 51,
        "no-success-spotify-popular": 339,
    }


def test_rows_set_aside_are_told_at_half_of_the_smallest_share(names):
    (stream,) = OLYMPICS.streams
    strict = Table("medals", key=("id",), columns=(), at_most_bad=0.02)
    source = replace(OLYMPICS, streams=(replace(stream, feeds=(*stream.feeds, strict)),))
    assert of_kind(alarms(names, (source,), {}), "rows-set-aside").above == 1  # percent


def test_a_manifest_may_wait_for_a_job_that_takes_as_long_as_it_may(found):
    assert of_kind(found, "old-messages").above > 60 * 60


def known_series(namespace, metric, dimensions):
    if namespace == NAMESPACE:
        (put,) = [each for each in METRICS if each.name == metric]
        return tuple(dimensions) == put.by
    dimension, made = OF_AWS[namespace]
    return metric in made and list(dimensions) == [dimension]


def test_only_series_that_exist_are_watched(found):
    watched = [alarm.series for alarm in found]
    assert [each for each in watched if not known_series(each.namespace, each.metric, each.dimensions)] == []


def test_an_alarm_tells_the_topic_and_what_lasts_also_its_end(program):
    dead = program.one("MetricAlarm", "alarm-dead-letters")
    failed = program.one("MetricAlarm", "alarm-failed-jobs")
    assert dead["alarmActions"] == dead["okActions"] == failed["alarmActions"] == ["arn:aws:alarms"]
    assert "okActions" not in failed
    assert dead["name"] == "lakelet-dev-alarm-dead-letters"
    assert (dead["comparisonOperator"], dead["threshold"]) == ("GreaterThanThreshold", 0)


# Topic


def test_only_alarms_and_budgets_of_the_account_may_publish(program):
    (policy,) = program.of("TopicPolicy")
    statements = json.loads(policy.inputs["policy"])["Statement"]
    allowed = {each["Principal"]["Service"]: each["Condition"] for each in statements if each["Effect"] == "Allow"}
    assert {service: each["ArnLike"]["aws:SourceArn"] for service, each in allowed.items()} == {
        "cloudwatch.amazonaws.com": "arn:aws:cloudwatch:eu-north-1:123456789012:alarm:lakelet-dev-alarm-*",
        "budgets.amazonaws.com": "arn:aws:budgets::123456789012:*",
    }
    assert {each["StringEquals"]["aws:SourceAccount"] for each in allowed.values()} == {"123456789012"}
    assert {each["Action"] for each in statements} == {"sns:Publish"}


def test_each_address_is_subscribed_and_none_needs_to_be(program, declare, names):
    found = {each.inputs["endpoint"]: each.inputs["protocol"] for each in program.of("TopicSubscription")}
    assert found == {"ops@example.org": "email", "me@example.org": "email"}
    silent = declare(lambda: Operations("operations", OperationsArgs(names, settings())))
    assert (silent.of("TopicSubscription"), len(silent.of("Topic"))) == ([], 1)


# Budget


def test_the_budget_counts_what_bears_the_tag_of_the_stack_and_tells_in_time(program, names):
    (budget,) = [each.inputs for each in program.of("Budget")]
    assert (budget["limitAmount"], budget["limitUnit"], budget["timeUnit"]) == ("30", "USD", "MONTHLY")
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:lake$lakelet-dev"]}]
    assert names.tags["lake"] == "lakelet-dev"
    told = {(each["notificationType"], each["threshold"]): each for each in budget["notifications"]}
    assert set(told) == {("ACTUAL", 80), ("FORECASTED", 100)}
    for each in told.values():
        assert each["subscriberSnsTopicArns"] == ["arn:aws:alarms"]
        assert each["subscriberEmailAddresses"] == ["ops@example.org", "me@example.org"]


# Dashboard


@pytest.fixture(scope="module")
def widgets(program):
    (board,) = program.of("Dashboard")
    return json.loads(board.inputs["dashboardBody"])["widgets"]


def test_the_dashboard_goes_the_way_of_the_data(widgets):
    texts = [each["properties"]["markdown"] for each in sorted(widgets, key=lambda w: w["y"]) if each["type"] == "text"]
    steps = [text.splitlines()[0].removeprefix("## ") for text in texts]
    assert steps == ["schedule", "extract", "queue", "start", "curate", "record", "tables", "quota", "cost"]


def test_the_dashboard_shows_only_what_exists_and_is_free(widgets):
    lines = [line for each in widgets if each["type"] == "metric" for line in each["properties"]["metrics"]]
    shown = {(line[0], line[1]) for line in lines}
    for namespace, metric, *dimensions, _ in lines:
        assert known_series(namespace, metric, dict(zip(dimensions[::2], dimensions[1::2], strict=True)))
    assert {metric for namespace, metric in shown if namespace == NAMESPACE} == {metric.name for metric in METRICS}
    assert len(lines) <= 50  # metrics of a dashboard that costs nothing


def test_no_widget_lies_upon_another(widgets):
    def cells(each):
        return {(each["x"] + x, each["y"] + y) for x in range(each["width"]) for y in range(each["height"])}

    taken = [cell for each in widgets for cell in cells(each)]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < dashboard.COLUMNS
