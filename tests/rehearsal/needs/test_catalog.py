"""Glue, Athena."""

from __future__ import annotations

import pytest

from rehearsal.needs import NotMapped

ROLE = "arn:aws:iam::123456789012:role/lake/worker"
CATALOG, DATABASE, TABLE = "glue:.:catalog", "glue:.:database/lake", "glue:.:table/lake/runs"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_table", {"Name": "runs"}),
        ("delete_table", {"Name": "runs"}),
        ("create_table", {"TableInput": {"Name": "runs"}}),
        ("update_table", {"TableInput": {"Name": "runs"}}),
        ("get_partitions", {"TableName": "runs"}),
        ("batch_create_partition", {"TableName": "runs", "PartitionInputList": []}),
    ],
)
def test_a_table_needs_every_level_above_it(pairs, method, arguments):
    found = pairs("glue", method, DatabaseName="lake", **arguments)
    assert {resource for _, resource in found} == {CATALOG, DATABASE, TABLE}


def test_a_database_needs_the_catalog(pairs):
    assert pairs("glue", "get_database", Name="lake") == [
        ("glue:GetDatabase", DATABASE),
        ("glue:GetDatabase", CATALOG),
    ]


def test_a_list_needs_all_that_it_may_show(pairs):
    assert {resource for _, resource in pairs("glue", "get_tables", DatabaseName="lake")} == {
        CATALOG,
        DATABASE,
        "glue:.:table/lake/*",
    }
    assert {resource for _, resource in pairs("glue", "get_databases")} == {CATALOG, "glue:.:database/*"}


def test_a_database_goes_with_all_that_is_in_it(pairs):
    assert {resource for _, resource in pairs("glue", "delete_database", Name="lake")} == {
        CATALOG,
        DATABASE,
        "glue:.:table/lake/*",
        "glue:.:userDefinedFunction/lake/*",
    }


def test_each_of_several_is_needed(pairs):
    assert pairs("glue", "batch_get_jobs", JobNames=["a", "b"]) == [
        ("glue:BatchGetJobs", "glue:.:job/a"),
        ("glue:BatchGetJobs", "glue:.:job/b"),
    ]


def test_a_job_is_made_by_who_may_pass_its_role(pairs):
    made = {"Command": {"Name": "glueetl"}}
    assert pairs("glue", "create_job", Name="j", Role=ROLE, **made) == [
        ("glue:CreateJob", "glue:.:job/j"),
        ("iam:PassRole", "iam::123456789012:role/lake/worker"),
    ]
    assert pairs("glue", "update_job", JobName="j", JobUpdate={"Role": ROLE, **made})[1][0] == "iam:PassRole"
    assert pairs("glue", "start_job_run", JobName="j") == [("glue:StartJobRun", "glue:.:job/j")]


def test_a_role_by_its_name_is_looked_up(pairs, facts):
    facts.iam["role", "worker"] = ROLE
    found = pairs("glue", "create_crawler", Name="c", Role="worker", Targets={})
    assert found == [("glue:CreateCrawler", "*"), ("iam:PassRole", "iam::123456789012:role/lake/worker")]


def test_another_catalog_is_refused(needed):
    with pytest.raises(NotMapped, match="999999999999"):
        needed("glue", "get_table", CatalogId="999999999999", DatabaseName="lake", Name="runs")


def test_a_query_runs_in_a_workgroup(pairs):
    assert pairs("athena", "start_query_execution", QueryString="select 1", WorkGroup="w") == [
        ("athena:StartQueryExecution", "athena:.:workgroup/w")
    ]
    assert pairs("athena", "start_query_execution", QueryString="select 1")[0][1] == "athena:.:workgroup/primary"


def test_an_execution_is_looked_up_in_its_workgroup(pairs, facts):
    facts.workgroups["q"] = "w"
    assert pairs("athena", "get_query_results", QueryExecutionId="q")[0][1] == "athena:.:workgroup/w"
    assert pairs("athena", "get_query_results", QueryExecutionId="x")[0][1] == "athena:.:workgroup/*"
    assert pairs("athena", "batch_get_query_execution", QueryExecutionIds=["q", "q"]) == [
        ("athena:BatchGetQueryExecution", "athena:.:workgroup/w")
    ]
