"""Where the lake is asked: a workgroup that cannot be talked out of its settings, and the queries it comes with."""

import pytest

from infra.catalog import LEDGER_COLUMNS, LakeDatabase, LakeDatabaseArgs
from infra.errors import QueryError
from infra.permissions import curate, extract, reconcile, record, start
from infra.queries import LakeQueries, LakeQueriesArgs, queries_of
from sources import layout


@pytest.fixture
def declared(declare, names):
    args = LakeQueriesArgs(names, "lakelet_dev", "s3://curated/athena/", 3, ["olympics"])
    return declare(lambda: LakeQueries("queries", args))


def folder_of(tmp_path, files):
    for path, sql in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(sql)
    return tmp_path


def test_the_settings_of_the_workgroup_are_enforced(declared):
    configuration = declared.one("Workgroup", "queries")["configuration"]
    assert configuration["enforceWorkgroupConfiguration"] is True
    assert configuration["bytesScannedCutoffPerQuery"] == 3 * 10**9
    assert configuration["engineVersion"] == {"selectedEngineVersion": "Athena engine version 3"}


def test_answers_are_encrypted_in_a_folder_that_is_the_workgroups_own(declared):
    results = declared.one("Workgroup", "queries")["configuration"]["resultConfiguration"]
    assert results == {
        "outputLocation": "s3://curated/athena/lakelet-dev/",
        "expectedBucketOwner": "123456789012",
        "encryptionConfiguration": {"encryptionOption": "SSE_S3"},
    }


def test_no_function_and_no_job_may_see_an_answer(names):
    sources = ["olympics"]
    granted = [*extract(names, "olympics"), *curate(names, "olympics", ["athletes"])]
    granted += [*start(names, sources), *record(names, sources), *reconcile(names, sources, ["olympics/athletes"])]
    resources = [resource for statement in granted for resource in statement["Resource"]]
    answers = f"{names.bucket_arn('curated')}/{layout.ANSWERS}lakelet-dev/x.csv"
    assert [each for each in resources if answers.startswith(each.rstrip("*")) and "s3" in each] == []


def test_each_query_is_a_named_query_and_a_prepared_statement(declared):
    queries = {query.name: query for query in queries_of(["olympics"])}
    named = {made.inputs["name"]: made.inputs for made in declared.of("NamedQuery")}
    prepared = {made.inputs["name"]: made.inputs for made in declared.of("PreparedStatement")}
    assert {name: inputs["query"] for name, inputs in named.items()} == {n: q.sql for n, q in queries.items()}
    assert {name: inputs["queryStatement"] for name, inputs in prepared.items()} == {
        n: q.sql for n, q in queries.items()
    }
    assert {inputs["database"] for inputs in named.values()} == {"lakelet_dev"}
    assert named["athletes_by_sport"]["description"] == queries["athletes_by_sport"].description


def test_a_file_is_all_that_a_query_takes(tmp_path):
    folder = folder_of(
        tmp_path, {"tennis/aces.sql": "-- Aces by player.\nSELECT 1\n", "lake/all.sql": "-- All.\nSELECT 2"}
    )
    assert [(q.name, q.description) for q in queries_of(["tennis"], [folder])] == [
        ("all", "All."),
        ("aces", "Aces by player."),
    ]


def test_queries_of_another_program_are_found_in_its_folder(tmp_path):
    ours = folder_of(tmp_path / "ours", {"lake/all.sql": "-- All.\nSELECT 2", "tennis/sets.sql": "-- Sets.\nSELECT 3"})
    others = folder_of(
        tmp_path / "others", {"tennis/aces.sql": "-- Aces.\nSELECT 1", "golf/holes.sql": "-- .\nSELECT 4"}
    )
    assert [query.name for query in queries_of(["tennis"], [ours, others])] == ["all", "sets", "aces"]
    others = folder_of(tmp_path / "others", {"tennis/sets.sql": "-- Sets.\nSELECT 1"})
    with pytest.raises(QueryError, match=r"queries/tennis/sets.sql: there is a query of that name already"):
        queries_of(["tennis"], [ours, others])


def test_a_source_without_a_folder_has_no_queries(tmp_path):
    assert queries_of(["olympics"], [tmp_path]) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"tennis/a_1.sql": "-- A.\nSELECT 1", "lake/a_1.sql": "-- B.\nSELECT 2"},
            "queries/tennis/a_1.sql: there is a",
        ),
        ({"tennis/Aces.sql": "-- Aces.\nSELECT 1"}, "queries/tennis: query 'Aces': a name is of a-z"),
        ({"tennis/aces.sql": "SELECT 1"}, "does not say what it answers"),
    ],
)
def test_a_file_that_cannot_be_deployed_stops_with_one_line(tmp_path, files, said):
    with pytest.raises(QueryError) as stopped:
        queries_of(["tennis"], [folder_of(tmp_path, files)])
    assert said in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_the_ledger_is_a_table_over_what_the_functions_write(declare):
    args = LakeDatabaseArgs("lakelet_dev", "s3://curated/warehouse/lakelet_dev", "s3://curated/ledger/", {})
    table = declare(lambda: LakeDatabase("database", args)).one("CatalogTable", "runs")
    assert (table["databaseName"], table["tableType"]) == ("lakelet_dev", "EXTERNAL_TABLE")
    storage = table["storageDescriptor"]
    assert storage["location"] == "s3://curated/ledger/"
    assert storage["serDeInfo"] == {"serializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"}
    assert [(column["name"], column["type"]) for column in storage["columns"]] == [
        (name, type_) for name, (type_, _) in LEDGER_COLUMNS.items()
    ]
