"""What a run of a deployed job is asked to do: the job and the run, merged as Glue merges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.errors import RehearsalError
from rehearsal.spark import settings

GLUE = "glue.amazonaws.com"
LOG_PREFIX = "/aws-glue/jobs"
DEFAULT_TIMEOUT_MINUTES = 480
DPU_OF_WORKER = {
    **{
        "G.025X": 0.25,
        "Standard": 1.0,
        "G.1X": 1.0,
        "G.2X": 2.0,
        "G.4X": 4.0,
        "G.8X": 8.0,
        "G.12X": 12.0,
        "G.16X": 16.0,
    },
    **{"R.1X": 1.0, "R.2X": 2.0, "R.4X": 4.0, "R.8X": 8.0, "Z.2X": 2.0},
}
NOT_REHEARSED = ("--extra-jars", "--extra-files", "--additional-python-modules", "--user-jars-first")


class JobRefused(RehearsalError):
    """A job cannot be run here as it is declared. The message is what its run will show."""


@dataclass(frozen=True)
class JobRun:
    """One run, ready to be carried out. ``arguments`` are the job's own, overridden by the run's."""

    job_name: str
    run_id: str
    role_arn: str
    script: str
    arguments: Mapping[str, str] = field(hash=False)
    timeout_seconds: float = DEFAULT_TIMEOUT_MINUTES * 60.0
    dpu: float = 0.0

    @property
    def driver_needs(self) -> tuple[str, str, bool]:
        """What a driver is started with. One started ahead serves every run that needs the same."""
        return self.role_arn, self.arguments.get("--conf", ""), settings.wants_iceberg(self.arguments)

    @property
    def py_files(self) -> list[str]:
        named = self.arguments.get("--extra-py-files", "").split(",")
        return [name.strip() for name in named if name.strip()]

    @property
    def log_prefix(self) -> str:
        """What the names of its log groups begin with: Glue's own, unless the job has others."""
        return self.arguments.get("--custom-logGroup-prefix") or LOG_PREFIX

    @property
    def argv(self) -> list[str]:
        """The arguments as the script sees them: all of them, and who it is."""
        own = {**self.arguments, "--JOB_NAME": self.job_name, "--JOB_RUN_ID": self.run_id}
        return [word for name, value in own.items() for word in (name, value)]


def merge(job: Mapping[str, Any], run: Mapping[str, Any], account_id: str) -> JobRun:
    """A run from what GetJob and GetJobRun answer. Refuses by name what this machine would not do as Glue does."""
    command = job["Command"]
    if command.get("Name") != "glueetl":
        raise JobRefused(f"job {job['Name']} is of kind {command.get('Name')!r}; only glueetl can be rehearsed")
    arguments = {**job.get("DefaultArguments", {}), **run.get("Arguments", {})}
    for name in NOT_REHEARSED:
        if arguments.get(name):
            raise JobRefused(
                f"job {job['Name']} has {name} {arguments[name]!r}, which cannot be rehearsed; leave it out"
            )
    minutes = run.get("Timeout") or job.get("Timeout") or DEFAULT_TIMEOUT_MINUTES
    return JobRun(
        job_name=job["Name"],
        run_id=run.get("Id", ""),
        role_arn=role_arn(job["Role"], account_id),
        script=arguments.get("--scriptLocation") or command["ScriptLocation"],
        arguments=arguments,
        timeout_seconds=minutes * 60.0,
        dpu=dpu(job),
    )


def role_arn(role: str, account_id: str) -> str:
    """A job names its role by ARN or by name."""
    return role if role.startswith("arn:") else f"arn:aws:iam::{account_id}:role/{role}"


def dpu(job: Mapping[str, Any]) -> float:
    """The units that Glue bills for each second of a run."""
    workers, kind = job.get("NumberOfWorkers"), job.get("WorkerType")
    if workers and kind in DPU_OF_WORKER:
        return float(workers) * DPU_OF_WORKER[kind]
    return float(job.get("MaxCapacity") or job.get("AllocatedCapacity") or 10.0)
