from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.kept.parts.job_runs import CUT_OFF


def catalog(client):
    client("glue").create_database(DatabaseInput={"Name": "lake"})
    client("glue").create_job(Name="curate", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://a/b"})


def with_table(*columns: str):
    def program(client):
        catalog(client)
        wanted = {
            "Name": "runs",
            "StorageDescriptor": {"Columns": [{"Name": name, "Type": "string"} for name in columns]},
        }
        client("glue").create_table(DatabaseName="lake", TableInput=wanted)

    return program


def describe(account, name: str) -> dict[str, object]:
    table = account.client("glue").get_table(DatabaseName="lake", Name=name)["Table"]
    return {key: table.get(key) for key in ("Name", "Parameters", "VersionId", "CreateTime", "UpdateTime")}


def test_a_table_of_a_job_stays_with_its_versions(lake):
    with lake(catalog) as (account, _):
        glue = account.client("glue")
        for n in range(3):
            wanted = {"Name": "athletes", "Parameters": {"metadata_location": f"s3://b/{n}"}}
            if n:
                glue.update_table(DatabaseName="lake", TableInput=wanted, VersionId=str(n))
            else:
                glue.create_table(DatabaseName="lake", TableInput=wanted)
        before = describe(account, "athletes")
        account.clock.advance(60)
    with lake(catalog) as (account, _):
        glue = account.client("glue")
        assert describe(account, "athletes") == before
        assert before["VersionId"] == "3"
        found = glue.get_table_version(DatabaseName="lake", TableName="athletes", VersionId="2")["TableVersion"]
        assert found["Table"]["Parameters"] == {"metadata_location": "s3://b/1"}
        wanted = {"Name": "athletes", "Parameters": {"metadata_location": "s3://b/4"}}
        with pytest.raises(ClientError, match="ConcurrentModification"):
            glue.update_table(DatabaseName="lake", TableInput=wanted, VersionId="2")
        glue.update_table(DatabaseName="lake", TableInput=wanted, VersionId="3")
    with lake(catalog) as (account, _):
        assert describe(account, "athletes")["VersionId"] == "4"


def test_a_table_that_was_dropped_stays_away(lake):
    with lake(catalog) as (account, _):
        glue = account.client("glue")
        for name in ("one", "two", "three", "left"):
            glue.create_table(DatabaseName="lake", TableInput={"Name": name})
        glue.update_table(DatabaseName="lake", TableInput={"Name": "one"})
        glue.delete_table(DatabaseName="lake", Name="one")
        glue.batch_delete_table(DatabaseName="lake", TablesToDelete=["two", "three"])
        glue.create_table(DatabaseName="lake", TableInput={"Name": "one", "Parameters": {"made": "again"}})
    with lake(catalog) as (account, _):
        found = account.client("glue").get_tables(DatabaseName="lake")["TableList"]
        assert {table["Name"]: table["VersionId"] for table in found} == {"left": "1", "one": "1"}
        versions = account.client("glue").get_table_versions(DatabaseName="lake", TableName="one")["TableVersions"]
        assert [version["VersionId"] for version in versions] == ["1"]


def test_partitions_stay(lake):
    with lake(catalog) as (account, _):
        glue = account.client("glue")
        glue.create_table(DatabaseName="lake", TableInput={"Name": "t", "PartitionKeys": [{"Name": "day"}]})
        given = [{"Values": [day], "Parameters": {"n": "1"}} for day in ("mon", "tue", "wed")]
        glue.batch_create_partition(DatabaseName="lake", TableName="t", PartitionInputList=given)
        glue.update_partition(DatabaseName="lake", TableName="t", PartitionValueList=["tue"],
                              PartitionInput={"Values": ["tue"], "Parameters": {"n": "2"}})  # fmt: skip
        glue.delete_partition(DatabaseName="lake", TableName="t", PartitionValues=["wed"])
    with lake(catalog) as (account, _):
        found = account.client("glue").get_partitions(DatabaseName="lake", TableName="t")["Partitions"]
        assert {each["Values"][0]: each["Parameters"]["n"] for each in found} == {"mon": "1", "tue": "2"}


def test_a_database_of_a_job_stays_and_one_that_it_drops_takes_its_tables_along(lake):
    with lake() as (account, _):
        glue = account.client("glue")
        for name in ("kept", "dropped"):
            glue.create_database(DatabaseInput={"Name": name})
            glue.create_table(DatabaseName=name, TableInput={"Name": "t"})
        glue.delete_database(Name="dropped")
    with lake() as (account, _):
        glue = account.client("glue")
        assert [found["Name"] for found in glue.get_databases()["DatabaseList"]] == ["kept"]
        assert [found["Name"] for found in glue.get_tables(DatabaseName="kept")["TableList"]] == ["t"]
        glue.create_database(DatabaseInput={"Name": "dropped"})
    with lake() as (account, _):
        assert account.client("glue").get_tables(DatabaseName="dropped")["TableList"] == []


def test_a_table_that_the_program_declares_is_the_programs(lake):
    def columns(account) -> list[str]:
        table = account.client("glue").get_table(DatabaseName="lake", Name="runs")["Table"]
        return [column["Name"] for column in table["StorageDescriptor"]["Columns"]]

    with lake(with_table("run")) as (account, _):
        assert columns(account) == ["run"]
    with lake(with_table("run", "state")) as (account, _):
        assert columns(account) == ["run", "state"]


def test_runs_of_jobs_stay_with_their_states(lake):
    with lake(catalog) as (account, _):
        glue = account.client("glue")
        done = glue.start_job_run(JobName="curate", Arguments={"--run": "1"})["JobRunId"]
        account.set_job_run_state("curate", done, "RUNNING")
        account.clock.advance(90)
        account.set_job_run_state("curate", done, "FAILED", "no such table")
        before = glue.get_job_run(JobName="curate", RunId=done)["JobRun"]
        going = glue.start_job_run(JobName="curate")["JobRunId"]
        account.set_job_run_state("curate", going, "RUNNING")
    for _ in range(2):
        with lake(catalog) as (account, _):
            glue = account.client("glue")
            after = glue.get_job_run(JobName="curate", RunId=done)["JobRun"]
            assert after == before
            assert (after["ExecutionTime"], after["ErrorMessage"]) == (90, "no such table")
            cut = glue.get_job_run(JobName="curate", RunId=going)["JobRun"]
            assert (cut["JobRunState"], cut["ErrorMessage"]) == ("FAILED", CUT_OFF)
            assert [run["Id"] for run in glue.get_job_runs(JobName="curate")["JobRuns"]] == [done, going]
