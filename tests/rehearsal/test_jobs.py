"""Runs of deployed Glue jobs: their states, messages, events and logs, and what the script finds around it."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile

import pytest

from rehearsal.jobs import Jobs
from rehearsal.spark.driver import Driver, Ended
from rehearsal.spark.drivers import Drivers
from rehearsal.spark.lending import ADDRESS, Borrowed
from rehearsal.spark.training import CONF

TRUSTS_GLUE = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
MAY_ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
TRUSTS_LAMBDA = {**TRUSTS_GLUE, "Principal": {"Service": "lambda.amazonaws.com"}}
ICEBERG = {"--datalake-formats": "iceberg", "--conf": " --conf ".join(f"{name}={CONF[name]}" for name in CONF)}

GOOD_JOB = """
import os, sys, boto3, helper
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("good").getOrCreate()
boto3.client("s3").put_object(Bucket="curated", Key="arguments", Body=" ".join(sys.argv[1:]).encode())
spark.sql("CREATE TABLE glue_catalog.lake.t (id int, name string) USING iceberg")
spark.createDataFrame([(1, "a"), (2, None)], "id int, name string").createOrReplaceTempView("news")
for _ in range(2):
    spark.sql("MERGE INTO glue_catalog.lake.t o USING news n ON o.id = n.id WHEN NOT MATCHED THEN INSERT *")
print("rows", spark.table("glue_catalog.lake.t").count())
print("lines", spark.read.text("s3://code/lines.txt").count(), spark.read.text("s3a://code/lines.txt").count())
print("helper", helper.NAME, "stdin", repr(sys.stdin.read()))
try:
    import rehearsal
except ImportError as error:
    print(error)
try:
    import moto
except ImportError as error:
    print(error)
"""

BAD_JOB = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.sql.extensions", "x.Unknown").getOrCreate()
print("app", spark.sparkContext.getConf().get("spark.sql.extensions"))
try:
    spark.sparkContext._jvm.java.lang.Class.forName("org.apache.iceberg.spark.SparkCatalog")
except Exception as error:
    print("no iceberg", "ClassNotFound" in str(error))
raise ValueError("rows in 3, rows out 2\\nthe rest is for the log")
"""

LEAVING_JOB = """
import os, sys, threading
from pathlib import Path
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", "7").getOrCreate()
java = spark.sparkContext._jvm
print("java", java.ProcessHandle.current().pid(), "folder", os.getcwd())
Path("left.txt").write_text("left")
os.environ["LEFT"] = sys.left = "left"
spark.range(3).createOrReplaceGlobalTempView("left")
spark.conf.set("spark.sql.ansi.enabled", "false")
spark.sparkContext.setLocalProperty("left", "left")
java.System.setProperty("spark.sql.session.timeZone", "Asia/Tokyo")
spark.sparkContext.setLogLevel("OFF")
java.org.apache.hadoop.fs.FileSystem.get(spark.sparkContext._jsc.hadoopConfiguration())
threading.Thread(target=threading.Event().wait).start()
spark.read.text("s3://code/lines.txt").count()
print("left a view,", spark.table("global_temp.left").count(), "rows", flush=True)
raise ValueError("and left")
"""

LOOKING_JOB = """
import os, sys
from pathlib import Path
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
spark = SparkSession.builder.getOrCreate()
java = spark.sparkContext._jvm
print("java", java.ProcessHandle.current().pid(), "folder", os.getcwd())
print(Path("left.txt").exists(), "LEFT" in os.environ, hasattr(sys, "left"))
print(spark.catalog.tableExists("global_temp.left"), spark.sparkContext.getLocalProperty("left"))
print(*(spark.conf.get(f"spark.sql.{name}") for name in ("shuffle.partitions", "ansi.enabled", "session.timeZone")))
print(spark.range(5).repartition(2).select(udf(lambda n: n + 1, "long")("id").alias("n")).agg({"n": "sum"}).first()[0])
spark.range(2).write.csv("written")
print(len(list(Path("written").glob("part-*"))) > 0)
print("lines", spark.read.text("s3://code/lines.txt").count())
java.org.apache.logging.log4j.LogManager.getLogger("looking").warn("a warning of this run")
"""

