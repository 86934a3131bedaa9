"""What a target of a rule gets."""

from __future__ import annotations

import json

import pytest

from rehearsal.events.inputs import target_input

EVENT = {
    "id": "1",
    "source": "aws.glue",
    "time": "2026-11-21T06:00:00Z",
    "detail": {"job": 'the "big" one', "tries": 2, "tags": ["x"]},
}


def given(target) -> str:
    return target_input(target, EVENT, "arn:rule", "ended")


def test_by_default_the_whole_event():
    assert json.loads(given({})) == EVENT


def test_a_constant_or_a_part():
    assert given({"Input": '{"a":1}'}) == '{"a":1}'
    assert given({"InputPath": "$.detail.tags[0]"}) == '"x"'
    assert given({"InputPath": "$.detail.nothing"}) == "null"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"job": <job>, "tries": <tries>}', {"job": 'the "big" one', "tries": 2}),
        ('{"text": "<job> ran <tries> times"}', {"text": 'the "big" one ran 2 times'}),
        ('{"rule": "<aws.events.rule-name>", "all": <aws.events.event.json>}', {"rule": "ended", "all": EVENT}),
        ('{"gone": <gone>}', {"gone": ""}),
    ],
)
def test_a_template_of_json(template, expected):
    paths = {"job": "$.detail.job", "tries": "$.detail.tries", "gone": "$.detail.gone"}
    filled = given({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}})
    assert json.loads(filled) == expected


def test_a_template_of_text():
    transformer = {"InputPathsMap": {"job": "$.detail.job"}, "InputTemplate": "Job <job> ended, <unknown>"}
    assert given({"InputTransformer": transformer}) == 'Job the "big" one ended, <unknown>'
