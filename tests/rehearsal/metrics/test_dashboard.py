from __future__ import annotations

import pytest

from rehearsal.metrics.dashboard import alarms_of, faults, metrics_of

ROWS = [
    ["Shop", "rows", "source", "a", {"stat": "Sum"}],
    [".", "bad", ".", "."],
    ["...", "b"],
    ["Shop", "pages"],
    [{"expression": "m1 / m2", "id": "e"}],
]
ALARM = "arn:aws:cloudwatch:eu-north-1:123456789012:alarm:a"


def metric(**properties):
    return {"type": "metric", "properties": {"region": "eu-north-1", "metrics": ROWS, **properties}}


def test_the_metrics_of_a_dashboard_are_written_out():
    assert metrics_of({"widgets": [metric(), {"type": "text", "properties": {"markdown": "#"}}]}) == [
        ("Shop", "rows", (("source", "a"),)), ("Shop", "bad", (("source", "a"),)), ("Shop", "bad", (("source", "b"),)),
        ("Shop", "pages", ()),
    ]  # fmt: skip


def test_the_alarms_of_a_dashboard():
    body = {"widgets": [{"type": "alarm", "properties": {"alarms": [ALARM]}}, metric(annotations={"alarms": ["b"]})]}
    assert alarms_of(body) == [ALARM, "b"]
    assert faults(body) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ([], "the body must be an object with a list of widgets"),
        ({"widgets": {}}, "the body must be an object with a list of widgets"),
        ({"widgets": [1]}, "widget 0 must be an object"),
        ({"widgets": [{"type": "graph", "properties": {}}]}, "widget 0 is of type 'graph'; known are metric, text"),
        ({"widgets": [{"type": "text"}]}, "widget 0 needs properties"),
        ({"widgets": [{"type": "text", "properties": {}}]}, "widget 0 needs a markdown text"),
        ({"widgets": [metric(), metric(region=None)]}, "widget 1 needs a region"),
        ({"widgets": [metric(metrics=[])]}, "widget 0 needs a list of metrics, got []"),
        ({"widgets": [metric(metrics=[["Shop"]])]}, "widget 0: a metric needs a namespace, a name and pairs"),
        ({"widgets": [metric(metrics=[["Shop", "rows", "source"]])]}, "pairs of dimensions, got ['Shop', 'rows'"),
        ({"widgets": [metric(metrics=[[".", "rows"]])]}, "pairs of dimensions, got ['.', 'rows']"),
        ({"widgets": [metric(metrics=[[{"id": "e"}]])]}, "without a name needs an expression"),
        ({"widgets": [{**metric(), "width": 25}]}, "width must be a whole number from 1 to 24, got 25"),
        ({"widgets": [{"type": "log", "properties": {"region": "r", "query": "fields @t"}}]}, "names its SOURCE"),
        ({"widgets": [{"type": "alarm", "properties": {"alarms": ["a"]}}]}, "a list of ARNs of alarms, got ['a']"),
    ],
)
def test_what_cloudwatch_would_not_show_is_named_with_its_place(body, fault):
    (found,) = faults(body)
    assert fault in found
