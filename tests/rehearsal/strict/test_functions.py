"""The limits of Lambda, and what it advises against."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from rehearsal.strict import Warned, Warnings
from rehearsal.strict.limits import functions
from rehearsal.strict.view import function_name
from tests.rehearsal.strict.asking import Held, Told, lambda_call, refused

NOTHING = Told(None, None, None)
MAPPING = "0b2b4f0e-5c3a-4a53-9d0c-0f6b5a3c1d2e"
QUEUE = "arn:aws:sqs:eu-north-1:123456789012:news"
ROLE = "arn:aws:iam::123456789012:role/worker"


def archive(size: int) -> bytes:
    """A zip of one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data", bytes(size))
    return made.getvalue()


def create(name: str = "extract", **settings: object) -> Told:
    told = {"Role": ROLE, "Code": {"S3Bucket": "lake", "S3Key": "code.zip"}, **settings}
    return refused(lambda_call("POST", "functions", FunctionName=name, **told))


def configure(**settings: object) -> Told:
    return refused(lambda_call("PUT", "functions/extract/configuration", **settings))


def test_a_function_runs_for_fifteen_minutes_at_most():
    assert create(Timeout=900) == configure(Timeout=900) == NOTHING
    assert create(Timeout=901) == Told(
        400,
        "ValidationException",
        "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: "
        "Member must have value less than or equal to 900",
    )
    assert configure(Timeout=901) == create(Timeout=901)


def test_memory_goes_from_128_to_10240_megabytes():
    assert create(MemorySize=128) == create(MemorySize=10_240) == NOTHING
    assert "greater than or equal to 128" in str(create(MemorySize=127).message)
    assert "less than or equal to 10240" in str(create(MemorySize=10_241).message)


def test_a_function_has_a_name_of_64_characters():
    assert create("f" * 64) == NOTHING
    assert "'functionName' failed" in str(create("f" * 65).message)


def test_variables_are_four_kilobytes_together():
    def told(size: int) -> Told:
        return create(Environment={"Variables": {"NOTE": "x" * (size - len('{"NOTE":""}'))}})

    assert told(4_096) == NOTHING
    assert told(4_097) == Told(
        400,
        "InvalidParameterValueException",
        "Lambda was unable to configure your environment variables because the environment variables you have "
        "provided exceeded the 4KB limit.",
    )


def test_the_variables_of_lambda_itself_cannot_be_set():
    told = configure(Environment={"Variables": {"AWS_REGION": "here", "LAMBDA_TASK_ROOT": "/", "STAGE": "dev"}})
    assert told.code == "InvalidParameterValueException"
    assert str(told.message).endswith("Reserved keys used in this request: AWS_REGION, LAMBDA_TASK_ROOT")


def test_a_runtime_that_does_not_exist():
    assert "Value 'python9' at 'runtime'" in str(create(Runtime="python9").message)


def test_a_runtime_that_is_gone():
    assert create(Runtime="python3.13", Handler="m.h") == NOTHING
    assert "python2.7 is no longer supported" in str(create(Runtime="python2.7", Handler="m.h").message)


def test_five_layers_at_most():
    layers = [f"arn:aws:lambda:eu-north-1:123456789012:layer:l{number}:1" for number in range(6)]
    assert create(Layers=layers[:5]) == NOTHING
    assert create(Layers=layers).message == "Cannot reference more than 5 layers."


def test_code_is_250_megabytes_unzipped(monkeypatch):
    assert functions.UNZIPPED_BYTES == 250 * 1024 * 1024
    monkeypatch.setattr(functions, "UNZIPPED_BYTES", 1_000)
    fits, over = archive(1_000), archive(1_001)
    asked = lambda_call("PUT", "functions/extract/code", S3Bucket="lake", S3Key="code.zip")
    told = Told(400, "InvalidParameterValueException", "Unzipped size must be smaller than 1000 bytes")
    assert refused(asked, Held(content=fits)) == NOTHING
    assert refused(asked, Held(content=over)) == told
    assert create(Code={"ZipFile": base64.b64encode(fits).decode()}) == NOTHING
    assert create(Code={"ZipFile": base64.b64encode(over).decode()}) == told


