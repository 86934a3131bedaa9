"""What is wrong is said in the words of AWS."""

from __future__ import annotations

import base64

from tests.rehearsal.strict.asking import Told, http, json_call, lambda_call, refused

COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://lake/curate.py"}


def said(service: str, operation: str, **members: object) -> str:
    """The message, without how many errors there are."""
    return str(refused(json_call(service, operation, **members)).message).partition(": ")[2]


def test_a_kind_of_worker_that_does_not_exist():
    told = refused(json_call("glue", "CreateJob", Name="curate", Role="r", Command=COMMAND, WorkerType="G.3X"))
    assert (told.status, told.code) == (400, "ValidationException")
    assert str(told.message).startswith(
        "1 validation error detected: Value 'G.3X' at 'workerType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Standard, G.1X, "
    )


def test_a_rule_with_a_name_of_65_characters():
    assert refused(json_call("events", "PutRule", Name="r" * 65, ScheduleExpression="rate(1 day)")) == Told(
        400,
        "ValidationException",
        f"1 validation error detected: Value '{'r' * 65}' at 'name' failed to satisfy constraint: "
        "Member must have length less than or equal to 64",
    )


def test_logs_cannot_be_kept_for_13_days():
    assert refused(json_call("logs", "PutRetentionPolicy", logGroupName="g", retentionInDays=13)) == Told(
        400,
        "InvalidParameterException",
        "1 validation error detected: Value '13' at 'retentionInDays' failed to satisfy constraint: Member must "
        "satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, "
        "2557, 2922, 3288, 3653]",
    )


def test_what_is_missing():
    assert said("glue", "GetJob") == "Value null at 'jobName' failed to satisfy constraint: Member must not be null"


def test_several_errors_are_told_together():
    told = refused(json_call("logs", "CreateLogStream", logGroupName="a b", logStreamName=""))
    first, second = str(told.message).split("; ")
    assert first.startswith("2 validation errors detected: Value 'a b' at 'logGroupName'")
    assert second == (
        "Value '' at 'logStreamName' failed to satisfy constraint: Member must have length greater than or equal to 1"
    )


def test_a_member_deep_inside():
    schema = [{"AttributeName": "k", "KeyType": "FIRST"}]
    types = [{"AttributeName": "k", "AttributeType": "S"}]
    assert said("dynamodb", "CreateTable", TableName="runs", KeySchema=schema, AttributeDefinitions=types).startswith(
        "Value 'FIRST' at 'keySchema.1.member.keyType' failed to satisfy constraint: "
    )


def test_what_each_in_a_list_must_be_is_said_of_the_list():
    told = said("kms", "CreateGrant", KeyId="k", Operations=["Peek"], GranteePrincipal="p")
    assert told.startswith(
        "Value '[Peek]' at 'operations' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: [Decrypt, "
    )


def test_what_each_in_a_map_must_be_is_said_of_the_map():
    keys = [{"DeleteRequest": {"Key": {"k": {"S": str(number)}}}} for number in range(26)]
    told = said("dynamodb", "BatchWriteItem", RequestItems={"runs": keys})
    assert told.startswith("Value '{runs=[{DeleteRequest={Key={k={S=0}}}}, ")
    assert told.endswith(
        "}]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have "
        "length less than or equal to 25, Member must have length greater than or equal to 1]"
    )


def test_more_than_a_service_takes_at_once():
    entries = [{"Source": "a", "DetailType": "b", "Detail": "{}"}] * 11
    assert said("events", "PutEvents", Entries=entries).endswith("Member must have length less than or equal to 10")
    put = {"Put": {"TableName": "runs", "Item": {"k": {"S": "a"}}}}
    assert said("dynamodb", "TransactWriteItems", TransactItems=[put] * 101).endswith("less than or equal to 100")


def test_a_secret_is_not_repeated():
    told = said("secretsmanager", "CreateSecret", Name="key", SecretString="s" * 65_537)
    assert told == (
        "Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536"
    )


def test_nor_is_what_holds_one():
    told = refused(lambda_call("PUT", "functions/f/configuration", Environment={"Variables": {"1": "hush"}}))
    assert "Value at 'environment.variables' failed" in str(told.message)
    assert "hush" not in str(told.message)


def test_a_query_of_athena_is_refused_in_athenas_way():
    told = refused(json_call("athena", "StartQueryExecution", QueryString="q" * 262_145))
    assert told.code == "InvalidRequestException"
    assert str(told.message).endswith("Member must have length less than or equal to 262144")
    assert len(str(told.message)) < 2_000


def test_a_blob_is_measured_in_its_own_bytes():
    plain = base64.b64encode(b"x" * 4096).decode()
    assert refused(json_call("kms", "Encrypt", KeyId="k", Plaintext=plain)).status is None
    over = base64.b64encode(b"x" * 4097).decode()
    assert said("kms", "Encrypt", KeyId="k", Plaintext=over).endswith("less than or equal to 4096")


def test_a_message_has_attributes_that_the_model_does_not_name():
    told = refused(json_call("sqs", "ReceiveMessage", QueueUrl="u", AttributeNames=["SentTimestamp"]))
    assert told.status is None


def test_s3_takes_the_mode_of_a_checksum_in_small_letters():
    asked = http("s3", "GET", "/lake/key", headers={"x-amz-checksum-mode": "enabled"})
    assert refused(asked).status is None
