from __future__ import annotations

import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.answers import denied, error_answer
from rehearsal.calls import NOT_DECIDED, Call, CallRecord, Decision
from rehearsal.gate import Gate
from rehearsal.sessions import Credentials

REGION = {"LocationConstraint": "eu-north-1"}


@pytest.fixture
def bucket(account, unique):
    name = unique("calls")
    account.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=REGION)
    return name


def last(account) -> Call:
    return account.calls.since()[-1]


def summary(call: Call) -> tuple[str, str, str, int]:
    return call.service, call.operation, call.resource, call.status


def test_operations_of_s3_are_told_apart_by_method_path_query_and_headers(account, bucket):
    s3 = account.client("s3")
    mark = account.calls.mark()
    s3.put_object(Bucket=bucket, Key="a/b c", Body=b"12345")
    s3.put_object_tagging(Bucket=bucket, Key="a/b c", Tagging={"TagSet": [{"Key": "t", "Value": "v"}]})
    s3.copy_object(Bucket=bucket, Key="d", CopySource={"Bucket": bucket, "Key": "a/b c"})
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="m", UploadId=upload, PartNumber=1, Body=b"z")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": part}]}
    s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload=parts)
    s3.list_objects(Bucket=bucket)
    s3.list_objects_v2(Bucket=bucket)
    s3.get_bucket_location(Bucket=bucket)
    s3.head_object(Bucket=bucket, Key="d")
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "d"}]})
    s3.list_buckets()
    assert [(call.operation, call.resource.removeprefix(bucket)) for call in account.calls.since(mark)] == [
        ("PutObject", "/a/b c"),
        ("PutObjectTagging", "/a/b c"),
        ("CopyObject", "/d"),
        ("CreateMultipartUpload", "/m"),
        ("UploadPart", "/m"),
        ("CompleteMultipartUpload", "/m"),
        ("ListObjects", ""),
        ("ListObjectsV2", ""),
        ("GetBucketLocation", ""),
        ("HeadObject", "/d"),
        ("DeleteObjects", ""),
        ("ListBuckets", ""),
    ]


def test_each_protocol_tells_its_operation_and_its_resource(account):
    queue = account.client("sqs").create_queue(QueueName="told")["QueueUrl"]
    asked = [
        ("sqs", "send_message", {"QueueUrl": queue, "MessageBody": "x"}, ("SendMessage", "told", 200)),
        ("dynamodb", "describe_table", {"TableName": "t"}, ("DescribeTable", "t", 400)),
        (
            "dynamodb",
            "transact_write_items",
            {"TransactItems": [{"Put": {"TableName": name, "Item": {"k": {"S": "1"}}}} for name in ("b", "a", "b")]},
            ("TransactWriteItems", "a,b", 400),
        ),
        ("glue", "get_table", {"DatabaseName": "d", "Name": "t"}, ("GetTable", "d/t", 400)),
        (
            "glue",
            "update_table",
            {"DatabaseName": "d", "TableInput": {"Name": "t"}},
            ("UpdateTable", "d/t", 400),
        ),
        ("glue", "get_job", {"JobName": "j"}, ("GetJob", "j", 400)),
        ("lambda", "get_function", {"FunctionName": "f"}, ("GetFunction", "f", 404)),
        ("scheduler", "get_schedule", {"GroupName": "g", "Name": "s"}, ("GetSchedule", "g/s", 404)),
        ("iam", "get_role", {"RoleName": "r"}, ("GetRole", "r", 404)),
        ("secretsmanager", "get_secret_value", {"SecretId": "s"}, ("GetSecretValue", "s", 404)),
        ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": []}, ("PutMetricData", "", 200)),
    ]
    for service, operation, arguments, told in asked:
        try:
            getattr(account.client(service), operation)(**arguments)
        except ClientError as error:
            assert error.response["Error"]["Code"] != "NotRehearsed", error
        assert summary(last(account)) == (service, *told)


def test_bytes_are_counted_in_both_directions(account, bucket):
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 1000)
    assert (last(account).request_bytes, last(account).response_bytes) == (1000, 0)
    s3.get_object(Bucket=bucket, Key="k")["Body"].read()
    assert (last(account).request_bytes, last(account).response_bytes) == (0, 1000)
    s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-9")["Body"].read()
    assert (last(account).status, last(account).response_bytes) == (206, 10)
    s3.head_object(Bucket=bucket, Key="k")
    assert last(account).response_bytes == 0


