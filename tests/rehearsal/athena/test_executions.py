"""The API around statements: workgroups, results, named queries and prepared statements."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account

NUMBERS = "select n, 'x' || cast(n as varchar) as name from unnest(sequence(1, 2500)) as t(n) order by n"


@pytest.fixture(scope="module")
def account():
    with Account() as running:
        s3 = running.client("s3")
        s3.create_bucket(Bucket="results", CreateBucketConfiguration={"LocationConstraint": running.region})
        group = {"ResultConfiguration": {"OutputLocation": "s3://results/out",
                                         "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}}  # fmt: skip
        running.client("athena").create_work_group(Name="people", Configuration=group)
        running.client("athena").create_work_group(
            Name="others", Configuration={**group, "EnforceWorkGroupConfiguration": False}
        )
        yield running


@pytest.fixture
def athena(account):
    return account.client("athena")


def ended(athena, sql, group="people", **more):
    id_ = athena.start_query_execution(QueryString=sql, WorkGroup=group, **more)["QueryExecutionId"]
    while (told := athena.get_query_execution(QueryExecutionId=id_)["QueryExecution"])["Status"]["State"] in (
        "QUEUED",
        "RUNNING",
    ):
        pass
    return told


def rows(athena, told, **more):
    found = athena.get_query_results(QueryExecutionId=told["QueryExecutionId"], **more)["ResultSet"]["Rows"]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in found]


def refused(call, **asked):
    with pytest.raises(ClientError) as error:
        call(**asked)
    return error.value.response["Error"]


def test_results_have_a_header_types_and_pages(athena):
    told = ended(athena, NUMBERS)
    first = athena.get_query_results(QueryExecutionId=told["QueryExecutionId"])
    assert [cell["VarCharValue"] for cell in first["ResultSet"]["Rows"][0]["Data"]] == ["n", "name"]
    columns = first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    assert [(each["Name"], each["Type"]) for each in columns] == [("n", "bigint"), ("name", "varchar")]
    pages = list(athena.get_paginator("get_query_results").paginate(QueryExecutionId=told["QueryExecutionId"]))
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000, 1000, 501]
    assert pages[-1]["ResultSet"]["Rows"][-1]["Data"][1] == {"VarCharValue": "x2500"}
    assert (
        "1000"
        in refused(athena.get_query_results, QueryExecutionId=told["QueryExecutionId"], MaxResults=1001)["Message"]
    )


def test_the_results_lie_encrypted_in_the_workgroups_place(account, athena):
    told = ended(
        athena, "select 1 as a, null as b, 'say \"hi\"' as c", ResultConfiguration={"OutputLocation": "s3://elsewhere/"}
    )
    place = told["ResultConfiguration"]["OutputLocation"]
    assert place == f"s3://results/out/{told['QueryExecutionId']}.csv"
    found = account.client("s3").get_object(Bucket="results", Key=place.removeprefix("s3://results/"))
    assert (found["Body"].read(), found["ServerSideEncryption"]) == (b'"a","b","c"\n"1",,"say ""hi"""\n', "AES256")


def test_where_nothing_is_enforced_the_caller_says_where(athena):
    told = ended(athena, "select 1", "others", ResultConfiguration={"OutputLocation": "s3://results/mine/"})
    assert told["ResultConfiguration"]["OutputLocation"].startswith("s3://results/mine/")
    assert "No output location provided" in refused(athena.start_query_execution, QueryString="select 1")["Message"]


def test_results_that_cannot_be_written_fail_the_query(athena):
    told = ended(athena, "select 1", "others", ResultConfiguration={"OutputLocation": "s3://no-such-bucket/"})
    assert told["Status"]["State"] == "FAILED"


def test_text_that_is_no_sql_is_refused_at_once(athena):
    error = refused(athena.start_query_execution, QueryString="selekt 1", WorkGroup="people")
    assert error["Code"] == "InvalidRequestException"
    assert error["Message"].startswith("line 1:1: mismatched input 'SELEKT'")
    assert (
        refused(athena.start_query_execution, QueryString="select 1", WorkGroup="none")["Message"]
        == "WorkGroup none is not found."
    )


def test_a_comment_before_and_a_semicolon_after_do_not_matter(athena):
    assert rows(athena, ended(athena, "-- what is one\nselect 1 as one;\n")) == [["one"], ["1"]]


def test_the_clock_of_the_account_is_the_querys(account, athena):
    before = rows(athena, ended(athena, "select to_unixtime(now())"))[1][0]
    account.clock.advance(86_400)
    after = rows(athena, ended(athena, "select to_unixtime(now())"))[1][0]
    assert 86_400 <= float(after) - float(before) < 86_500


def test_parameters_take_the_places_of_question_marks(athena):
    sql = "select x from (values 'a', 'b', 'c') t(x) where x > ? order by x limit ?"
    assert rows(athena, ended(athena, sql, ExecutionParameters=["'a'", "1"])) == [["x"], ["b"]]
    assert "expected 2 but found 1" in ended(athena, sql, ExecutionParameters=["'a'"])["Status"]["StateChangeReason"]
    unquoted = ended(athena, sql, ExecutionParameters=["a", "1"])["Status"]["StateChangeReason"]
    assert unquoted == "COLUMN_NOT_FOUND: parameter 'a' is no value; put strings into single quotes: 'a'"


