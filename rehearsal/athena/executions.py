"""Query executions: accepted, run in a thread of their own, kept until the account stops."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rehearsal.athena.errors import BadRequest, CannotRehearse
from rehearsal.athena.results import Answer, csv_of, metadata_of
from rehearsal.errors import RehearsalError

PATIENCE_SECONDS = 0.25  # how long an answer to "is it done?" waits for a query that is nearly done
_UTILITY = ("ALTER", "CREATE", "DESCRIBE", "DESC", "DROP", "MSCK", "SHOW")


@dataclass
class Execution:
    """One execution. ``state``: QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED."""

    id: str
    sql: str
    parameters: list[str] | None
    context: Mapping[str, Any]
    result: dict[str, Any]
    workgroup: str
    submitted: float
    state: str = "QUEUED"
    reason: str = ""
    error: dict[str, Any] | None = None
    answer: Answer | None = None
    bytes_read: int = 0
    completed: float | None = None
    engine_seconds: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        return self.state in ("SUCCEEDED", "FAILED", "CANCELLED")

    def described(self) -> dict[str, Any]:
        """As GetQueryExecution tells it."""
        status = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason:
            status["StateChangeReason"] = self.reason
        if self.error:
            status["AthenaError"] = self.error
        milliseconds = int(self.engine_seconds * 1000)
        statistics = {
            "EngineExecutionTimeInMillis": milliseconds, "DataScannedInBytes": self.bytes_read,
            "TotalExecutionTimeInMillis": milliseconds, "QueryQueueTimeInMillis": 0,
            "ServicePreProcessingTimeInMillis": 0,
            "QueryPlanningTimeInMillis": 0, "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }  # fmt: skip
        told = {
            "QueryExecutionId": self.id, "Query": self.sql, "StatementType": self._type(),
            "ResultConfiguration": self.result, "QueryExecutionContext": dict(self.context), "Status": status,
            "Statistics": statistics, "WorkGroup": self.workgroup,
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
            "SubstatementType": self.answer.substatement if self.answer else "SELECT",
        }  # fmt: skip
        return {**told, "ExecutionParameters": self.parameters} if self.parameters else told

    def _type(self) -> str:
        if self.answer is not None:
            return self.answer.statement_type
        return "UTILITY" if self.sql.lstrip().upper().startswith(_UTILITY) else "DML"


class Executions:
    """All executions of an account in one region, the newest last."""

    def __init__(self) -> None:
        self._kept: dict[str, Execution] = {}
        self._lock = threading.Lock()

    def start(
        self, sql: str, parameters: list[str] | None, context: Mapping[str, Any], result: dict[str, Any],
            workgroup: str,
        work: Callable[[], Answer], put: Callable[[str, bytes], None],
    ) -> Execution:  # fmt: skip
        """Accept a statement and run ``work`` for it; ``put`` writes an object of the result."""
        made = Execution(str(uuid.uuid4()), sql, parameters, context, dict(result), workgroup, time.time())
        suffix = "txt" if made._type() == "UTILITY" else "csv"
        made.result["OutputLocation"] = f"{result['OutputLocation'].rstrip('/')}/{made.id}.{suffix}"
        with self._lock:
            self._kept[made.id] = made
        threading.Thread(target=self._run, args=(made, work, put), name=f"athena-{made.id[:8]}", daemon=True).start()
        return made

    def _run(self, made: Execution, work: Callable[[], Answer], put: Callable[[str, bytes], None]) -> None:
        started = time.perf_counter()
        made.state = "RUNNING"
        answer, failure = None, None
        try:
            answer = work()
            if not made.is_over:
                put(made.result["OutputLocation"], csv_of(answer))
                put(f"{made.result['OutputLocation']}.metadata", metadata_of(answer))
        except Exception as error:
            failure = error
        with self._lock:
            made.engine_seconds = time.perf_counter() - started
            if not made.is_over:
                self._end(made, answer, failure)
        made.done.set()

    def _end(self, made: Execution, answer: Answer | None, failure: Exception | None) -> None:
        made.completed = time.time()
        if failure is None and answer is not None:
            made.answer, made.bytes_read, made.state = answer, answer.bytes_read, "SUCCEEDED"
            return
        made.reason = _worded(failure)
        made.bytes_read = getattr(failure, "size", 0)
        made.state = "CANCELLED" if made.reason.startswith("Bytes scanned limit") else "FAILED"
        if made.state == "FAILED":
            is_users = isinstance(failure, RehearsalError)
            made.error = {"ErrorCategory": 2 if is_users else 1, "ErrorType": 1006 if is_users else 1,
                "Retryable": False,
                          "ErrorMessage": made.reason}  # fmt: skip

    def get(self, id_: str | None) -> Execution:
        found = self._kept.get(id_ or "")
        if found is None:
            raise BadRequest(f"QueryExecution {id_} was not found")
        return found

    def waited(self, id_: str | None) -> Execution:
        """An execution; a short one is waited for, so that nobody has to ask twice."""
        found = self.get(id_)
        found.done.wait(PATIENCE_SECONDS)
        return found

    def stop(self, id_: str | None) -> None:
        found = self.get(id_)
        with self._lock:
            if not found.is_over:
                found.state, found.completed = "CANCELLED", time.time()
                found.reason = "Query was cancelled by user"

    def all(self) -> list[Execution]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._kept.values()))


def _worded(failure: Exception | None) -> str:
    if isinstance(failure, RehearsalError):
        return " ".join(str(failure).split())
    return str(CannotRehearse(f"the home engine broke down with {type(failure).__name__}: {failure}"))


def moment(now: float) -> str:
    """The account's time as current_timestamp needs it."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
