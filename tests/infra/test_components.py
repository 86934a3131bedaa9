import json
from pathlib import Path

import pulumi
import pytest

from infra.function import LakeFunction, LakeFunctionArgs
from infra.job import LakeJob, LakeJobArgs, chained
from infra.policies import read_secret
from infra.queue import LakeQueue, LakeQueueArgs
from infra.role import LakeRole, LakeRoleArgs
from infra.rule import LakeRule, LakeRuleArgs
from infra.schedule import LakeSchedule, LakeScheduleArgs, cron
from infra.secret import LakeSecret, LakeSecretArgs
from infra.table import Index, LakeTable, LakeTableArgs
from sources.model import Daily, Weekly


@pytest.fixture
def package(tmp_path) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(b"zip")
    return path


def statements(role_policy):
    return json.loads(role_policy["policy"])["Statement"]


def test_a_role_has_its_statements_and_nothing_else(declare):
    reads = read_secret("arn:aws:secretsmanager:eu-north-1:1:secret:x-??????")
    declared = declare(lambda: LakeRole("reader", LakeRoleArgs("lakelet-dev-reader", "lambda", [reads], {})))
    (role,), (policy,) = declared.of("Role"), declared.of("RolePolicy")
    assert set(role.inputs) == {"name", "assumeRolePolicy", "tags"}
    assert statements(policy.inputs) == [reads]


