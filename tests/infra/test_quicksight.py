"""The dashboards in QuickSight: from the same declaration as the page, and only for a stack that asks for them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import botocore.session
import pytest
from botocore.validate import ParamValidator

from dashboards import DASHBOARDS, Kind
from infra.errors import SettingsError
from infra.quicksight import LakeDashboardsArgs, dashboards_of, reads, shaped
from infra.quicksight_definition import definition
from infra.settings import read
from rehearsal.account import Account
from rehearsal.deploy import DeployError, deploy
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Cloud, Order
from rehearsal.deploy.registry import InputRefusedError, find_handler
from sources import SOURCES
from sources.spotify import SPOTIFY

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "123456789012"
OWNER = f"arn:aws:quicksight:us-east-1:{ACCOUNT}:user/default/ana@example.org"
KEYS = {f"lakelet:{source}ApiKey": "hush-hush" for source in SOURCES}
OLYMPICS = DASHBOARDS["olympics"]
SHOWN = {name: DASHBOARDS[name] for name in SOURCES if name in DASHBOARDS}  # what a stack of all sources has


def settings(**said: str):
    return read("dev", {"protectData": "false", **said}.get)


@pytest.fixture(scope="module")
def account():
    with Account() as started:
        yield started


@pytest.fixture(scope="module")
def deployment(account):
    config = {"lakelet:quicksightOwner": OWNER}
    return deploy(ROOT, "dev", account.deployer_environment(), config=config, secrets=KEYS)


def test_a_stack_that_does_not_ask_has_none(names):
    assert settings().quicksight_owner is None
    assert settings(quicksightOwner="").quicksight_owner is None


@pytest.mark.parametrize("said", ["ana", "arn:aws:iam::123456789012:user/ana", OWNER.replace("user/default/", "user/")])
def test_what_is_no_owner_is_refused_in_one_line(said):
    with pytest.raises(SettingsError, match="lakelet:quicksightOwner is") as stopped:
        settings(quicksightOwner=said)
    assert repr(said) in str(stopped.value) and "\n" not in str(stopped.value)


def test_an_owner_of_another_account_is_refused(names):
    owner = OWNER.replace(ACCOUNT, "999999999999")
    with pytest.raises(SettingsError, match=f"999999999999.*in account {ACCOUNT}"):
        dashboards_of(LakeDashboardsArgs(names, owner, "group", tuple(SOURCES.values())))


def test_sources_without_a_dashboard_contradict_the_owner(names):
    chess = replace(SOURCES["olympics"], name="chess")
    with pytest.raises(SettingsError, match="lakelet:sources is chess, which has no dashboard"):
        dashboards_of(LakeDashboardsArgs(names, OWNER, "group", (chess,)))


def test_each_source_of_the_stack_has_its_dashboard(names):
    both = LakeDashboardsArgs(names, OWNER, "group", (SOURCES["olympics"], SPOTIFY))
    assert dashboards_of(both) == [OLYMPICS, DASHBOARDS["spotify"]]
    assert dashboards_of(replace(both, sources=(SPOTIFY,))) == [DASHBOARDS["spotify"]]


@pytest.mark.parametrize(
    ("query", "problem"),
    [("no_such_query", "is not in queries/"), ("tracks_of_artist", "whose parameter artist has no default")],
)
def test_a_query_that_no_chart_can_ask_stops_the_deployment(names, monkeypatch, query, problem):
    chart = replace(OLYMPICS.charts[0], query=query)
    monkeypatch.setitem(DASHBOARDS, "spotify", replace(DASHBOARDS["spotify"], charts=(chart,)))
    with pytest.raises(SettingsError, match=f"dashboard spotify shows query {query}, .*{problem}"):
        dashboards_of(LakeDashboardsArgs(names, OWNER, "group", (SPOTIFY,)))


def test_the_program_deploys_with_them(account, deployment):
    kinds = deployment.by_type
    assert len(kinds["aws:quicksight/dataSet:DataSet"]) == sum(len(each.queries) for each in SHOWN.values())
    assert set(kinds["aws:cloudcontrol/resource:Resource"]) == {
        f"{source}-{kind}" for source in SHOWN for kind in ("analysis", "dashboard")
    }
    client = account.client("quicksight")
    (source,) = client.list_data_sources(AwsAccountId=ACCOUNT)["DataSources"]
    assert (source["DataSourceId"], source["Type"]) == ("lakelet-dev", "ATHENA")
    assert source["DataSourceParameters"]["AthenaParameters"]["WorkGroup"] == "lakelet-dev"
    listed = client.list_dashboards(AwsAccountId=ACCOUNT)["DashboardSummaryList"]
    assert {each["Name"] for each in listed} == {f"{dashboard.title} (dev)" for dashboard in SHOWN.values()}


def test_what_nobody_looks_at_is_named(deployment):
    recorded = {(each.resource, each.property) for each in deployment.recorded}
    assert ('Resource "olympics-analysis"', "desiredState") in recorded
    assert ('Resource "olympics-dashboard"', "desiredState") in recorded
    assert ('DataSet "olympics-athletes_by_sport"', "physicalTableMaps") in recorded


def test_the_documents_name_the_owner_and_the_data_sets(deployment):
    documents = {
        each.resource: json.loads(each.value) for each in deployment.recorded if each.property == "desiredState"
    }
    assert set(documents) == {f'Resource "{source}-{kind}"' for source in SHOWN for kind in ("analysis", "dashboard")}
    for resource, document in documents.items():
        source = resource.split('"')[1].rpartition("-")[0]
        assert [each["Principal"] for each in document["Permissions"]] == [OWNER]
        sets = {
            each["Identifier"]: each["DataSetArn"] for each in document["Definition"]["DataSetIdentifierDeclarations"]
        }
        assert set(sets) == set(SHOWN[source].queries)
        assert all(arn.endswith(f"data-set/lakelet-dev-{source}-{query}") for query, arn in sets.items())


def test_a_document_that_quicksight_would_refuse_stops_the_deployment(tmp_path, account):
    wrong = json.dumps({"AwsAccountId": ACCOUNT, "AnalysisId": "a", "Definition": {"Sheets": [{"Name": "no id"}]}})
    (tmp_path / "Pulumi.yaml").write_text("name: wrong\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(
        "from pulumi_aws import cloudcontrol\n"
        f"cloudcontrol.Resource('a', type_name='AWS::QuickSight::Analysis', desired_state={wrong!r})\n"
    )
    with pytest.raises(DeployError) as stopped:
        deploy(tmp_path, "dev", account.deployer_environment())
    (line,) = stopped.value.lines
    assert line.startswith('Resource "a": AWS::QuickSight::Analysis: ')
    assert '"SheetId"' in line and '"DataSetIdentifierDeclarations"' in line


def test_an_unknown_type_of_cloud_control_is_refused_by_name():
    inputs = Inputs({"typeName": "AWS::Chess::Board", "desiredState": "{}"})
    order = Order(Cloud("eu-north-1"), "aws:cloudcontrol/resource:Resource", "board", "urn", inputs, "eu-north-1")
    make = find_handler(order.type)
    assert make is not None
    with pytest.raises(InputRefusedError, match="AWS::Chess::Board"):
        make(order)


def test_each_chart_is_a_visual_with_its_place():
    shape = botocore.session.get_session().get_service_model("quicksight").shape_for("DashboardVersionDefinition")
    for dashboard in DASHBOARDS.values():
        made = definition(dashboard, {query: f"arn:aws:quicksight:eu-north-1:{ACCOUNT}:data-set/{query}"
                                      for query in dashboard.queries})  # fmt: skip
        assert ParamValidator().validate(made, shape).generate_report() == ""
        (sheet,) = made["Sheets"]
        visuals = [next(iter(visual.values())) for visual in sheet["Visuals"]]
        assert [visual["Title"]["FormatText"]["PlainText"] for visual in visuals] == [
            chart.title for chart in dashboard.charts
        ]
        (layout,) = sheet["Layouts"]
        cells = set()
        for element in layout["Configuration"]["GridLayout"]["Elements"]:
            rows = range(element["RowIndex"], element["RowIndex"] + element["RowSpan"])
            columns = range(element["ColumnIndex"], element["ColumnIndex"] + element["ColumnSpan"])
            own = {(row, column) for row in rows for column in columns}
            assert columns.stop <= 36 and not cells & own, "visuals overlap"
            cells |= own


def test_every_kind_of_chart_has_a_visual():
    kinds = {chart.kind for chart in OLYMPICS.charts}
    assert kinds == set(Kind), "let a declared chart have each kind, or test the kind here"


def test_a_query_names_its_database_and_gives_the_columns_of_its_charts(names):
    sql = """-- Who, from athletes.
    SELECT a.sport, count(*) AS athletes FROM athletes a
    JOIN "athletes$snapshots" s ON a.x = s.x
    CROSS JOIN (SELECT max(run) FROM runs WHERE state = 'from athletes') JOIN other ON 1 = 1
    JOIN athletes_set_aside ON 1 = 1;
    """
    found = shaped(sql, ["sport"], names, [SOURCES["olympics"]])
    assert found.startswith('SELECT "sport" FROM (\n') and found.endswith("\n)")
    assert 'FROM "lakelet_dev".athletes a' in found
    assert 'JOIN "lakelet_dev"."athletes$snapshots" s' in found
    assert 'FROM "lakelet_dev".runs WHERE' in found
    assert 'JOIN "lakelet_dev".athletes_set_aside ON' in found
    assert "JOIN other" in found and ";" not in found


def test_quicksight_may_only_read_the_lake(names):
    for statement in reads(names):
        assert "*" not in statement["Resource"] and not any("raw" in arn for arn in statement["Resource"])
    writes = [each for each in reads(names) if any("Put" in action for action in each["Action"])]
    assert [each["Resource"] for each in writes] == [[f"{names.bucket_arn('curated')}/athena/*"]]
