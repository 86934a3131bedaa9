"""What dead letters say: which call each stands for, and whether it can be made again."""

from __future__ import annotations

import json

import pytest

from lakelet.letters import read_letter, read_manifest_letter

EXTRACT = "arn:aws:lambda:eu-north-1:123456789012:function:lakelet-dev-extract-olympics"
ORDER = {"source": "olympics", "stream": "athletes", "scheduled_at": "2026-03-02T05:00:00Z"}
RUN = "olympics/athletes/20260302T050000Z"


def message(body, **attributes: str):
    texts = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    return {"MessageId": "m-1", "Body": body if isinstance(body, str) else json.dumps(body), "MessageAttributes": texts}


def test_a_call_that_failed_is_made_again_with_the_payload_it_had() -> None:
    record = {
        "version": "1.0",
        "requestContext": {"functionArn": f"{EXTRACT}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": ORDER,
        "responsePayload": {"errorMessage": "no such\nsecret", "errorType": "KeyError"},
    }
    letter = read_letter(message(record))
    assert (letter.function, json.loads(letter.payload)) == ("lakelet-dev-extract-olympics", ORDER)
    assert letter.runs == (RUN,)
    assert letter.about == f"call of lakelet-dev-extract-olympics for {RUN}: no such secret"


def test_what_a_schedule_could_not_deliver_goes_with_the_time_it_was_for() -> None:
    told = {"SCHEDULE_ARN": "arn:s", "TARGET_ARN": EXTRACT, "ERROR_CODE": "AWS.Lambda.TooManyRequestsException"}
    order = {**ORDER, "scheduled_at": "<aws.scheduler.scheduled-time>"}
    filled = read_letter(message(order, **told, SCHEDULED_TIME="2026-03-02T05:00:00Z"))
    assert (json.loads(filled.payload), filled.runs) == (ORDER, (RUN,))
    assert filled.about.endswith(": AWS.Lambda.TooManyRequestsException")
    assert read_letter(message(order, **told)).why_not == "it does not say for which time it was"
    assert json.loads(read_letter(message(ORDER, **told)).payload) == ORDER


def test_what_a_rule_could_not_deliver_is_told_by_its_job_run() -> None:
    event = {"source": "aws.glue", "detail": {"jobName": "lakelet-dev-curate-olympics", "jobRunId": "jr_1"}}
    record = EXTRACT.replace("extract-olympics", "record")
    letter = read_letter(message(event, RULE_ARN="arn:r", TARGET_ARN=record, ERROR_MESSAGE="no permission"))
    assert (letter.function, json.loads(letter.payload)) == ("lakelet-dev-record", event)
    assert "about job run jr_1 of lakelet-dev-curate-olympics: no permission" in letter.about


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        (message("hello"), "it is neither"),
        (message({"a": 1}), "it is neither"),
        (message("[" * 100_000), "it is neither"),
        (message(ORDER, TARGET_ARN=EXTRACT), "it is neither"),
        (message(ORDER, RULE_ARN="arn:r", TARGET_ARN="arn:aws:sqs:eu-north-1:1:q"), "it was not for a function"),
        (message(ORDER, RULE_ARN="arn:r", TARGET_ARN=EXTRACT, IS_PAYLOAD_TRUNCATED="true"), "its payload was cut off"),
        (message('{"source": ', RULE_ARN="arn:r", TARGET_ARN=EXTRACT), "its payload was cut off"),
        (message({"requestContext": {}, "requestPayload": None}), "it was not for a function"),
        (message({"requestContext": None, "requestPayload": None}), "it is neither"),
    ],
)
def test_what_cannot_be_understood_says_why(letter, why) -> None:
    assert read_letter(letter).why_not.startswith(why)


def test_a_manifest_letter_names_its_runs_and_anything_else_what_it_is() -> None:
    record = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "raw"}, "object": {
        "key": "manifests/olympics/athletes/run%3D20260302T050000Z.json"}}}  # fmt: skip
    letter = read_manifest_letter(message({"Records": [record]}))
    assert (letter.about, letter.runs) == (f"the manifest of {RUN}", (RUN,))
    assert read_manifest_letter(message("rubbish")).about == "a message that is not JSON: rubbish"