def test_a_function_has_a_log_group_with_an_end_and_may_write_to_it(declare, names, package):
    args = LakeFunctionArgs(names, "lakelet-dev-start", package, "start.handler", [], log_retention_days=7)
    declared = declare(lambda: LakeFunction("start", args))
    log = declared.one("LogGroup", "start-log")
    assert (log["name"], log["retentionInDays"]) == ("/aws/lambda/lakelet-dev-start", 7)
    (policy,) = declared.of("RolePolicy")
    (only,) = statements(policy.inputs)
    assert only["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert only["Resource"] == ["arn:aws:logs:eu-north-1:123456789012:log-group:/aws/lambda/lakelet-dev-start:*"]
    assert declared.of("FunctionEventInvokeConfig") == []


def test_a_function_runs_on_arm_with_what_it_is_told(declare, names, package):
    args = LakeFunctionArgs(names, "lakelet-dev-start", package, "start.handler", [], {"RUNS_TABLE": "runs"})
    function = declare(lambda: LakeFunction("start", args)).one("Function", "start")
    assert (function["runtime"], function["architectures"]) == ("python3.13", ["arm64"])
    assert function["environment"] == {"variables": {"STACK": "dev", "RUNS_TABLE": "runs"}}
    assert "reservedConcurrentExecutions" not in function


def test_a_new_package_is_a_new_function(declare, names, package):
    args = LakeFunctionArgs(names, "lakelet-dev-start", package, "start.handler", [])
    before = declare(lambda: LakeFunction("start", args)).one("Function", "start")["sourceCodeHash"]
    package.write_bytes(b"another zip")
    assert declare(lambda: LakeFunction("start", args)).one("Function", "start")["sourceCodeHash"] != before


def test_calls_that_come_to_nothing_go_to_the_queue(declare, names, package):
    args = LakeFunctionArgs(names, "lakelet-dev-record", package, "record.handler", [], given_up="given-up")
    declared = declare(lambda: LakeFunction("record", args))
    queue = "arn:aws:sqs:eu-north-1:123456789012:lakelet-dev-given-up"
    (config,) = declared.of("FunctionEventInvokeConfig")
    assert config.inputs["destinationConfig"] == {"onFailure": {"destination": queue}}
    assert config.inputs["maximumRetryAttempts"] == 2
    (policy,) = declared.of("RolePolicy")
    assert {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [queue]} in statements(policy.inputs)


def job_args(names, **changes):
    said = {
        "names": names,
        "job": "lakelet-dev-curate-chess",
        "script": "s3://artifacts/jobs/curate.py",
        "extra_py_files": "s3://artifacts/jobs/lake.zip",
        "warehouse": "s3://curated/warehouse",
        "statements": [],
        "arguments": {"--database": "lakelet_dev"},
    }
    return LakeJobArgs(**said | changes)


def test_a_job_runs_once_at_a_time_and_is_not_repeated(declare, names):
    job = declare(lambda: LakeJob("curate", job_args(names))).one("Job", "curate")
    assert (job["executionProperty"], job["maxRetries"]) == ({"maxConcurrentRuns": 1}, 0)
    assert (job["glueVersion"], job["workerType"], job["numberOfWorkers"]) == ("6.0", "G.1X", 2)
    assert job["command"]["scriptLocation"] == "s3://artifacts/jobs/curate.py"


def test_a_job_finds_iceberg_tables_in_the_catalog(declare, names):
    arguments = declare(lambda: LakeJob("curate", job_args(names))).one("Job", "curate")["defaultArguments"]
    assert arguments["--datalake-formats"] == "iceberg"
    assert arguments["--database"] == "lakelet_dev"
    settings = arguments["--conf"].split(" --conf ")
    assert "spark.sql.catalog.glue_catalog.warehouse=s3://curated/warehouse" in settings
    assert "spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog" in settings


def test_settings_are_chained_in_one_argument():
    assert chained({"a": "1", "b": "2"}) == "a=1 --conf b=2"


def test_a_queue_gives_up_into_its_dead_letters_and_denies_whoever_comes_without_tls(declare, names):
    args = LakeQueueArgs(names, "manifests", visibility_seconds=360, dead_letters="manifests-dead", max_receives=50)
    declared = declare(lambda: LakeQueue("manifests", args))
    queue = declared.one("Queue", "manifests")
    dead = "arn:aws:sqs:eu-north-1:123456789012:lakelet-dev-manifests-dead"
    assert json.loads(queue["redrivePolicy"]) == {"deadLetterTargetArn": dead, "maxReceiveCount": 50}
    assert (queue["visibilityTimeoutSeconds"], queue["sqsManagedSseEnabled"]) == (360, True)
    (policy,) = declared.of("QueuePolicy")
    (deny,) = json.loads(policy.inputs["policy"])["Statement"]
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def schedule_args(names):
    return LakeScheduleArgs(
        names=names,
        schedule="lakelet-dev-chess-games",
        group="lakelet-dev",
        expression="cron(0 6 * * ? *)",
        function="lakelet-dev-extract-chess",
        function_arn="arn:function",
        event={"source": "chess", "scheduled_at": "<aws.scheduler.scheduled-time>"},
        given_up="given-up",
        zone="Europe/Stockholm",
    )


def test_a_schedule_says_when_it_was_due_in_its_own_zone(declare, names):
    schedule = declare(lambda: LakeSchedule("games", schedule_args(names))).one("Schedule", "games")
    assert schedule["scheduleExpressionTimezone"] == "Europe/Stockholm"
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    target = schedule["target"]
    assert json.loads(target["input"]) == {"source": "chess", "scheduled_at": "<aws.scheduler.scheduled-time>"}
    assert target["deadLetterConfig"]["arn"].endswith(":lakelet-dev-given-up")
    assert target["retryPolicy"] == {"maximumRetryAttempts": 10, "maximumEventAgeInSeconds": 3600}


def test_a_schedule_may_call_its_function_and_no_other(declare, names):
    (policy,) = declare(lambda: LakeSchedule("games", schedule_args(names))).of("RolePolicy")
    calls, letters = statements(policy.inputs)
    assert calls["Resource"] == ["arn:aws:lambda:eu-north-1:123456789012:function:lakelet-dev-extract-chess"]
    assert letters["Action"] == ["sqs:SendMessage"]


def test_a_schedule_acts_for_this_account_only(declare, names):
    (role,) = declare(lambda: LakeSchedule("games", schedule_args(names))).of("Role")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


@pytest.mark.parametrize(("at", "expected"), [("06:00", "cron(0 6 * * ? *)"), ("23:09", "cron(9 23 * * ? *)")])
def test_a_time_of_day_is_a_cron_expression(at, expected):
    assert cron(Daily(at, zone="UTC")) == expected


def test_a_day_of_the_week_is_a_cron_expression():
    assert cron(Weekly("MON", "06:00", zone="UTC")) == "cron(0 6 ? * MON *)"


def test_a_rule_may_call_its_function(declare, names):
    args = LakeRuleArgs(
        names, "lakelet-dev-job-ended", {"source": ["aws.glue"]}, "record", "arn:record", "arn:given-up"
    )
    declared = declare(lambda: LakeRule("ended", args))
    assert json.loads(declared.one("EventRule", "ended")["eventPattern"]) == {"source": ["aws.glue"]}
    (permission,), (target,) = declared.of("Permission"), declared.of("EventTarget")
    assert permission.inputs["principal"] == "events.amazonaws.com"
    assert permission.inputs["sourceArn"] == "arn:aws:ended"
    assert (target.inputs["arn"], target.inputs["deadLetterConfig"]) == ("arn:record", {"arn": "arn:given-up"})


def test_a_key_is_a_secret_all_the_way(declare):
    def build():
        LakeSecret("chess", LakeSecretArgs("lakelet-dev-chess", pulumi.Output.secret("hush"), {}))

    (version,) = declare(build).of("SecretVersion")
    assert json.loads(version.inputs["secretString"]) == {"key": "hush"}
    assert isinstance(version.raw["secretString"], dict), "Pulumi would keep it in clear"


def test_a_protected_secret_can_be_had_back(declare):
    def build(protect):
        return lambda: LakeSecret("chess", LakeSecretArgs("x", pulumi.Output.secret("hush"), {}, protect))

    assert declare(build(True)).one("Secret", "chess")["recoveryWindowInDays"] == 30
    assert declare(build(False)).one("Secret", "chess")["recoveryWindowInDays"] == 0


def test_a_table_declares_the_types_of_its_keys_and_its_index(declare):
    args = LakeTableArgs("runs", ("stream", "S"), ("run", "S"), {}, index=Index("unfinished", "unfinished", "run"))
    table = declare(lambda: LakeTable("runs", args)).one("Table", "runs")
    assert table["attributes"] == [
        {"name": "run", "type": "S"},
        {"name": "stream", "type": "S"},
        {"name": "unfinished", "type": "S"},
    ]
    (index,) = table["globalSecondaryIndexes"]
    assert [key["attributeName"] for key in index["keySchemas"]] == ["unfinished", "run"]
    assert (table["hashKey"], table["rangeKey"], table["billingMode"]) == ("stream", "run", "PAY_PER_REQUEST")


@pytest.mark.parametrize("protect", [True, False])
def test_a_protected_table_is_not_deleted_and_can_be_taken_back(declare, protect):
    args = LakeTableArgs("pages", ("run", "S"), ("page", "N"), {}, expires="expires", protect=protect)
    table = declare(lambda: LakeTable("pages", args)).one("Table", "pages")
    assert (table["deletionProtectionEnabled"], table["pointInTimeRecovery"]) == (protect, {"enabled": protect})
    assert table["ttl"] == {"attributeName": "expires", "enabled": True}