ENDLESS_JOB = """
import time, boto3
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().range(3).count()
boto3.client("s3").put_object(Bucket="curated", Key="endless", Body=b"began")
time.sleep(600)
"""

SLEEPING_JOB = "import time; time.sleep(600)"


class FakeDriver:
    """Ends as told, at once or when killed."""

    def __init__(self, ended: Ended | None, comes_up: bool = True, until_killed: bool = False) -> None:
        self.ended, self.comes_up, self.given = ended, comes_up, []
        self.ready, self.killed = threading.Event(), threading.Event()
        if not until_killed:
            self.killed.set()

    is_alive = is_fresh = True

    def await_ready(self) -> bool:
        self.ready.set()
        return self.comes_up

    def give(self, script, argv, py_files) -> None:
        self.given.append(argv)

    def wait(self, timeout_seconds=None) -> Ended | None:
        self.killed.wait(30)
        return self.ended

    def kill(self) -> None:
        self.killed.set()

    end = kill

    def close(self) -> None:
        self.killed.set()

    dismiss = close

    def written(self, name: str) -> str:
        return f"{name} of the script\nsecond line\n"


class Lake:
    """An account with a job role, two buckets and a place for scripts; the jobs' events are kept."""

    def __init__(self, account, jobs: Jobs) -> None:
        self.account, self.jobs = account, jobs
        self.glue, self.s3, self.logs = account.client("glue"), account.client("s3"), account.client("logs")

    def run(self, job: str, **asked) -> dict:
        run_id = self.start(job, **asked)
        return self.end_of(job, run_id)

    def start(self, job: str, **asked) -> str:
        return self.glue.start_job_run(JobName=job, **asked)["JobRunId"]

    def end_of(self, job: str, run_id: str) -> dict:
        deadline = time.monotonic() + 240
        while run_id in self.jobs.running() and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]

    def await_object(self, key: str) -> None:
        deadline = time.monotonic() + 120
        while not self.s3.list_objects_v2(Bucket="curated", Prefix=key)["KeyCount"] and time.monotonic() < deadline:
            time.sleep(0.02)

    def log(self, kind: str, run_id: str) -> str:
        found = self.logs.get_log_events(logGroupName=f"/aws-glue/jobs/{kind}", logStreamName=run_id)["events"]
        return "\n".join(event["message"] for event in found)

    def declare(self, name: str, script: str | None = None, role: str = "job", **more) -> str:
        if script is not None:
            self.s3.put_object(Bucket="code", Key=f"{name}.py", Body=script.encode())
        command = {"Name": "glueetl", "ScriptLocation": f"s3://code/{name}.py"}
        self.glue.create_job(Name=name, Role=role, Command=command, ExecutionProperty={"MaxConcurrentRuns": 3}, **more)
        return name


@pytest.fixture(scope="module")
def deployed(account):
    iam, s3 = account.client("iam"), account.client("s3")
    for name, trust in (("job", TRUSTS_GLUE), ("reader", TRUSTS_GLUE), ("other", TRUSTS_LAMBDA)):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
        iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=MAY_ALL)
    for bucket in ("code", "curated"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.region})
    account.client("glue").create_database(DatabaseInput={"Name": "lake"})
    return account


@pytest.fixture
def events(deployed, monkeypatch):
    put: list[dict] = []
    monkeypatch.setattr(deployed.hooks, "event_put", put.append)
    return put


@pytest.fixture
def lake(deployed, events, monkeypatch):
    jobs = Jobs(deployed)
    monkeypatch.setattr(deployed.hooks, "job_run_started", jobs.start)
    monkeypatch.setattr(deployed.hooks, "job_run_stopped", jobs.stop)
    yield Lake(deployed, jobs)
    jobs.close()


