from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from rehearsal.patches.glue import UnknownState


@pytest.fixture
def glue(account):
    return account.client("glue")


@pytest.fixture
def job(account, glue, unique, monkeypatch):
    """A job of which one run at a time may go on; what the hooks heard is in account.heard."""
    name = unique("job")
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/job.py"}
    glue.create_job(
        Name=name,
        Role="r",
        Command=command,
        GlueVersion="6.0",
        DefaultArguments={"--a": "1", "--b": "1"},
        ExecutionProperty={"MaxConcurrentRuns": 1},
    )
    heard: list[tuple[str, str, str]] = []
    monkeypatch.setattr(account.hooks, "job_run_started", lambda job, run: heard.append(("started", job, run)))
    monkeypatch.setattr(account.hooks, "job_run_stopped", lambda job, run: heard.append(("stopped", job, run)))
    account.heard = heard
    return name


def run_of(glue, job, run):
    return glue.get_job_run(JobName=job, RunId=run)["JobRun"]


def code(refused) -> str:
    return str(refused.value.response["Error"]["Code"])


def test_a_run_stays_in_starting_and_is_told_of(account, glue, job):
    run = glue.start_job_run(JobName=job)["JobRunId"]
    for _ in range(5):
        told = run_of(glue, job, run)
    assert told["JobRunState"] == "STARTING"
    assert told["ExecutionTime"] == 0
    assert told["LogGroupName"] == "/aws-glue/jobs"
    assert told["GlueVersion"] == "6.0"
    assert "CompletedOn" not in told
    assert [run["JobRunState"] for run in glue.get_job_runs(JobName=job)["JobRuns"]] == ["STARTING"]
    assert account.heard == [("started", job, run)]


def test_a_run_shows_the_arguments_that_it_was_given(glue, job):
    run = glue.start_job_run(JobName=job, Arguments={"--b": "2"})["JobRunId"]
    assert run_of(glue, job, run)["Arguments"] == {"--b": "2"}
    assert glue.get_job(JobName=job)["Job"]["DefaultArguments"] == {"--a": "1", "--b": "1"}


def test_a_driver_moves_the_run_and_the_clock_gives_its_times(account, glue, job):
    run = glue.start_job_run(JobName=job)["JobRunId"]
    account.set_job_run_state(job, run, "RUNNING")
    account.clock.advance(90)
    account.set_job_run_state(job, run, "FAILED", error="no such table")
    told = run_of(glue, job, run)
    assert (told["JobRunState"], told["ErrorMessage"]) == ("FAILED", "no such table")
    assert 90 <= told["ExecutionTime"] < 150
    assert 90 <= (told["CompletedOn"] - told["StartedOn"]).total_seconds() < 150


def test_a_run_that_has_ended_stays_as_it_ended(account, glue, job):
    run = glue.start_job_run(JobName=job)["JobRunId"]
    account.set_job_run_state(job, run, "TIMEOUT")
    account.set_job_run_state(job, run, "SUCCEEDED")
    assert run_of(glue, job, run)["JobRunState"] == "TIMEOUT"
    with pytest.raises(UnknownState, match="DONE"):
        account.set_job_run_state(job, run, "DONE")


@pytest.mark.parametrize("state", ["STARTING", "RUNNING", "STOPPING"])
def test_a_run_that_goes_on_keeps_out_the_next(account, glue, job, state):
    run = glue.start_job_run(JobName=job)["JobRunId"]
    account.set_job_run_state(job, run, state)
    with pytest.raises(ClientError) as refused:
        glue.start_job_run(JobName=job)
    assert code(refused) == "ConcurrentRunsExceededException"
    account.set_job_run_state(job, run, "STOPPED")
    assert glue.start_job_run(JobName=job)["JobRunId"] != run
    assert [heard[0] for heard in account.heard] == ["started", "started"]


def test_of_many_starts_at_once_one_wins(glue, job):
    def start(_: int) -> bool:
        try:
            return bool(glue.start_job_run(JobName=job))
        except ClientError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(start, range(16))) == 1


def test_stopping_is_asked_for_and_the_driver_stops(account, glue, job):
    run = glue.start_job_run(JobName=job)["JobRunId"]
    answer = glue.batch_stop_job_run(JobName=job, JobRunIds=[run, "jr_unknown"])
    assert answer["SuccessfulSubmissions"] == [{"JobName": job, "JobRunId": run}]
    assert [error["ErrorDetail"]["ErrorCode"] for error in answer["Errors"]] == ["EntityNotFoundException"]
    assert run_of(glue, job, run)["JobRunState"] == "STOPPING"
    assert account.heard[-1] == ("stopped", job, run)
    account.set_job_run_state(job, run, "STOPPED")
    again = glue.batch_stop_job_run(JobName=job, JobRunIds=[run])
    assert [error["ErrorDetail"]["ErrorCode"] for error in again["Errors"]] == ["InvalidInputException"]
    assert len(account.heard) == 2


def test_a_hook_may_call_the_account(account, glue, job, monkeypatch):
    seen = []
    monkeypatch.setattr(account.hooks, "job_run_started", lambda job, run: seen.append(run_of(glue, job, run)["Id"]))
    assert [glue.start_job_run(JobName=job)["JobRunId"]] == seen


def test_a_hook_that_fails_does_not_fail_the_call(account, glue, job, monkeypatch, caplog):
    monkeypatch.setattr(account.hooks, "job_run_started", lambda *_: 1 // 0)
    assert glue.start_job_run(JobName=job)["JobRunId"]
    assert "a hook of the account failed" in caplog.text


def test_of_two_updates_that_saw_the_same_version_one_wins(glue, unique):
    database = unique("db")
    glue.create_database(DatabaseInput={"Name": database})
    glue.create_table(DatabaseName=database, TableInput={"Name": "t", "Parameters": {"at": "0"}})
    seen = glue.get_table(DatabaseName=database, Name="t")["Table"]["VersionId"]

    def update(value: str, **version: str) -> None:
        glue.update_table(DatabaseName=database, TableInput={"Name": "t", "Parameters": {"at": value}}, **version)

    update("1", VersionId=seen)
    with pytest.raises(ClientError) as refused:
        update("2", VersionId=seen)
    assert code(refused) == "ConcurrentModificationException"
    assert glue.get_table(DatabaseName=database, Name="t")["Table"]["Parameters"] == {"at": "1"}
    update("3")
    assert glue.get_table(DatabaseName=database, Name="t")["Table"]["Parameters"] == {"at": "3"}
