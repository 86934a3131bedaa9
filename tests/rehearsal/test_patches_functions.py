from __future__ import annotations

import base64
import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

from rehearsal.hooks import InvokeRefused, InvokeRequest, InvokeResult

OTHER = "arn:aws:sqs:eu-north-1:123456789012:other"


def package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    return buffer.getvalue()


@pytest.fixture
def client(account):
    return account.client("lambda")


@pytest.fixture
def function(client, function_role, unique):
    name = unique("function")
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=function_role,
        Handler="app.handler",
        Code={"ZipFile": package()},
        Timeout=7,
        MemorySize=256,
        Environment={"Variables": {"AB": "1"}},
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:eu-north-1:123456789012:dead"},
        LoggingConfig={"LogGroup": "/own/group"},
    )
    return name


@pytest.fixture
def answers(account, monkeypatch):
    """Sets what the hook answers; gives the requests that it heard."""
    heard: list[InvokeRequest] = []

    def answer(result: InvokeResult | Exception) -> list[InvokeRequest]:
        def invoke(request: InvokeRequest) -> InvokeResult:
            heard.append(request)
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(account.hooks, "invoke", invoke)
        return heard

    return answer


def test_an_invocation_goes_to_the_hook_and_comes_back(client, function, answers):
    heard = answers(InvokeResult(200, b'{"answer": 1}', log_tail=b"REPORT"))
    answer = client.invoke(FunctionName=function, Payload=b'{"q": 1}', LogType="Tail")
    assert heard == [InvokeRequest(function, None, b'{"q": 1}', "RequestResponse")]
    assert (answer["StatusCode"], answer["Payload"].read()) == (200, b'{"answer": 1}')
    assert answer["ExecutedVersion"] == "$LATEST"
    assert base64.b64decode(answer["LogResult"]) == b"REPORT"
    assert "FunctionError" not in answer


def test_a_function_that_fails_is_told_in_lambdas_way(client, function, answers):
    answers(InvokeResult(200, b'{"errorType": "KeyError"}', function_error="Unhandled"))
    answer = client.invoke(FunctionName=function)
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert json.load(answer["Payload"]) == {"errorType": "KeyError"}
    assert "LogResult" not in answer


def test_an_event_is_accepted_without_an_answer(client, function, answers):
    heard = answers(InvokeResult(200, b"ignored"))
    answer = client.invoke(FunctionName=function, InvocationType="Event", Payload=b"[1]")
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    assert heard == [InvokeRequest(function, None, b"[1]", "Event")]


def test_a_dry_run_runs_nothing(client, function, answers):
    heard = answers(InvokeResult(200, b""))
    assert client.invoke(FunctionName=function, InvocationType="DryRun")["StatusCode"] == 204
    assert heard == []


def test_a_function_is_found_by_its_arn_too(client, function, answers):
    heard = answers(InvokeResult(200, b"null"))
    client.invoke(FunctionName=f"arn:aws:lambda:eu-north-1:123456789012:function:{function}")
    assert heard == [InvokeRequest(function, None, b"{}")]


def test_what_lambda_itself_refuses_is_an_error_of_its_own(client, function, answers):
    answers(InvokeRefused("TooManyRequestsException", "Rate Exceeded."))
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.invoke(FunctionName=function)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="nobody")
    with pytest.raises(client.exceptions.InvalidRequestContentException):
        client.invoke(FunctionName=function, Payload=b"{")


def test_without_a_part_that_runs_functions_an_invocation_is_refused_by_name(client, function):
    with pytest.raises(ClientError, match=f"function {function} was invoked, but nothing runs functions here"):
        client.invoke(FunctionName=function)


def test_other_services_invoke_as_events(account, client, function, answers, unique):
    heard = answers(InvokeResult(200, b""))
    s3, bucket = account.client("s3"), unique("invoking")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    arn = f"arn:aws:lambda:eu-north-1:123456789012:function:{function}"
    told = [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]
    client.add_permission(
        FunctionName=function, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{bucket}", SourceAccount="123456789012",
    )  # fmt: skip
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": told}
    )
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert [(request.function_name, request.invocation_type) for request in heard] == [(function, "Event")]
    assert json.loads(heard[0].payload)["Records"][0]["s3"]["object"]["key"] == "k"


def test_code_and_configuration_are_reachable_in_process(account, client, function, function_role):
    assert account.function_code(function) == package()
    told = account.function_configuration(function)
    assert {name: told[name] for name in ("Handler", "Runtime", "Timeout", "MemorySize", "Role")} == {
        "Handler": "app.handler",
        "Runtime": "python3.13",
        "Timeout": 7,
        "MemorySize": 256,
        "Role": function_role,
    }
    assert told["Environment"] == {"Variables": {"AB": "1"}}
    assert told["DeadLetterConfig"]["TargetArn"].endswith(":dead")
    assert "EventInvokeConfig" not in told


def test_code_from_a_bucket_is_reachable_too(account, client, function_role, unique):
    s3, bucket, name = account.client("s3"), unique("code"), unique("function")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    s3.put_object(Bucket=bucket, Key="f.zip", Body=package())
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=function_role,
        Handler="h.h",
        Code={"S3Bucket": bucket, "S3Key": "f.zip"},
    )
    assert account.function_code(name) == package()


def test_settings_are_kept_and_changed(client, function):
    told = client.get_function_configuration(FunctionName=function)
    assert told["DeadLetterConfig"]["TargetArn"].endswith(":dead")
    assert told["LoggingConfig"]["LogGroup"] == "/own/group"
    client.update_function_configuration(
        FunctionName=function, DeadLetterConfig={"TargetArn": OTHER}, EphemeralStorage={"Size": 1024}
    )
    told = client.get_function_configuration(FunctionName=function)
    assert told["DeadLetterConfig"] == {"TargetArn": OTHER}
    assert told["LoggingConfig"]["LogGroup"] == "/own/group"
    assert told["EphemeralStorage"] == {"Size": 1024}


def test_the_last_settings_for_asynchronous_invocations_count(account, client, function):
    for attempts in (2, 0):
        client.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=attempts)
    assert client.get_function_event_invoke_config(FunctionName=function)["MaximumRetryAttempts"] == 0
    assert account.function_configuration(function)["EventInvokeConfig"]["MaximumRetryAttempts"] == 0
