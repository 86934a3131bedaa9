"""Asks the lake: a named query of the deployed stack, or SQL. Through Athena's API alone, at home as on AWS."""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from botocore.exceptions import ClientError

from lakelet.answer import Answer, to_value
from lakelet.errors import LakeletError, UsageError
from lakelet.parameters import literals, literals_of_sql
from lakelet.place import Place
from sources.query import Query

__all__ = ["Answer", "QueryCutOff", "QueryRefused", "ask", "cutoff_of", "find_query", "is_name", "named_queries"]

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 2.0
RUNNING = ("QUEUED", "RUNNING")
NO_TABLE = "; a table is made by the first run that has rows for it"
_NAME = re.compile(r"[\w.-]+")
_CUT_OFF = re.compile(r"bytes scanned limit", re.IGNORECASE)

Wait = Callable[[str, float], None]  # told while an answer is awaited: Athena's state, and for how many seconds


class QueryRefused(LakeletError):
    """Athena does not answer a statement; the message has its own words."""


class QueryCutOff(LakeletError):
    """A statement would have read more than the workgroup allows, and was stopped."""


def is_name(asked: str) -> bool:
    """Whether a single word was asked, which is no SQL."""
    return bool(_NAME.fullmatch(asked.strip()))


def named_queries(place: Place) -> list[Query]:
    """The named queries of the deployed stack, by name."""
    athena = place.client("athena")
    pages = _pages(athena.list_named_queries, WorkGroup=place.outputs["workgroup"])
    ids = [each for page in pages for each in page["NamedQueryIds"]]
    found = [
        Query(query["Name"], query["QueryString"])
        for start in range(0, len(ids), 50)
        for query in athena.batch_get_named_query(NamedQueryIds=ids[start : start + 50])["NamedQueries"]
    ]
    return sorted(found, key=lambda query: query.name)


def cutoff_of(place: Place) -> int | None:
    """How many bytes a query may read in this workgroup; None where there is no limit, or one may not know it."""
    try:
        found = place.client("athena").get_work_group(WorkGroup=place.outputs["workgroup"])["WorkGroup"]
    except ClientError:
        return None
    cutoff = found.get("Configuration", {}).get("BytesScannedCutoffPerQuery")
    return int(cutoff) if cutoff else None


def ask(
    place: Place, asked: str, parameters: Sequence[str] | Mapping[str, str] = (), wait: Wait | None = None
) -> Answer:
    """The answer to a named query of the stack, or to SQL.

    Parameters are given by name, or all in their order; SQL takes them in the order of its question marks, as texts
    (by number, from 1, where names are asked for). A stop by Ctrl-C stops the query too.
    """
    with _refusals():
        query = find_query(place, asked) if is_name(asked) else None
        sql = query.sql if query else asked
        values = literals(query.parameters, query.name, parameters) if query else literals_of_sql(sql, parameters)
        return _answer(place, query.name if query else None, sql, values, wait)


def find_query(place: Place, name: str) -> Query:
    queries = {query.name: query for query in named_queries(place)}
    if name.strip() in queries:
        return queries[name.strip()]
    near = difflib.get_close_matches(name.strip().lower().replace("-", "_"), queries, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? `lakelet query --list` has all" if near else "see `lakelet query --list`"
    raise UsageError(f"there is no query {name.strip()!r} in {place.title}; {hint}")


def _answer(place: Place, name: str | None, sql: str, values: list[str], wait: Wait | None) -> Answer:
    athena, began = place.client("athena"), time.monotonic()
    started = athena.start_query_execution(
        QueryString=sql,
        WorkGroup=place.outputs["workgroup"],
        QueryExecutionContext={"Database": place.outputs["database"]},
        **({"ExecutionParameters": values} if values else {}),
    )["QueryExecutionId"]
    execution = _finished(athena, started, wait)
    _check(place, execution)
    kind = execution.get("StatementType", "DML")
    columns, types, rows = _results(athena, started, kind)
    read = execution.get("Statistics", {}).get("DataScannedInBytes", 0)
    return Answer(name, sql, columns, types, rows, read, time.monotonic() - began, started, kind)


def _finished(athena: Any, id_: str, wait: Wait | None) -> dict[str, Any]:
    """The execution when it has come to an end, one way or the other; stopped where the wait for it is."""
    began, pause = time.monotonic(), FIRST_PAUSE
    try:
        while True:
            execution: dict[str, Any] = athena.get_query_execution(QueryExecutionId=id_)["QueryExecution"]
            if execution["Status"]["State"] not in RUNNING:
                return execution
            if wait:
                wait(execution["Status"]["State"].lower(), time.monotonic() - began)
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
    except KeyboardInterrupt:
        with suppress(ClientError):  # it may have ended in the meantime
            athena.stop_query_execution(QueryExecutionId=id_)
        raise


def _check(place: Place, execution: Mapping[str, Any]) -> None:
    state = execution["Status"]["State"]
    reason = " ".join(execution["Status"].get("StateChangeReason", "it gave no reason").split())
    if state == "SUCCEEDED":
        return
    if _CUT_OFF.search(reason):
        cutoff = cutoff_of(place)
        limit = f" of {cutoff:,} bytes a query" if cutoff else ""
        raise QueryCutOff(
            f"the workgroup's cut-off{limit} stopped it: {reason}; name fewer columns, add a WHERE on a partition "
            "column, or raise lakelet:queryCutoffGigabytes and deploy"
        )
    if reason.startswith("cannot be rehearsed"):
        raise QueryRefused(reason)  # these are not Athena's words
    if state == "FAILED":
        raise QueryRefused(f"Athena: {reason}" + (NO_TABLE if "TABLE_NOT_FOUND" in reason else ""))
    raise QueryRefused(f"the query was stopped: {reason}")


def _results(athena: Any, id_: str, kind: str) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[Any, ...]]]:
    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: list[tuple[Any, ...]] = []
    for number, page in enumerate(_pages(athena.get_query_results, QueryExecutionId=id_)):
        found = page["ResultSet"]
        told = found["ResultSetMetadata"]["ColumnInfo"]
        columns, types = tuple(each["Name"] for each in told), tuple(_type(each) for each in told)
        data = [[cell.get("VarCharValue") for cell in row.get("Data", [])] for row in found["Rows"]]
        has_header = number == 0 and kind == "DML" and data[:1] == [list(columns)]
        rows += [tuple(map(to_value, row, types)) for row in data[has_header:]]
    return columns, types, rows


def _type(column: Mapping[str, Any]) -> str:
    name = str(column["Type"])
    return f"decimal({column.get('Precision')},{column.get('Scale')})" if name == "decimal" else name


def _pages(call: Callable[..., dict[str, Any]], **asked: Any) -> Iterator[dict[str, Any]]:
    while True:
        page = call(**asked)
        yield page
        if not page.get("NextToken"):
            return
        asked["NextToken"] = page["NextToken"]


@contextmanager
def _refusals() -> Iterator[None]:
    """What Athena refuses before it begins is an error of ours, in its words."""
    try:
        yield
    except ClientError as error:
        told = error.response["Error"]
        words = {"InvalidRequestException": f"Athena: {told['Message']}", "NotRehearsed": told["Message"]}
        if told["Code"] not in words:
            raise
        raise QueryRefused(words[told["Code"]]) from error