def test_bodies_in_chunks_arrive_whole(account, bucket):
    """A file object with a trailing checksum goes out as aws-chunked; a generator as HTTP chunks."""
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket, Key="aws", Body=b"y" * 70_000, ChecksumAlgorithm="CRC32")
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "http"})
    chunked = {"Transfer-Encoding": "chunked", "Content-Type": "application/octet-stream"}
    urlopen(Request(url, data=iter([b"ab", b"cd"]), method="PUT", headers=chunked))
    assert summary(last(account)) == ("s3", "PutObject", f"{bucket}/http", 200)
    assert last(account).request_bytes == 4
    assert s3.get_object(Bucket=bucket, Key="http")["Body"].read() == b"abcd"
    assert len(s3.get_object(Bucket=bucket, Key="aws")["Body"].read()) == 70_000


def test_principals_are_named_even_where_they_are_denied(account, bucket):
    iam = account.client("iam")
    iam.create_user(UserName="ana")
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}), Path="/etl/")
    role = iam.get_role(RoleName="job")["Role"]["Arn"]
    url = account.client("s3").generate_presigned_url("list_objects_v2", Params={"Bucket": bucket})
    environment = account.deployer_environment()
    keys = {
        "deployer": (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]),
        "ana": (key["AccessKeyId"], key["SecretAccessKey"]),
        "unknown": ("AKIAIOSFODNN7EXAMPLE", "x"),
    }
    for name, (access_key, secret) in keys.items():
        s3 = account.client_for("s3", Credentials(access_key, secret, "", account.region, account.endpoint))
        with suppress(ClientError):
            s3.list_objects_v2(Bucket=bucket)
        assert last(account).principal == name
    with suppress(ClientError):
        account.sessions.client(role, "glue.amazonaws.com", "s3").list_objects_v2(Bucket=bucket)
    assert last(account).principal == "job/glue"
    urlopen(url)
    assert (last(account).principal, last(account).operation) == ("rehearsal", "ListObjectsV2")
    unsigned = boto3.client("s3", endpoint_url=account.endpoint, config=Config(signature_version=UNSIGNED))
    with suppress(ClientError):
        unsigned.list_objects_v2(Bucket=bucket)
    assert last(account).principal == "anonymous"


def test_the_record_is_filtered_and_counted():
    record = CallRecord()
    for principal, operation in (("a", "Put"), ("b", "Put"), ("a", "Get")):
        record.append(Call(principal, "s3", operation, "x", 200, 0, 0, NOT_DECIDED, 0.0))
    assert [call.operation for call in record.since(principal="a")] == ["Put", "Get"]
    assert [call.operation for call in record.since(2)] == ["Get"]
    assert record.counts() == {"s3:Put": 2, "s3:Get": 1}
    assert record.mark() == len(list(record)) == 3