@pytest.fixture(scope="module")
def warm_jobs(deployed):
    """Jobs that go on from test to test: what one leaves, the next one finds. Nobody else has their Javas."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(ADDRESS, raising=False)
        jobs = Jobs(deployed)
    yield jobs
    jobs.close()


@pytest.fixture
def warm_lake(deployed, events, warm_jobs, monkeypatch):
    monkeypatch.setattr(deployed.hooks, "job_run_started", warm_jobs.start)
    monkeypatch.setattr(deployed.hooks, "job_run_stopped", warm_jobs.stop)
    return Lake(deployed, warm_jobs)


@pytest.fixture
def driver(monkeypatch):
    """Every new driver is the one that this is told: ``driver(FakeDriver(...))``."""

    def use(fake: FakeDriver) -> FakeDriver:
        monkeypatch.setattr(Drivers, "new", lambda self, run: fake)
        return fake

    return use


def test_a_run_that_ends_well_has_its_times_its_event_and_its_logs(lake, events, driver, unique):
    fake = driver(FakeDriver(Ended(None, 1.0)))
    job = lake.declare(unique("job"), "", DefaultArguments={"--a": "1"}, WorkerType="G.1X", NumberOfWorkers=2)
    run = lake.run(job, Arguments={"--b": "2"})
    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert run["CompletedOn"] >= run["StartedOn"]
    assert fake.given == [["--a", "1", "--b", "2", "--JOB_NAME", job, "--JOB_RUN_ID", run["Id"]]]
    assert [event["detail"]["state"] for event in events] == ["SUCCEEDED"]
    assert lake.log("output", run["Id"]) == "stdout of the script\nsecond line"
    assert lake.log("error", run["Id"]) == "stderr of the script\nsecond line"
    assert [(record.state, record.dpu) for record in lake.jobs.records] == [("SUCCEEDED", 2.0)]


def test_the_script_is_read_and_the_logs_are_written_under_the_jobs_role(lake, driver, unique):
    driver(FakeDriver(Ended(None, 1.0)))
    job = lake.declare(unique("job"), "")
    mark = lake.account.calls.mark()
    lake.run(job)
    under_role = [call.operation for call in lake.account.calls.since(mark) if call.principal.startswith("job/")]
    assert under_role[0] == "GetObject"
    assert under_role.count("PutLogEvents") == 2


def test_the_failure_of_a_script_is_the_message_of_its_run(lake, events, driver, unique):
    driver(FakeDriver(Ended("ValueError: 7 is odd", 1.0)))
    run = lake.run(lake.declare(unique("job"), ""))
    assert (run["JobRunState"], run["ErrorMessage"]) == ("FAILED", "ValueError: 7 is odd")
    assert events[0]["detail"]["severity"] == "ERROR"
    assert events[0]["detail"]["message"].endswith("failed to execute with exception ValueError: 7 is odd")


def test_a_run_over_its_time_is_ended(lake, events, driver, unique):
    fake = driver(FakeDriver(None))
    run = lake.run(lake.declare(unique("job"), ""), Timeout=1)
    assert run["JobRunState"] == "TIMEOUT"
    assert fake.killed.is_set()
    assert events[0]["detail"]["state"] == "TIMEOUT"


def test_a_run_that_is_stopped_while_it_works_or_starts(lake, events, driver, unique):
    for comes_up in (True, False):
        fake = driver(FakeDriver(Ended("killed", 1.0), comes_up, until_killed=True))
        job = lake.declare(unique("job"), "")
        run_id = lake.start(job)
        assert fake.ready.wait(30)
        lake.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
        assert lake.end_of(job, run_id)["JobRunState"] == "STOPPED"
    assert [event["detail"]["state"] for event in events] == ["STOPPED", "STOPPED"]


def test_closing_stops_what_runs(lake, driver, unique):
    fake = driver(FakeDriver(Ended("killed", 1.0), until_killed=True))
    job = lake.declare(unique("job"), "")
    run_id = lake.start(job)
    assert fake.ready.wait(30)
    lake.jobs.close()
    assert lake.jobs.running() == []
    assert lake.end_of(job, run_id)["JobRunState"] == "STOPPED"


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"script": None}, "LAUNCH ERROR | Error downloading from S3 for bucket: code, key: "),
        ({"script": "", "role": "other"}, "should be given assume role permissions for Glue Service"),
        ({"script": "", "role": "nobody"}, "there is no such role"),
        ({"script": "", "DefaultArguments": {"--datalake-formats": "hudi"}}, "--datalake-formats hudi"),
        ({"script": "", "DefaultArguments": {"--extra-files": "s3://x/y"}}, "--extra-files"),
        ({"script": "", "DefaultArguments": {"--conf": "nonsense"}}, "'nonsense'"),
        ({"script": "", "DefaultArguments": {"--extra-py-files": "s3://code/none.zip"}}, "key: none.zip"),
    ],
)
def test_a_run_that_cannot_begin_fails_and_says_why(lake, events, unique, declared, message):
    run = lake.run(lake.declare(unique("job"), **declared))
    assert run["JobRunState"] == "FAILED"
    assert message in run["ErrorMessage"]
    assert [event["detail"]["state"] for event in events] == ["FAILED"]


def test_logs_that_may_not_be_written_do_not_fail_the_run(lake, driver, unique, monkeypatch):
    driver(FakeDriver(Ended(None, 1.0)))
    monkeypatch.setattr("rehearsal.jobs.LogStream.write", lambda *_: "AccessDenied")
    run = lake.run(lake.declare(unique("job"), ""))
    assert run["JobRunState"] == "SUCCEEDED"
    assert lake.jobs.unlogged == [(run["Id"], "AccessDenied")] * 2


def test_a_driver_started_ahead_is_taken_once_and_only_where_it_fits(lake, driver, unique):
    job = lake.declare(unique("job"), "")
    for arguments, ahead in (({}, True), ({"--conf": "spark.x=1"}, False)):
        prepared = driver(FakeDriver(Ended(None, 1.0)))
        lake.jobs.prepare(job)
        lake.jobs.prepare(job)
        driver(FakeDriver(Ended(None, 1.0)))
        lake.run(job, Arguments=arguments)
        assert lake.jobs.records[-1].started_ahead is ahead
        assert bool(prepared.given) is ahead
    lake.run(job)
    assert lake.jobs.records[-1].started_ahead is False


def test_preparing_twice_starts_one_driver(lake, unique, monkeypatch):
    made: list[FakeDriver] = []
    monkeypatch.setattr(Drivers, "new", lambda self, run: made.append(FakeDriver(Ended(None, 1.0))) or made[-1])
    job = lake.declare(unique("job"), "")
    lake.jobs.prepare(job)
    lake.jobs.prepare(job)
    assert len(made) == 1


def test_preparing_an_unknown_job_is_left_to_its_run(lake):
    lake.jobs.prepare("no-such-job")
    assert lake.jobs.running() == []


def zipped(name: str, text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text)
    return file.getvalue()


def test_a_deployed_script_really_runs_on_spark_with_iceberg(lake, unique):
    lake.s3.put_object(Bucket="code", Key="helper.zip", Body=zipped("helper.py", "NAME = 'from the zip'"))
    lake.s3.put_object(Bucket="code", Key="lines.txt", Body=b"1\n2\n")
    arguments = {**ICEBERG, "--extra-py-files": "s3://code/helper.zip", "--who": "two words"}
    job = lake.declare(unique("good"), GOOD_JOB, DefaultArguments=arguments)
    lake.jobs.prepare(job)
    run = lake.run(job)
    said = lake.log("output", run["Id"])
    assert run["JobRunState"] == "SUCCEEDED", run.get("ErrorMessage", "") + lake.log("error", run["Id"])
    assert said.splitlines() == [
        "rows 2",
        "lines 2 2",
        "helper from the zip stdin ''",
        "No module named 'rehearsal'",
        "No module named 'moto'",
    ]
    assert lake.jobs.records[-1].started_ahead
    table = lake.glue.get_table(DatabaseName="lake", Name="t")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    passed = lake.s3.get_object(Bucket="curated", Key="arguments")["Body"].read().decode()
    assert passed.endswith(f"--who two words --JOB_NAME {job} --JOB_RUN_ID {run['Id']}")


def test_a_java_that_no_run_has_used_is_given_back_clean(lake, unique, monkeypatch):
    made, back = watch_drivers(monkeypatch), []
    give_back = Borrowed.give_back
    monkeypatch.setattr(Borrowed, "give_back", lambda machine: (back.append(machine.is_alive), give_back(machine)))
    lake.jobs.prepare(lake.declare(unique("unused"), SLEEPING_JOB, DefaultArguments=ICEBERG))
    lake.jobs.close()
    assert back == [True] and made[0].wait(0).failure is None


def watch_drivers(monkeypatch) -> list[Driver]:
    """The real drivers, as they are made."""
    made: list[Driver] = []
    new = Drivers.new
    monkeypatch.setattr(Drivers, "new", lambda self, run: made.append(new(self, run)) or made[-1])
    return made


def javas(lake, run) -> list[str]:
    """The process and the folder of the Java that served a run."""
    return lake.log("output", run["Id"]).splitlines()[0].split()[1::2]


@pytest.fixture(scope="module")
def left():
    """The Java that the first run of this story left, by its process and its folder."""
    return []


def test_a_run_leaves_things_in_its_java_and_around_it_and_fails(warm_lake, unique, left):
    run = warm_lake.run(warm_lake.declare(unique("leaving"), LEAVING_JOB))
    assert run.get("ErrorMessage") == "ValueError: and left", warm_lake.log("error", run["Id"])
    assert warm_lake.log("output", run["Id"]).splitlines()[1:] == ["left a view, 3 rows"]
    left += javas(warm_lake, run)


def test_the_next_run_of_another_role_has_the_same_java_and_finds_nothing_left(warm_lake, unique, left):
    mark = warm_lake.account.calls.mark()
    run = warm_lake.run(warm_lake.declare(unique("looking"), LOOKING_JOB, role="reader"))
    assert run["JobRunState"] == "SUCCEEDED", warm_lake.log("error", run["Id"])
    assert javas(warm_lake, run) == left
    local = time.tzname and warm_lake.log("output", run["Id"]).splitlines()[3].split()
    assert local[:2] == ["200", "true"] and local[2] != "Asia/Tokyo"
    said = warm_lake.log("output", run["Id"]).splitlines()
    assert [said[1], said[2], *said[4:]] == ["False False False", "False None", "15", "True", "lines 2"]
    calls = warm_lake.account.calls.since(mark)
    readers = [call.principal.split("/")[0] for call in calls if call.resource == "code/lines.txt"]
    assert readers and {"reader"} == set(readers), "the run before had another role"


def test_the_log_of_a_run_on_a_used_java_holds_its_own_lines_and_no_other_kind_of_them(warm_lake):
    run_id = warm_lake.jobs.records[-1].run_id
    errors = warm_lake.log("error", run_id)
    assert "a warning of this run" in errors, "the run before had switched all lines off"
    assert " INFO " not in errors


def test_a_script_that_raises_fails_its_run_and_leaves_nothing_behind(warm_lake, unique, monkeypatch, left):
    lake, made = warm_lake, watch_drivers(monkeypatch)
    run = lake.run(lake.declare(unique("bad"), BAD_JOB))
    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"] == "ValueError: rows in 3, rows out 2"
    assert "the rest is for the log" in lake.log("error", run["Id"])
    assert lake.log("output", run["Id"]).splitlines() == ["app x.Unknown", "no iceberg True"]
    assert str(made[0].machine.work) == left[1], "it was not the Java that two runs had used"
    assert not made[0].is_alive
    assert not made[0].machine.folder.exists()


def test_a_real_run_that_is_stopped_says_so_and_leaves_no_java(lake, unique, monkeypatch):
    made = watch_drivers(monkeypatch)
    job = lake.declare(unique("endless"), ENDLESS_JOB, DefaultArguments=ICEBERG)
    run_id = lake.start(job)
    lake.await_object("endless")
    lake.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    assert lake.end_of(job, run_id)["JobRunState"] == "STOPPED"
    assert not made[0].is_alive


def test_a_real_run_that_takes_too_long_is_ended(lake, unique, monkeypatch):
    made = watch_drivers(monkeypatch)
    wait = Driver.wait
    monkeypatch.setattr(Driver, "wait", lambda self, limit=None: wait(self, limit and limit / 30))  # 2 s for a minute
    run = lake.run(lake.declare(unique("sleeping"), SLEEPING_JOB, Timeout=1, DefaultArguments=ICEBERG))
    assert (run["JobRunState"], run["ErrorMessage"]) == ("TIMEOUT", "Job run timed out")
    assert not made[0].is_alive
