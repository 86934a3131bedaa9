"""The parts put together, for a source that there is not: infra knows no source by name."""

import importlib
import inspect
import json
import re
from pathlib import Path

import pulumi
import pytest

from infra.conduct import Conduct, ConductArgs
from infra.lake import Lake, LakeArgs
from infra.operations import Operations, OperationsArgs
from infra.packaging import Packager
from infra.pipeline import SourcePipeline, SourcePipelineArgs
from infra.settings import Settings, read
from sources import SOURCES
from sources.model import Api, Column, Daily, HeaderKey, Schedule, Source, Stream, Table, Weekly
from sources.paging import PageNumber
from sources.shape import Kind

ROOT = Path(__file__).resolve().parents[2]
UNTAGGED = ":BucketObjectv2"  # the tags of an object are on no bill: its bucket's are
GAMES = Table("games", key=("id",), columns=(Column("id", "string", required=True),))


def stream(name: str, schedule: Schedule) -> Stream:
    shape = {"id": Kind.TEXT}
    return Stream(name, f"/{name}", "games", ("games",), shape, PageNumber("page"), (GAMES,), schedule)


CHESS = Source(
    "chess",
    api=Api("https://chess.example", auth=HeaderKey("x-key")),
    streams=(
        stream("games", Daily("05:30", zone="Asia/Tokyo")),
        stream("players", Weekly("SUN", "23:05", zone="America/New_York")),
    ),
)


@pytest.fixture(scope="module")
def settings() -> Settings:
    said = {"protectData": "false", "sources": '["chess"]', "expendable": '["curated"]', "rawExpireDays": "90"}
    said["chess"] = '{"schedules": {"games": {"at": "06:45"}}}'
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SOURCES, "chess", CHESS)
        return read("dev", said.get)


