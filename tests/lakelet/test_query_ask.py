"""Asking where Athena takes its time, pages its answers, or stops: as it does on AWS, and not at home."""

from __future__ import annotations

import pytest

from lakelet import ask as asking
from lakelet.ask import QueryCutOff, QueryRefused, ask, literals
from lakelet.errors import UsageError
from lakelet.place import Place
from sources.query import Parameter


class Athena:
    """Answers in the shapes of Athena's API, one state after the other."""

    def __init__(self, *states, pages=(), reason="", kind="DML", types=("integer", "varchar")):
        self.states, self.pages, self.reason, self.kind = list(states), pages, reason, kind
        self.columns = [{"Name": name, "Type": type_} for name, type_ in zip("nt", types, strict=True)]
        self.started, self.stopped = {}, []

    def start_query_execution(self, **asked):
        self.started = asked
        return {"QueryExecutionId": "e-1"}

    def get_query_execution(self, QueryExecutionId):  # noqa: N803
        state = self.states.pop(0)
        if isinstance(state, BaseException):
            raise state
        status = {"State": state} | ({"StateChangeReason": self.reason} if self.reason else {})
        return {
            "QueryExecution": {"Status": status, "Statistics": {"DataScannedInBytes": 7}, "StatementType": self.kind}
        }

    def get_query_results(self, QueryExecutionId, NextToken="0"):  # noqa: N803
        number = int(NextToken)
        rows = [
            {"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]} for row in self.pages[number]
        ]
        more = {"NextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
        return {"ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": self.columns}}} | more

    def stop_query_execution(self, QueryExecutionId):  # noqa: N803
        self.stopped.append(QueryExecutionId)

    def get_work_group(self, WorkGroup):  # noqa: N803
        return {"WorkGroup": {"Configuration": {"BytesScannedCutoffPerQuery": 10**9}}}


@pytest.fixture
def at(monkeypatch):
    """Where this Athena is asked; pauses take no time, and are noted in ``at.pauses``."""
    pauses = []
    monkeypatch.setattr(asking.time, "sleep", pauses.append)

    def place(athena):
        return Place("here", {"workgroup": "lake", "database": "d"}, lambda service: athena)

    place.pauses = pauses
    return place


def test_all_pages_are_read_and_the_header_is_no_row(at):
    athena = Athena(
        "QUEUED", "SUCCEEDED", pages=[*[[("n", "t"), ("1", None)], [("n", "t"), ("2", "")]][:1], [("2", "")]]
    )
    answer = ask(at(athena), "SELECT n, t FROM x")
    assert answer.rows == [(1, None), (2, "")]
    assert (answer.columns, answer.types, answer.bytes_read) == (("n", "t"), ("integer", "varchar"), 7)
    assert (athena.started["WorkGroup"], athena.started["QueryExecutionContext"]) == ("lake", {"Database": "d"})


def test_a_first_row_that_looks_like_a_header_is_kept_where_there_is_none(at):
    athena = Athena("SUCCEEDED", pages=[[("n", "t")]], kind="UTILITY", types=("varchar", "varchar"))
    assert ask(at(athena), "SHOW TABLES").rows == [("n", "t")]


def test_it_waits_longer_and_longer_and_tells_of_it(at):
    told = []
    ask(at(Athena(*["RUNNING"] * 20, "SUCCEEDED", pages=[[]])), "SELECT 1", wait=lambda *state: told.append(state[0]))
    assert told == ["running"] * 20
    assert at.pauses[0] == 0.02 and at.pauses == sorted(at.pauses) and at.pauses[-1] == 2.0


def test_a_stop_stops_the_query(at):
    athena = Athena("RUNNING", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        ask(at(athena), "SELECT 1")
    assert athena.stopped == ["e-1"]


def test_the_cut_off_says_so_with_the_next_step(at):
    athena = Athena("CANCELLED", reason="Query exhausted: Bytes scanned limit was exceeded")
    with pytest.raises(QueryCutOff, match=r"cut-off of 1,000,000,000 bytes a query.*WHERE on a partition") as stopped:
        ask(at(athena), "SELECT 1")
    assert stopped.value.exit_code == 1


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("FAILED", "GENERIC: it\n broke", "Athena: GENERIC: it broke"),
        ("CANCELLED", "", "the query was stopped: it gave"),
    ],
)
def test_other_ends_are_told_in_athenas_words_on_one_line(at, state, reason, said):
    with pytest.raises(QueryRefused, match=said):
        ask(at(Athena(state, reason=reason)), "SELECT 1")


def test_texts_are_quoted_so_that_no_value_is_sql(at):
    athena = Athena("SUCCEEDED", pages=[[]])
    ask(at(athena), "SELECT 1 WHERE a = ? AND b = ?", ["it's", "1"])
    assert athena.started["ExecutionParameters"] == ["'it''s'", "'1'"]


KNOWN = (
    Parameter("sport", "Judo", "the sport"),
    Parameter("country", None, "which"),
    Parameter("least", "5", "how many"),
)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"country": "SWE"}, ["'Judo'", "'SWE'", "5"]),
        ({"country": "", "least": "-2.5", "sport": "O'x"}, ["'O''x'", "''", "-2.5"]),
        (["Golf", "SWE"], ["'Golf'", "'SWE'", "5"]),
    ],
)
def test_parameters_become_literals_in_their_order(given, values):
    assert literals(KNOWN, "share", given) == values


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "share needs country, which; add --param country=VALUE"),
        ({"country": "SWE", "least": "5 OR 1=1"}, "share: least is '5 OR 1=1', but must be a number such as 5"),
        (["a", "b", "3", "d"], "share takes 3 parameters, not 4"),
    ],
)
def test_parameters_that_do_not_fit_are_one_line(given, said):
    with pytest.raises(UsageError, match=said):
        literals(KNOWN, "share", given)
