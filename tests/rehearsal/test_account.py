from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import S3Backend
from moto.sqs.models import Queue

from rehearsal.account import Account, NotRunning
from rehearsal.errors import AccountBusy
from rehearsal.sessions import TrustRefused


def trusting(*services: str, **more: object) -> dict[str, object]:
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def make_role(account: Account, name: str, policy: dict[str, object]) -> str:
    iam = account.client("iam")
    return str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy))["Role"]["Arn"])


def test_it_starts_empty_and_leaves_no_thread_and_no_port_behind():
    threads = set(threading.enumerate())
    for _ in range(2):
        with Account() as account:
            account.client("sqs").create_queue(QueueName="kept-from-before")
            assert len(account.client("sqs").list_queues()["QueueUrls"]) == 1
            port = urlsplit(account.endpoint).port
        assert set(threading.enumerate()) == threads
        with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.1", port))


def test_stopping_ends_a_long_poll(monkeypatch):
    waits, polling, earlier = [], threading.Event(), set(threading.enumerate())
    with Account() as account, ThreadPoolExecutor() as pool:
        wait = Queue.wait_for_messages
        monkeypatch.setattr(Queue, "wait_for_messages", lambda *args: (waits.append(1), polling.set(), wait(*args)))
        sqs = account.client("sqs")
        url = sqs.create_queue(QueueName="empty")["QueueUrl"]
        poll = pool.submit(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)
        polling.wait()
        before = len(waits)
        account.stop()
        assert poll.exception(timeout=5)
        assert len(waits) <= before + 1
        assert not [thread for thread in set(threading.enumerate()) - earlier if "process_request" in thread.name]


def test_stopping_gives_back_the_real_time_and_starting_again_starts_empty():
    account, real = Account(), time.time()
    for _ in range(2):
        account.start()
        role = make_role(account, "again", trusting("lambda.amazonaws.com"))
        account.sessions.client(role, "lambda.amazonaws.com", "sts").get_caller_identity()
        assert account.calls.since()[-1].principal == "again/lambda"
        account.clock.advance(86_400)
        account.stop()
        account.stop()
        assert time.time() - real < 3600


def test_a_region_and_an_account_id_of_ones_own_are_in_every_name():
    with Account(region="us-west-2", account_id="210987654321") as account:
        queue = account.client("sqs").create_queue(QueueName="q")["QueueUrl"]
        role = make_role(account, "r", trusting("lambda.amazonaws.com"))
        credentials = account.sessions.assume(role, "lambda.amazonaws.com", "once")
        who = account.client_for("sts", credentials).get_caller_identity()["Arn"]
    assert queue.endswith("/210987654321/q")
    assert who == "arn:aws:sts::210987654321:assumed-role/r/once"


def test_it_listens_on_loopback_only(account):
    assert urlsplit(account.endpoint).hostname == "127.0.0.1"


def test_a_second_account_in_the_process_is_refused(account):
    with pytest.raises(AccountBusy, match="stop it first"):
        Account().start()
    assert account.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_an_account_that_does_not_run_says_so():
    with pytest.raises(NotRunning, match="start"):
        _ = Account().endpoint


