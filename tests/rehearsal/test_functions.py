"""Functions run from their zip, in a process that has nothing of ours."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.functions import Functions
from rehearsal.hooks import InvokeRefused, InvokeRequest, InvokeResult

LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
Deploy = Callable[..., str]


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as started:
        yield started


@pytest.fixture
def functions(account: Account) -> Iterator[Functions]:
    made = Functions(account)
    yield made
    made.stop()


def zipped(source: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", source)
    return file.getvalue()


@pytest.fixture
def deploy(account: Account) -> Deploy:
    def make(source: str, name: str = "f", trusted: str = "lambda.amazonaws.com", **settings: Any) -> str:
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}]}
        role = account.client("iam").create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument=json.dumps(trust))
        may = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        account.client("iam").put_role_policy(
            RoleName=f"{name}-role", PolicyName="may",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]}),
        )  # fmt: skip
        account.client("lambda").create_function(
            FunctionName=name, Runtime="python3.13", Handler="app.handler", Role=role["Role"]["Arn"],
            Code={"ZipFile": zipped(source)}, **settings,
        )  # fmt: skip
        return name

    return make


def call(functions: Functions, name: str = "f", event: Any = None) -> InvokeResult:
    return functions.invoke(InvokeRequest(name, None, json.dumps(event).encode()))


def answer(functions: Functions, name: str = "f", event: Any = None) -> Any:
    result = call(functions, name, event)
    assert result.function_error is None, result.payload
    return json.loads(result.payload)


def log_of(account: Account, name: str = "f") -> list[str]:
    logs = account.client("logs")
    streams = logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
    lines = []
    for stream in streams:
        told = logs.get_log_events(
            logGroupName=f"/aws/lambda/{name}", logStreamName=stream["logStreamName"], startFromHead=True
        )
        lines += [event["message"] for event in told["events"]]
    return lines


def test_a_function_gets_its_event_and_answers(functions, deploy):
    deploy("def handler(event, context): return {'got': event, 'name': context.function_name}")
    assert answer(functions, event={"å": [1, None]}) == {"got": {"å": [1, None]}, "name": "f"}


def test_a_process_is_kept_warm_and_concurrent_calls_get_their_own(functions, deploy):
    from concurrent.futures import ThreadPoolExecutor

    deploy("import os, time\ndef handler(event, context):\n    time.sleep(event)\n    return os.getpid()")
    first, second = answer(functions, event=0), answer(functions, event=0)
    assert first == second
    with ThreadPoolExecutor(2) as pool:
        at_once = set(pool.map(lambda _: answer(functions, event=0.5), range(2)))
    assert len(at_once) == 2
    assert sorted(ran.is_cold for ran in functions.invocations) == [False, False, True, True]


def test_only_the_standard_library_boto3_and_the_zip_can_be_imported(functions, deploy):
    deploy(
        "import importlib\n"
        "def found(name):\n"
        "    try: importlib.import_module(name)\n"
        "    except ImportError: return False\n"
        "    return True\n"
        "def handler(event, context): return [name for name in event if found(name)]"
    )
    wanted = ["json", "boto3", "botocore", "urllib3", "app"]
    unwanted = ["requests", "pulumi", "moto", "rehearsal", "sources", "lambdas", "pytest", "time_machine", "yaml"]
    assert answer(functions, event=wanted + unwanted) == wanted


def test_what_is_missing_from_the_zip_is_lambdas_import_error(functions, deploy):
    deploy("import requests\ndef handler(event, context): return 1")
    result = call(functions)
    assert result.function_error == "Unhandled"
    told = json.loads(result.payload)
    assert told["errorType"] == "Runtime.ImportModuleError"
    assert told["errorMessage"] == "Unable to import module 'app': No module named 'requests'"


def test_nothing_of_the_callers_environment_gets_in(account, functions, deploy, monkeypatch):
    monkeypatch.setenv("PLANTED", "x")
    monkeypatch.setenv("PYTHONPATH", "/tmp")
    deploy(
        "import os\ndef handler(event, context): return dict(os.environ)", Environment={"Variables": {"COLOUR": "red"}}
    )
    seen = answer(functions)
    assert "PLANTED" not in seen and "HOME" not in seen
    assert seen["COLOUR"] == "red"
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "eu-north-1"
    assert (seen["AWS_LAMBDA_FUNCTION_NAME"], seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]) == ("f", "128")
    assert (seen["_HANDLER"], seen["TZ"], seen["AWS_ENDPOINT_URL"]) == ("app.handler", ":UTC", account.endpoint)
    assert seen["AWS_LAMBDA_LOG_GROUP_NAME"] == "/aws/lambda/f"
    assert seen["PYTHONPATH"] != "/tmp"


def test_garbage_is_collected_as_usual_or_as_it_says(functions, deploy):
    deploy("import gc\ndef handler(event, context): return [gc.isenabled(), *gc.get_threshold()]")
    look = "import gc; print([gc.isenabled(), *gc.get_threshold()])"
    usual = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert str(answer(functions)) == usual.strip()
    deploy("import gc\ngc.set_threshold(5)\ndef handler(event, context): return gc.get_threshold()[0]", "own")
    assert answer(functions, "own") == 5


def test_it_runs_under_its_role(functions, deploy):
    deploy("import boto3\ndef handler(event, context): return boto3.client('sts').get_caller_identity()['Arn']")
    assert answer(functions) == "arn:aws:sts::123456789012:assumed-role/f-role/f_"


def test_an_error_has_lambdas_shape(functions, deploy):
    deploy("def handler(event, context):\n    raise ValueError('bad å')")
    result = call(functions)
    told = json.loads(result.payload)
    assert result.function_error == "Unhandled"
    assert (told["errorType"], told["errorMessage"]) == ("ValueError", "bad å")
    assert told["requestId"] == functions.invocations[0].request_id
    assert [line.split("\n")[1].strip() for line in told["stackTrace"]] == ["raise ValueError('bad å')"]


def test_a_function_that_takes_too_long_is_killed_and_the_next_call_gets_a_new_process(functions, deploy):
    deploy(
        "import os, time\ndef handler(event, context):\n    time.sleep(60 if event else 0)\n    return os.getpid()",
        Timeout=1,
    )
    before = answer(functions)
    result = call(functions, event=True)
    request = functions.invocations[1].request_id
    assert json.loads(result.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {request} Error: Task timed out after 1.00 seconds",
    }
    assert not is_running(before)
    assert answer(functions) != before


def test_a_function_over_its_memory_is_killed(functions, deploy):
    deploy("import time\ndef handler(event, context):\n    held = bytearray(300 << 20)\n    time.sleep(30)", Timeout=20)
    result = call(functions)
    assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"
    assert json.loads(result.payload)["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert functions.invocations[0].max_memory_mb == 128


def test_a_process_that_exits_is_an_exit_error(functions, deploy):
    deploy("import os\ndef handler(event, context): os._exit(3)")
    result = call(functions)
    request = functions.invocations[0].request_id
    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request} Error: Runtime exited with error: exit status 3",
    }


def test_an_answer_over_six_megabytes_is_refused(functions, deploy):
    deploy("def handler(event, context): return 'x' * event", MemorySize=512)
    assert len(answer(functions, event=6 * 1024 * 1024)) == 6 * 1024 * 1024
    result = call(functions, event=6 * 1024 * 1024 + 200)
    assert json.loads(result.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert answer(functions, event=1) == "x"


def test_an_import_that_never_ends_is_timed_out(functions, deploy, monkeypatch):
    monkeypatch.setattr("rehearsal.runtime.process.INIT_SECONDS", 1)
    deploy("import time\ntime.sleep(60)\ndef handler(event, context): return 1", Timeout=1)
    assert json.loads(call(functions).payload)["errorType"] == "Sandbox.Timedout"


def test_the_log_has_lambdas_lines_around_the_functions_own(account, functions, deploy):
    deploy("import logging\ndef handler(event, context):\n    print('one')\n    logging.getLogger().warning('two')")
    call(functions)
    ran = functions.invocations[0]
    start, one, two, end, report = log_of(account)
    assert start == f"START RequestId: {ran.request_id} Version: $LATEST"
    assert one == "one"
    assert two.startswith("[WARNING]") and two.endswith(f"{ran.request_id}\ttwo")
    assert end == f"END RequestId: {ran.request_id}"
    assert (
        f"Billed Duration: {ran.billed_ms} ms\tMemory Size: 128 MB\tMax Memory Used: {ran.max_memory_mb} MB" in report
    )
    assert "Init Duration" in report
    writers = {(c.principal, c.operation) for c in account.calls.since(service="logs") if c.principal != "rehearsal"}
    assert writers == {
        ("f-role/lambda", name) for name in ("CreateLogStream", "CreateLogGroup", "PutLogEvents")
    }  # the group was missing


def test_a_function_that_may_not_log_still_answers(account, functions, deploy):
    from rehearsal.calls import Decision

    deploy("def handler(event, context): return 1")
    account.calls.decide = lambda call: Decision("denied" if call.service == "logs" else "allowed", "no")
    assert answer(functions) == 1
    assert functions.unlogged[0][0] == "f"
    assert "AccessDenied" in functions.unlogged[0][1]


@pytest.mark.parametrize("with_aws_client", [True, False])
def test_the_process_has_the_clock_of_the_rehearsal(account, deploy, with_aws_client):
    functions = Functions(account, with_aws_client=with_aws_client)
    deploy(
        "import time\ndef handler(event, context): return [time.time(), context.get_remaining_time_in_millis()]",
        Timeout=60,
    )
    try:
        for step in (0, 86_400, 3_600, 40_000_000):
            account.clock.advance(step)
            told, remaining = answer(functions)
            assert abs(told - account.clock.now()) < 5
            assert 50_000 < remaining <= 60_000
    finally:
        functions.stop()


def test_credentials_are_renewed_before_they_end(account, functions, deploy):
    deploy("import os\ndef handler(event, context): return os.environ['AWS_SESSION_TOKEN']")
    first = answer(functions)
    account.clock.advance(1800)
    assert answer(functions) == first
    account.clock.advance(1800)
    assert answer(functions) != first


def test_new_code_takes_effect_at_once(account, functions, deploy):
    deploy("def handler(event, context): return 1")
    assert answer(functions) == 1
    account.client("lambda").update_function_code(
        FunctionName="f", ZipFile=zipped("def handler(event, context): return 2")
    )
    assert answer(functions) == 2


def test_reserved_concurrency_refuses_what_is_too_much(account, functions, deploy):
    deploy("def handler(event, context): return 1")
    account.client("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(InvokeRefused, match="Rate Exceeded"):
        call(functions)


def test_our_own_loop_speaks_the_same_protocol(account, deploy):
    functions = Functions(account, with_aws_client=False)
    deploy("def handler(event, context):\n    return {'id': context.aws_request_id, 'o': 1 // event}")
    deploy("import nothing_of_the_kind", name="broken")
    try:
        assert answer(functions, event=1) == {"id": functions.invocations[0].request_id, "o": 1}
        told = json.loads(call(functions, event=0).payload)
        assert (told["errorType"], told["requestId"]) == ("ZeroDivisionError", functions.invocations[1].request_id)
        assert [line.split("\n")[1].strip() for line in told["stackTrace"]] == [
            "return {'id': context.aws_request_id, 'o': 1 // event}"
        ]
        assert json.loads(call(functions, "broken").payload)["errorType"] == "Runtime.ImportModuleError"
    finally:
        functions.stop()


def test_stop_ends_every_process_and_what_they_started(functions, deploy):
    deploy(
        "import os, subprocess\n"
        "def handler(event, context): return [os.getpid(), subprocess.Popen(['sleep', '600']).pid]"
    )
    pids = answer(functions)
    functions.stop()
    assert not [pid for pid in pids if is_running(pid)]


def test_a_process_ends_with_its_parent(tmp_path, deploy):
    """Its standard input closes when the parent is gone, however that came about."""
    import subprocess
    import sys

    from rehearsal.runtime import bootstrap

    program = f"import runpy, time; runpy.run_path({bootstrap.__file__!r})['die_with_parent'](); time.sleep(600)"
    lonely = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        assert lonely.poll() is None and lonely.stdin
        lonely.stdin.close()
        assert lonely.wait(timeout=20) == -9
    finally:
        lonely.kill()


def is_running(pid: int) -> bool:
    """A killed child of a killed process is a zombie until init takes it."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except OSError:
            return False
    return True