def test_calls_of_many_threads_are_all_on_record(account):
    sts = account.client("sts")
    mark = account.calls.mark()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sts.get_caller_identity(), range(40)))
    assert account.calls.counts(mark) == {"sts:GetCallerIdentity": 40}


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("dynamodb", "list_tables", {}, "AccessDeniedException"),
        ("lambda", "list_functions", {}, "AccessDeniedException"),
        ("s3", "list_objects_v2", {"Bucket": "secret-bucket"}, "AccessDenied"),
        ("sqs", "list_queues", {}, "AccessDenied"),
        ("sns", "list_topics", {}, "AuthorizationError"),
        ("scheduler", "list_schedules", {}, "AccessDeniedException"),
        ("iam", "list_roles", {}, "AccessDenied"),
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation"),
        ("cloudwatch", "list_metrics", {}, "AccessDenied"),
    ],
)
def test_a_denied_call_is_answered_in_its_protocol_and_not_carried_out(
    account, monkeypatch, service, operation, arguments, code
):
    reason = "no policy allows it & <so> on"
    monkeypatch.setattr(account.calls, "decide", lambda asked: Decision("denied", reason))
    with pytest.raises(ClientError) as refused:
        getattr(account.client(service), operation)(**arguments)
    assert (refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]) == (code, reason)
    assert last(account).decision == Decision("denied", reason)


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("dynamodb", "list_tables", "UnrecognizedClientException", 400),
        ("lambda", "list_functions", "UnrecognizedClientException", 403),
        ("s3", "list_buckets", "InvalidAccessKeyId", 403),
        ("iam", "list_roles", "InvalidClientTokenId", 403),
        ("sqs", "list_queues", "InvalidClientTokenId", 403),
        ("cloudwatch", "list_metrics", "InvalidClientTokenId", 403),
    ],
)
def test_a_key_that_nobody_has_is_refused_in_the_words_of_the_service(account, service, operation, code, status):
    foreign = Credentials("AKIAIOSFODNN7EXAMPLE", "x", "", account.region, account.endpoint)
    with pytest.raises(ClientError) as refused:
        getattr(account.client_for(service, foreign), operation)()
    told = refused.value.response
    assert (told["Error"]["Code"], told["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)


def test_an_answer_to_head_says_no_more_than_that_it_is_forbidden(account, monkeypatch):
    monkeypatch.setattr(account.calls, "decide", lambda asked: Decision("denied", "no"))
    with pytest.raises(ClientError) as refused:
        account.client("s3").head_object(Bucket="secret-bucket", Key="k")
    assert refused.value.response["Error"] == {"Code": "403", "Message": "Forbidden"}


def test_a_decision_that_breaks_down_is_a_denial(account, monkeypatch):
    monkeypatch.setattr(account.calls, "decide", lambda asked: 1 // 0)
    with pytest.raises(ClientError, match=r"AccessDenied.*dynamodb:ListTables could not be decided: ZeroDivisionError"):
        account.client("dynamodb").list_tables()


def test_a_check_of_settings_that_breaks_down_is_a_refusal(account, monkeypatch):
    monkeypatch.setattr(account.gate, "settings_refusal", lambda asked: 1 // 0)
    with pytest.raises(ClientError, match=r"NotRehearsed.*dynamodb:ListTables .*ZeroDivisionError"):
        account.client("dynamodb").list_tables()


def test_an_event_for_a_function_is_no_parameter(account, monkeypatch):
    seen = []
    monkeypatch.setattr(account.calls, "decide", lambda asked: seen.append(asked) or NOT_DECIDED)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        account.client("lambda").invoke(FunctionName="f", Payload=b'{"FunctionName": "other", "x": 1}')
    assert dict(seen[0].parameters) == {"FunctionName": "f"}


def test_what_decides_sees_who_asks_for_what(account, monkeypatch):
    seen = []
    monkeypatch.setattr(account.calls, "decide", lambda asked: seen.append(asked) or NOT_DECIDED)
    account.client("dynamodb").list_tables(Limit=3)
    account.client("lambda").list_functions(MaxItems=7)
    assert [(a.principal, a.service, a.operation) for a in seen] == [
        ("rehearsal", "dynamodb", "ListTables"),
        ("rehearsal", "lambda", "ListFunctions"),
    ]
    assert seen[0].parameters["Limit"] == 3
    assert seen[1].parameters["MaxItems"] == "7"


@pytest.mark.parametrize(("service", "together"), [("dynamodb", False), ("sqs", False), ("lambda", True)])
def test_checking_services_carry_out_one_call_at_a_time_and_functions_many(service, together):
    both = threading.Barrier(2)

    def application(environ, start_response):
        met = True
        try:
            both.wait(timeout=5 if together else 0.2)
        except threading.BrokenBarrierError:
            met = False
        start_response("200 OK", [])
        return [str(met).encode()]

    gate = Gate(application, "123456789012", CallRecord(), str)

    def call() -> bytes:
        signed = f"AWS4-HMAC-SHA256 Credential=K/20261121/eu-north-1/{service}/aws4_request, Signature=s"
        environ = {"REQUEST_METHOD": "POST", "HTTP_AUTHORIZATION": signed, "HTTP_X_AMZ_TARGET": "T.Operation"}
        return b"".join(gate({**environ, "wsgi.input": io.BytesIO()}, lambda *_: None))

    with ThreadPoolExecutor() as pool:
        answers = [pool.submit(call) for _ in range(2)]
        assert [answer.result() for answer in answers] == [str(together).encode()] * 2


def test_error_forms_declare_their_length():
    for protocol in ("json", "rest-json", "xml", "query", "ec2", "cbor"):
        answer = error_answer(protocol, 501, "Not Implemented", "NotRehearsed", "å")
        assert answer.header("content-length") == str(len(answer.body))
        assert denied(protocol, "no").code in (400, 403)


def test_services_that_once_spoke_the_query_protocol_name_the_error_in_a_header():
    assert denied("json", "no", "sqs").header("x-amzn-query-error") == "AccessDenied;Sender"
    assert denied("json", "no", "dynamodb").header("x-amzn-query-error") == ""
