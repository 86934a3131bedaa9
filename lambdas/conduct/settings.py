"""What the conducting functions are told by their environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lambdas.environment import needed


@dataclass(frozen=True)
class StartSettings:
    runs_table: str
    job_prefix: str
    raw_bucket: str  # empty: the queue's policy alone says whose events come

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> StartSettings:
        names = needed(environment, "RUNS_TABLE"), needed(environment, "JOB_PREFIX")
        return cls(*names, environment.get("RAW_BUCKET", ""))


@dataclass(frozen=True)
class RecordSettings:
    runs_table: str
    curated_bucket: str
    job_prefix: str
    upkeep_job: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> RecordSettings:
        table, bucket, prefix = (needed(environment, name) for name in ("RUNS_TABLE", "CURATED_BUCKET", "JOB_PREFIX"))
        return cls(table, bucket, prefix, environment.get("UPKEEP_JOB", ""))


@dataclass(frozen=True)
class ReconcileSettings(RecordSettings):
    extract_prefix: str = ""
    streams: tuple[str, ...] = ()  # of the stack, each as source/stream

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ReconcileSettings:
        record = RecordSettings.from_environment(environment)
        streams = tuple(needed(environment, "STREAMS").split(","))
        return cls(**vars(record), extract_prefix=needed(environment, "EXTRACT_PREFIX"), streams=streams)
