"""What a program declares of a job makes a difference to its runs."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.spark.job import JobRefused, JobRun, merge
from tests.rehearsal.honesty.conftest import Make

COMMAND = {"scriptLocation": "s3://code/job.py"}
ROLE = "arn:aws:iam::123456789012:role/worker"


def run_of(account: Account, make: Make, name: str, **inputs: Any) -> JobRun:
    make("aws:glue/job:Job", name, name=name, roleArn=ROLE, **{"command": COMMAND, **inputs})
    return merge(account.client("glue").get_job(JobName=name)["Job"], {}, "123456789012")


def test_a_run_may_take_as_long_as_its_job_says(account: Account, make: Make) -> None:
    assert run_of(account, make, "short", timeout=3).timeout_seconds == 180
    assert run_of(account, make, "long").timeout_seconds == 480 * 60


def test_a_job_that_is_no_spark_job_is_refused(account: Account, make: Make) -> None:
    with pytest.raises(JobRefused, match="pythonshell"):
        run_of(account, make, "shell", command={**COMMAND, "name": "pythonshell"})
