"""What the functions measure: the names under which CloudWatch keeps it, and by what each is told apart.

A metric has one set of dimensions and no more: CloudWatch charges for each name with each of their values.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "Lakelet"

STACK = "stack"
SOURCE = "source"
STREAM = "stream"

OF_STACK = (STACK,)
OF_SOURCE = (STACK, SOURCE)
OF_STREAM = (STACK, SOURCE, STREAM)


@dataclass(frozen=True)
class Metric:
    """``unit`` is one of CloudWatch's; ``by`` are the dimensions, which are fields of the same log line."""

    name: str
    unit: str
    by: tuple[str, ...]


# extract
PAGES = Metric("Pages", "Count", OF_SOURCE)
ROWS = Metric("Rows", "Count", OF_SOURCE)
RETRIES = Metric("Retries", "Count", OF_SOURCE)
QUOTA_LEFT = Metric("QuotaLeft", "Count", OF_SOURCE)  # calls, in the longest window of the quota

# curate
LAG = Metric("Lag", "Seconds", OF_SOURCE)  # from the scheduled time to the tables
ROWS_IN = Metric("RowsIn", "Count", OF_SOURCE)
ROWS_SET_ASIDE = Metric("RowsSetAside", "Count", OF_SOURCE)
SHARE_BAD = Metric("ShareBad", "Percent", OF_SOURCE)  # rows set aside that no table expects
ROWS_CHANGED = Metric("RowsChanged", "Count", OF_SOURCE)  # rows of tables that a job inserted, updated or deleted

# runs and jobs
RUNS_CURATED = Metric("RunsCurated", "Count", OF_STREAM)
HOURS_SINCE_SUCCESS = Metric("HoursSinceSuccess", "None", OF_STREAM)  # since the newest curated run was due
RUNS_FAILED = Metric("RunsFailed", "Count", OF_STACK)
RUNS_PARKED = Metric("RunsParked", "Count", OF_STACK)
JOBS_FAILED = Metric("JobsFailed", "Count", OF_STACK)  # however they failed
JOBS_TIMED_OUT = Metric("JobsTimedOut", "Count", OF_STACK)  # those of them that took too long

METRICS = (
    *(PAGES, ROWS, RETRIES, QUOTA_LEFT),
    *(LAG, ROWS_IN, ROWS_SET_ASIDE, SHARE_BAD, ROWS_CHANGED),
    *(RUNS_CURATED, HOURS_SINCE_SUCCESS, RUNS_FAILED, RUNS_PARKED, JOBS_FAILED, JOBS_TIMED_OUT),
)