def test_prepared_statements_belong_to_their_workgroup(athena):
    athena.create_prepared_statement(StatementName="twice", WorkGroup="people", QueryStatement="select ? * 2 as two")
    athena.create_prepared_statement(StatementName="twice", WorkGroup="others", QueryStatement="select 'other'")
    assert rows(athena, ended(athena, "execute twice using 21")) == [["two"], ["42"]]
    assert rows(athena, ended(athena, "EXECUTE twice", ExecutionParameters=["4"])) == [["two"], ["8"]]
    found = athena.get_prepared_statement(StatementName="twice", WorkGroup="people")["PreparedStatement"]
    assert (found["WorkGroupName"], found["QueryStatement"]) == ("people", "select ? * 2 as two")
    assert [
        each["StatementName"] for each in athena.list_prepared_statements(WorkGroup="people")["PreparedStatements"]
    ] == ["twice"]
    athena.delete_prepared_statement(StatementName="twice", WorkGroup="people")
    assert (
        refused(athena.get_prepared_statement, StatementName="twice", WorkGroup="people")["Code"]
        == "ResourceNotFoundException"
    )
    assert (
        ended(athena, "execute twice using 1")["Status"]["StateChangeReason"]
        == "NOT_FOUND: Prepared statement not found: twice"
    )


def test_named_queries(athena):
    id_ = athena.create_named_query(Name="one", Database="d", QueryString="select 1", WorkGroup="people")[
        "NamedQueryId"
    ]
    assert athena.get_named_query(NamedQueryId=id_)["NamedQuery"]["QueryString"] == "select 1"
    assert athena.list_named_queries(WorkGroup="people")["NamedQueryIds"] == [id_]
    assert athena.list_named_queries(WorkGroup="others")["NamedQueryIds"] == []
    both = athena.batch_get_named_query(NamedQueryIds=[id_, "nothing"])
    assert [each["Name"] for each in both["NamedQueries"]] == ["one"]
    assert [each["NamedQueryId"] for each in both["UnprocessedNamedQueryIds"]] == ["nothing"]
    athena.delete_named_query(NamedQueryId=id_)
    assert refused(athena.get_named_query, NamedQueryId=id_)["Message"] == f"NamedQuery {id_} was not found"


def test_executions_are_listed_by_workgroup_the_newest_first(athena):
    first, second = (ended(athena, "select 1")["QueryExecutionId"] for _ in range(2))
    assert athena.list_query_executions(WorkGroup="people", MaxResults=2)["QueryExecutionIds"] == [second, first]
    assert "was not found" in refused(athena.get_query_execution, QueryExecutionId="nothing")["Message"]


def test_one_that_has_ended_is_not_stopped(athena):
    id_ = ended(athena, "select 1")["QueryExecutionId"]
    athena.stop_query_execution(QueryExecutionId=id_)
    assert athena.get_query_execution(QueryExecutionId=id_)["QueryExecution"]["Status"]["State"] == "SUCCEEDED"


def test_a_failed_one_has_no_results(athena):
    told = ended(athena, "select 1 / 0")
    assert told["Status"]["StateChangeReason"] == "DIVISION_BY_ZERO: Division by zero"
    assert "FAILED" in refused(athena.get_query_results, QueryExecutionId=told["QueryExecutionId"])["Message"]


def test_a_disabled_workgroup_takes_no_query(athena):
    athena.create_work_group(Name="shut", Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/"}})
    athena.update_work_group(WorkGroup="shut", State="DISABLED")
    assert (
        refused(athena.start_query_execution, QueryString="select 1", WorkGroup="shut")["Message"]
        == "WorkGroup shut is disabled."
    )


def test_the_cutoff_stops_a_query_before_it_runs(account, athena):
    s3, glue = account.client("s3"), account.client("glue")
    s3.create_bucket(Bucket="big", CreateBucketConfiguration={"LocationConstraint": account.region})
    s3.put_object(Bucket="big", Key="t/one.json", Body=b'{"a": "' + b"x" * 10_000_001 + b'"}')
    glue.create_database(DatabaseInput={"Name": "big"})
    glue.create_table(DatabaseName="big", TableInput={"Name": "t", "StorageDescriptor": {
        "Location": "s3://big/t", "Columns": [{"Name": "a", "Type": "string"}],
        "SerdeInfo": {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"}}})  # fmt: skip
    limit = {"ResultConfiguration": {"OutputLocation": "s3://results/"}, "BytesScannedCutoffPerQuery": 10_000_000}
    athena.create_work_group(Name="careful", Configuration=limit)
    mark = account.calls.mark()
    told = ended(athena, "select length(a) from big.t", "careful")
    assert (told["Status"]["State"], told["Status"]["StateChangeReason"]) == (
        "CANCELLED",
        "Bytes scanned limit was exceeded",
    )
    assert told["Statistics"]["DataScannedInBytes"] > 10_000_000
    assert account.calls.counts(mark, service="s3") == {"s3:ListObjectsV2": 1}
    assert rows(athena, ended(athena, "select length(a) from big.t")) == [["_col0"], ["10000001"]]


def test_athena_reads_and_writes_as_whoever_asks(account, athena):
    trust = (
        '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": '
        '"sts:AssumeRole"}]}'
    )
    role = account.client("iam").create_role(RoleName="asker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    may = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    account.client("iam").put_role_policy(RoleName="asker", PolicyName="may", PolicyDocument=may)
    keys = account.sessions.assume(role, "lambda.amazonaws.com", "me")
    mark = account.calls.mark()
    assert ended(account.client_for("athena", keys), "select count(*) from big.t")["Status"]["State"] == "SUCCEEDED"
    assert {call.principal for call in account.calls.since(mark, service="s3")} == {"asker/me"}
    assert account.calls.counts(mark, principal="asker/me")["s3:PutObject"] == 2