def test_the_shells_own_aws_settings_do_not_matter(account, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert "Buckets" in account.client("s3").list_buckets()


def test_the_deployers_environment_is_complete_and_its_own(account):
    environment = account.deployer_environment()
    assert environment["AWS_ENDPOINT_URL"] == account.endpoint
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-north-1"
    assert environment["AWS_ACCESS_KEY_ID"] != ""
    assert "AWS_SESSION_TOKEN" not in environment


def test_a_role_is_assumed_for_the_service_that_it_trusts(account):
    role = make_role(account, "reader", trusting("lambda.amazonaws.com", "glue.amazonaws.com"))
    credentials = account.sessions.assume(role, "glue.amazonaws.com", "run-1")
    account.client_for("sts", credentials).get_caller_identity()
    assert account.calls.since()[-1].principal == "reader/run-1"
    assert credentials.environment()["AWS_SESSION_TOKEN"] == credentials.session_token != ""


def test_a_role_is_not_assumed_for_another_service(account):
    role = make_role(account, "writer", trusting("lambda.amazonaws.com"))
    with pytest.raises(TrustRefused, match=r"glue\.amazonaws\.com cannot assume .*role/writer: because no"):
        account.sessions.assume(role, "glue.amazonaws.com", "s")
    with pytest.raises(TrustRefused):
        account.sessions.client(role, "glue.amazonaws.com", "s3")


def test_a_role_that_is_not_there_is_not_assumed(account):
    with pytest.raises(TrustRefused, match="there is no such role"):
        account.sessions.assume("arn:aws:iam::123456789012:role/nobody", "lambda.amazonaws.com", "s")


def test_the_client_of_a_role_is_made_once(account):
    role = make_role(account, "poller", trusting("lambda.amazonaws.com"))
    first = account.sessions.client(role, "lambda.amazonaws.com", "sqs")
    assert account.sessions.client(role, "lambda.amazonaws.com", "sqs") is first
    assert account.sessions.client(role, "lambda.amazonaws.com", "s3") is not first


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("glue", "update_job", {"JobName": "j", "JobUpdate": {}}),  # json
        ("lambda", "get_runtime_management_config", {"FunctionName": "f"}),  # rest-json, unknown to moto
        ("s3", "list_bucket_analytics_configurations", {"Bucket": "some-bucket"}),  # xml, mistaken by moto
        ("rds", "describe_account_attributes", {}),  # query
        ("ec2", "describe_fpga_images", {}),  # ec2
        ("cloudwatch", "list_metric_streams", {}),  # cbor
    ],
)
def test_what_moto_does_not_know_is_refused_by_name_and_once(account, service, operation, arguments):
    mark = account.calls.mark()
    with pytest.raises(ClientError) as refused:
        getattr(account.client(service), operation)(**arguments)
    name = "".join(part.capitalize() for part in operation.split("_"))
    assert refused.value.response["Error"]["Code"] == "NotRehearsed"
    assert f"{service}:{name} cannot be rehearsed" in refused.value.response["Error"]["Message"]
    assert [call.status for call in account.calls.since(mark)] == [501]


def test_a_breakdown_of_moto_is_refused_by_name_too(account, monkeypatch):
    from moto.sqs.models import SQSBackend

    monkeypatch.setattr(SQSBackend, "list_queues", lambda *_: 1 // 0)
    with pytest.raises(ClientError, match=r"sqs:ListQueues cannot be rehearsed as asked: .* ZeroDivisionError"):
        account.client("sqs").list_queues()


def test_requests_are_not_written_to_stderr(account, capfd):
    account.client("sqs").list_queues()
    with pytest.raises(Exception, match="403"):
        urlopen(account.endpoint + "/no/such/thing?Action=X", data=b"")
    assert capfd.readouterr().err == ""


def test_writes_that_check_first_are_atomic(account, monkeypatch):
    """Of twenty that put an object only where none is, one wins, though each gives way between check and write."""
    s3 = account.client("s3")
    both, write = threading.Barrier(2), S3Backend.put_object

    def give_way(*args, **named):
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.2)
        return write(*args, **named)

    monkeypatch.setattr(S3Backend, "put_object", give_way)
    s3.create_bucket(Bucket="atomic", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})

    def put(body: bytes) -> int:
        try:
            answer = s3.put_object(Bucket="atomic", Key="k", Body=body, IfNoneMatch="*")
        except ClientError as error:
            answer = error.response
        return int(answer["ResponseMetadata"]["HTTPStatusCode"])

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(put, [bytes([n]) for n in range(20)]))
    assert sorted(statuses) == [200] + [412] * 19


def test_a_connection_carries_many_calls(account):
    with socket.create_connection(("127.0.0.1", int(account.endpoint.split(":")[-1]))) as one:
        answers = one.makefile("rb")
        for length, framing in (
            (5, b"Content-Length: 5\r\n\r\nhello"),
            (3, b"Transfer-Encoding: chunked\r\n\r\n3\r\nbye\r\n0\r\n\r\n"),
        ):
            one.sendall(b"PUT /nowhere/key HTTP/1.1\r\nHost: s3\r\n" + framing)  # refused: its body is left unread
            status = answers.readline()
            headers = dict(line.decode().strip().split(": ", 1) for line in iter(answers.readline, b"\r\n"))
            assert status.startswith(b"HTTP/1.1 403 ") and b"</Error>" in answers.read(int(headers["Content-Length"]))
            assert "Connection" not in headers and account.calls.since()[-1].request_bytes == length
        one.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b"\r\nConnection: close\r\n" in answers.read(), "one who wants no more is let go"