def test_what_is_no_zip_is_left_to_lambda():
    asked = lambda_call("PUT", "functions/extract/code", S3Bucket="lake", S3Key="code.zip")
    assert refused(asked, Held(content=b"no zip")) == refused(asked, Held(content=None)) == NOTHING
    assert create(Code={"ZipFile": "!"}) == NOTHING


def test_an_upload_is_50_megabytes_at_most(monkeypatch):
    assert functions.UPLOAD_BYTES == 69_905_067  # in base64
    monkeypatch.setattr(functions, "UPLOAD_BYTES", 1_000)
    told = create(Code={"ZipFile": "A" * 1_000})
    assert (told.status, told.code) == (413, "RequestEntityTooLargeException")
    assert told.message == "Request must be smaller than 1000 bytes for the CreateFunction operation"


def invoke(size: int, **headers: str) -> Told:
    return refused(
        lambda_call("POST", "functions/extract/invocations", headers, text="x" * (size - len('{"text": ""}')))
    )


def test_a_call_takes_six_megabytes():
    assert invoke(6_291_456) == NOTHING
    assert invoke(6_291_457) == Told(
        413,
        "RequestEntityTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    )


def test_an_event_takes_one_megabyte():
    event = {"X-Amz-Invocation-Type": "Event"}
    assert invoke(1_048_576, **event) == NOTHING
    assert invoke(1_048_577, **event) == Told(
        413,
        "RequestEntityTooLargeException",
        "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    )


def mapping(held: Held, warnings: Warnings | None = None, **settings: object) -> Told:
    asked = lambda_call("POST", "event-source-mappings", EventSourceArn=QUEUE, FunctionName="extract", **settings)
    return refused(asked, held, warnings)


def test_a_message_is_hidden_for_as_long_as_the_function_may_run():
    assert mapping(Held(timeout=60, visibility=60)) == NOTHING
    assert mapping(Held(timeout=60, visibility=30)) == Told(
        400,
        "InvalidParameterValueException",
        "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
    )


def test_what_does_not_exist_is_left_to_lambda():
    assert mapping(Held(timeout=60)) == mapping(Held(visibility=30)) == NOTHING


def test_six_times_as_long_is_advised():
    warnings = Warnings()
    mapping(Held(timeout=10, visibility=60), warnings)
    assert list(warnings) == []
    for _ in range(2):
        mapping(Held(timeout=10, visibility=59), warnings)
    advice = "it hides a message for 59 seconds; six times the time-out of extract are advised, 60 seconds"
    assert list(warnings) == [Warned("queue news", advice)]


def test_a_mapping_that_is_refused_is_not_advised_on():
    warnings = Warnings()
    mapping(Held(timeout=60, visibility=30), warnings)
    assert len(warnings) == 0


def test_a_changed_mapping_is_judged_by_what_it_was():
    held = Held(
        timeout=60, visibility=30, mappings=[{"UUID": MAPPING, "FunctionName": "extract", "EventSourceArn": QUEUE}]
    )
    asked = lambda_call("PUT", f"event-source-mappings/{MAPPING}", Enabled=True)
    assert str(refused(asked, held).message).startswith("Queue visibility timeout: 30 seconds")


def test_a_longer_time_out_is_taken_and_told():
    warnings = Warnings()
    held = Held(visibility=60, mappings=[{"UUID": MAPPING, "FunctionName": "extract", "EventSourceArn": QUEUE}])
    assert refused(lambda_call("PUT", "functions/extract/configuration", Timeout=900), held, warnings) == NOTHING
    assert [warned.resource for warned in warnings] == ["queue news"]


def test_a_large_batch_needs_time_to_gather():
    held = Held(timeout=10, visibility=60)
    assert mapping(held, BatchSize=10) == mapping(held, BatchSize=11, MaximumBatchingWindowInSeconds=1) == NOTHING
    assert str(mapping(held, BatchSize=11).message).startswith("Maximum batch window in seconds must be greater than 0")


@pytest.mark.parametrize(
    "text",
    [
        "extract",
        "extract:live",
        "123456789012:function:extract",
        "arn:aws:lambda:eu-north-1:123456789012:function:extract:2",
    ],
)
def test_a_function_has_many_names(text):
    assert function_name(text) == "extract"