@pytest.fixture(scope="module")
def program(declare, names, settings, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("program")
    package = tmp_path / "package.zip"
    package.write_bytes(b"zip")

    def build() -> None:
        lake = Lake("lake", LakeArgs(names, settings, Packager(tmp_path, tmp_path / "build")))
        args = SourcePipelineArgs(
            names=names,
            settings=settings,
            source=settings.sources[0],
            lake=lake,
            api_key=pulumi.Output.secret("hush"),
            package=package,
            script="s3://artifacts/curate.py",
            schedule_group="lakelet-dev",
        )
        SourcePipeline("chess", args)
        Conduct("conduct", ConductArgs(names, settings, lake, package, "lakelet-dev"))
        Operations("operations", OperationsArgs(names, settings))

    return declare(build)


def test_each_stream_is_called_when_the_source_says_or_the_stack(program):
    schedules = {made.inputs["name"]: made.inputs for made in program.of("Schedule")}
    assert set(schedules) == {"lakelet-dev-chess-games", "lakelet-dev-chess-players", "lakelet-dev-reconcile"}
    games = schedules["lakelet-dev-chess-games"]
    assert games["scheduleExpression"] == "cron(45 6 * * ? *)"
    assert games["scheduleExpressionTimezone"] == "Asia/Tokyo"
    assert json.loads(games["target"]["input"]) == {
        "source": "chess",
        "stream": "games",
        "scheduled_at": "<aws.scheduler.scheduled-time>",
    }
    players = schedules["lakelet-dev-chess-players"]
    assert players["scheduleExpression"] == "cron(5 23 ? * SUN *)"
    assert players["scheduleExpressionTimezone"] == "America/New_York"


def test_extract_is_told_where_things_are_and_not_the_key(program):
    function = program.one("Function", "chess-extract")
    assert function["environment"]["variables"] == {
        "STACK": "dev",
        "RAW_BUCKET": "lakelet-dev-raw-123456789012",
        "RUNS_TABLE": "lakelet-dev-runs",
        "PAGES_TABLE": "lakelet-dev-pages",
        "QUOTA_TABLE": "lakelet-dev-quota",
        "SECRET_ID": "lakelet-dev-chess",
        "API_URL": "https://chess.example",
        "OPTIONS": '{"schedules": {"games": {"at": "06:45"}}}',
    }
    assert (function["name"], function["timeout"]) == ("lakelet-dev-extract-chess", 900)


def test_the_key_is_in_the_secret_and_nowhere_else(program):
    assert [made.type for made in program.made if "hush" in json.dumps(made.inputs, default=str)] == [
        "secretVersion:SecretVersion"
    ]
    (version,) = program.of("SecretVersion")
    assert isinstance(version.raw["secretString"], dict), "Pulumi would keep it in clear"


def test_the_job_is_told_where_things_are(program):
    arguments = program.one("Job", "chess-curate")["defaultArguments"]
    assert arguments["--raw_bucket"] == "lakelet-dev-raw-123456789012"
    assert arguments["--curated_bucket"] == "lakelet-dev-curated-123456789012"
    assert arguments["--database"] == "lakelet_dev"
    assert re.fullmatch(
        r"s3://lakelet-dev-artifacts-123456789012/jobs/lake-[0-9a-f]{12}\.zip", arguments["--extra-py-files"]
    )
    assert "warehouse=s3://lakelet-dev-curated-123456789012/warehouse" in arguments["--conf"]


def test_all_that_is_written_to_is_a_log_group_of_the_stack_that_forgets(program):
    groups = {made.inputs["name"]: made.inputs["retentionInDays"] for made in program.of("LogGroup")}
    functions = {f"/aws/lambda/{made.inputs['name']}" for made in program.of("Function")}
    prefix = program.one("Job", "chess-curate")["defaultArguments"]["--custom-logGroup-prefix"]
    assert prefix == "/aws-glue/jobs/lakelet-dev-curate-chess"
    assert groups == dict.fromkeys({*functions, f"{prefix}/error", f"{prefix}/output"}, 30)


def test_a_job_writes_to_its_own_log_groups_alone(program):
    policy = json.loads(program.one("RolePolicy", "chess-curate-role-statements")["policy"])
    (logs,) = [each for each in policy["Statement"] if each["Action"][0].startswith("logs:")]
    group = "arn:aws:logs:eu-north-1:123456789012:log-group:/aws-glue/jobs/lakelet-dev-curate-chess"
    assert logs["Resource"] == [f"{group}/error:*", f"{group}/output:*"]
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def takes_tags(token: str) -> bool:
    package, kind = token.removeprefix("aws:").split("/")
    module = importlib.import_module(f"pulumi_aws.{package}_" if package == "lambda" else f"pulumi_aws.{package}")
    return "tags" in inspect.signature(getattr(module, kind.split(":")[1])._internal_init).parameters


def test_whatever_can_bear_tags_says_whose_cost_it_is(program):
    made = [each for each in program.made if each.token.startswith("aws:")]
    able = [each for each in made if takes_tags(each.token) and not each.type.endswith(UNTAGGED)]
    assert {"bucket:Bucket", "metricAlarm:MetricAlarm", "topic:Topic", "budget:Budget"} < {each.type for each in able}
    expected = {"project": "lakelet", "stack": "dev", "lake": "lakelet-dev"}
    assert [(each.type, each.name) for each in able if each.inputs.get("tags") != expected] == []


def test_new_manifests_alone_go_to_the_queue(program):
    (notification,) = program.of("BucketNotification")
    (queue,) = notification.inputs["queues"]
    assert (queue["filterPrefix"], queue["filterSuffix"]) == ("manifests/", ".json")
    assert queue["events"] == ["s3:ObjectCreated:*"]


def test_only_the_raw_bucket_may_send_to_the_queue(program):
    policy = json.loads(program.one("QueuePolicy", "manifests-policy")["policy"])
    (allowed,) = [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
    assert allowed["Condition"]["ArnEquals"] == {"aws:SourceArn": "arn:aws:s3:::lakelet-dev-raw-123456789012"}


def test_messages_are_hidden_six_times_as_long_as_the_function_may_take(program):
    queue, start = program.one("Queue", "manifests"), program.one("Function", "start")
    assert queue["visibilityTimeoutSeconds"] == 6 * start["timeout"]
    (mapping,) = program.of("EventSourceMapping")
    assert mapping.inputs["functionResponseTypes"] == ["ReportBatchItemFailures"]


def test_jobs_of_this_stack_that_end_are_recorded(program):
    pattern = json.loads(program.one("EventRule", "job-ended")["eventPattern"])
    assert pattern["detail"] == {"jobName": ["lakelet-dev-curate-chess", "lakelet-dev-upkeep"]}
    assert pattern["detail-type"] == ["Glue Job State Change"]


def test_functions_that_conduct_are_told_what_they_need(program):
    told = {
        made.inputs["name"]: set(made.inputs["environment"]["variables"])
        for made in program.of("Function")
        if "extract" not in made.inputs["name"]
    }
    assert told == {
        "lakelet-dev-start": {"STACK", "RUNS_TABLE", "RAW_BUCKET", "JOB_PREFIX"},
        "lakelet-dev-record": {"STACK", "RUNS_TABLE", "CURATED_BUCKET", "JOB_PREFIX", "UPKEEP_JOB"},
        "lakelet-dev-reconcile": {"STACK", "RUNS_TABLE", "CURATED_BUCKET", "JOB_PREFIX", "EXTRACT_PREFIX", "STREAMS"},
    }
    reconcile = program.one("Function", "reconcile")["environment"]["variables"]
    assert reconcile["EXTRACT_PREFIX"] == "lakelet-dev-extract-"
    assert reconcile["STREAMS"] == "chess/games,chess/players"


def test_a_bucket_of_data_goes_with_its_contents_only_where_the_stack_names_it(program):
    destroyed = {name: program.one("Bucket", name)["forceDestroy"] for name in ("raw", "curated", "artifacts")}
    assert destroyed == {"raw": False, "curated": True, "artifacts": True}


def test_no_role_takes_a_policy_of_others(program):
    assert program.of("RolePolicyAttachment") == []
    assert not [role.name for role in program.of("Role") if "managedPolicyArns" in role.inputs]
    policies = {made.inputs["role"] for made in program.of("RolePolicy")}
    assert policies == {role.inputs["name"] for role in program.of("Role")}


def test_nothing_is_declared_twice(program):
    declared = [(made.type, made.name) for made in program.made]
    assert sorted(declared) == sorted(set(declared))


@pytest.mark.parametrize("source", SOURCES)
def test_infra_names_no_source(source):
    files = [ROOT / "__main__.py", *(ROOT / "infra").glob("*.py")]
    assert [file.name for file in files if source in file.read_text(encoding="utf-8")] == []
