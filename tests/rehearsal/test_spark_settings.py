"""What a job's arguments become: Spark settings, a merged run, the event of its end."""

from __future__ import annotations

import pytest

from rehearsal.spark.delivery import bucket_and_key
from rehearsal.spark.job import JobRefused, merge
from rehearsal.spark.record import RunRecord, state_change
from rehearsal.spark.settings import Home, SettingsRefused, parse_conf, spark_settings, wants_iceberg

HOME = Home("http://127.0.0.1:5000", "eu-north-1", cores=2)
LAKE = "spark.sql.catalog.lake"
JOB = {"Name": "j", "Role": "r", "Command": {"Name": "glueetl", "ScriptLocation": "s3://code/j.py"}}


def test_conf_is_one_argument_with_further_parts_chained():
    assert parse_conf("a=1 --conf b=x=y --conf c=two words") == {"a": "1", "b": "x=y", "c": "two words"}
    assert parse_conf("--conf a=1") == {"a": "1"}
    assert parse_conf("") == {}


def test_a_part_of_conf_without_a_value_is_named():
    with pytest.raises(SettingsRefused, match="'spark b'"):
        parse_conf("a=1 --conf spark b")


def test_every_declared_iceberg_catalog_finds_the_account():
    conf = f"{LAKE}=org.apache.iceberg.spark.SparkCatalog --conf spark.sql.catalog.other=com.example.Catalog"
    settings = spark_settings({"--conf": conf}, HOME)
    assert settings[f"{LAKE}.glue.endpoint"] == settings[f"{LAKE}.s3.endpoint"] == HOME.endpoint
    assert settings[f"{LAKE}.s3.path-style-access"] == "true"
    assert settings[f"{LAKE}.client.region"] == "eu-north-1"
    assert "spark.sql.catalog.other.glue.endpoint" not in settings


def test_the_job_decides_but_for_where_and_how_large_its_driver_is():
    conf = "spark.sql.shuffle.partitions=7 --conf spark.master=yarn --conf spark.driver.memory=10g"
    settings = spark_settings({"--conf": conf}, HOME)
    assert settings["spark.sql.shuffle.partitions"] == "7"
    assert settings["spark.master"] == "local[2]"
    assert "spark.driver.memory" not in settings
    assert settings["spark.driver.bindAddress"] == settings["spark.driver.host"] == "127.0.0.1"


def test_iceberg_is_only_there_when_asked_for():
    assert wants_iceberg({"--datalake-formats": "iceberg"})
    assert not wants_iceberg({})
    with pytest.raises(SettingsRefused, match="delta"):
        wants_iceberg({"--datalake-formats": "iceberg, delta"})


def test_a_run_overrides_the_arguments_of_its_job():
    job = {
        **JOB,
        "DefaultArguments": {"--a": "1", "--b": "2"},
        "Timeout": 5,
        "WorkerType": "G.2X",
        "NumberOfWorkers": 3,
    }
    run = merge(job, {"Id": "jr_1", "Arguments": {"--b": "3"}}, "123456789012")
    assert run.argv == ["--a", "1", "--b", "3", "--JOB_NAME", "j", "--JOB_RUN_ID", "jr_1"]
    assert run.role_arn == "arn:aws:iam::123456789012:role/r"
    assert (run.timeout_seconds, run.dpu, run.script) == (300, 6, "s3://code/j.py")


def test_what_a_job_is_spared_it_may_ask_for():
    asked = {"--conf": "spark.buffer.pageSize=8m"}
    found = [spark_settings(arguments, HOME)["spark.buffer.pageSize"] for arguments in ({}, asked)]
    assert found == ["1m", "8m"]


def test_a_job_may_say_where_it_logs():
    assert merge(JOB, {}, "1").log_prefix == "/aws-glue/jobs"
    own = {**JOB, "DefaultArguments": {"--custom-logGroup-prefix": "/lake/curate"}}
    assert merge(own, {}, "1").log_prefix == "/lake/curate"


def test_extra_files_are_separated_by_commas():
    run = merge({**JOB, "DefaultArguments": {"--extra-py-files": "s3://c/a.zip, s3://c/b.zip"}}, {}, "1")
    assert run.py_files == ["s3://c/a.zip", "s3://c/b.zip"]


@pytest.mark.parametrize(
    ("job", "named"),
    [
        ({**JOB, "Command": {"Name": "pythonshell"}}, "pythonshell"),
        ({**JOB, "DefaultArguments": {"--extra-jars": "s3://c/x.jar"}}, "--extra-jars"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_by_name(job, named):
    with pytest.raises(JobRefused, match=named):
        merge(job, {}, "1")


def test_a_place_in_s3_may_hold_any_sign():
    assert bucket_and_key("s3://code/a b/x#1.py") == ("code", "a b/x#1.py")
    with pytest.raises(JobRefused, match="https://code/x"):
        bucket_and_key("https://code/x")


@pytest.mark.parametrize(
    ("state", "severity", "message"),
    [
        ("SUCCEEDED", "INFO", "Job run succeeded"),
        ("STOPPED", "INFO", "Job run stopped"),
        ("TIMEOUT", "WARN", "Job run timed out"),
        ("FAILED", "ERROR", "JobName:j and JobRunId:jr_1 failed to execute with exception ValueError: 7"),
    ],
)
def test_the_event_tells_how_a_run_ended(state, severity, message):
    event = state_change(RunRecord("j", "jr_1", state, "ValueError: 7", 1, 2, 2.0, False))
    assert (event["source"], event["detail-type"]) == ("aws.glue", "Glue Job State Change")
    assert event["detail"] == {
        "jobName": "j",
        "jobRunId": "jr_1",
        "state": state,
        "severity": severity,
        "message": message,
    }
