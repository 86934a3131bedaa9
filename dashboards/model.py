"""The words a dashboard is declared in. Nothing here draws: QuickSight and the static page are both made from these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NUMBER = "number"  # one figure, large
    BAR = "bar"  # one value for each label, the answer's first rows first
    STACKED = "stacked"  # parts of a whole for each label
    LINE = "line"  # values over time, or over whatever the label counts
    TABLE = "table"  # the rows as they are


class Form(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"  # 12.5 is 12.5 %
    SECONDS = "seconds"
    BYTES = "bytes"
    MOMENT = "moment"  # a date or a time
    RUN = "run"  # a run's name, which is the time that it was scheduled at


class Fold(StrEnum):
    """How the rows of an answer become one figure."""

    FIRST = "first"
    SUM = "sum"
    COUNT = "count"


@dataclass(frozen=True)
class Field:
    """A column of a query's answer, under the title that a reader sees.

    ``adds_up`` says that the sum of all rows means something: only then are shares and the sum of the rest shown.
    ``none`` is what a row without this value is called, and ``stand_in`` the value that the lake itself puts there.
    """

    column: str
    title: str
    form: Form = Form.TEXT
    adds_up: bool = False
    none: str = "not known"
    stand_in: str | None = None


@dataclass(frozen=True)
class Chart:
    """One picture of one named query.

    ``rows`` is what the answer's rows are called, in the plural. ``see`` is the sentence that tells what to look for.
    ``label`` names a row: it is the first of the ``fields``, except in a number, which has none. Of a long answer the
    first ``top`` rows are drawn, and it is said how many more there are. Where the query takes parameters, it is asked
    with their defaults. ``untouched`` is what it means that the
    query's table has not been made yet, where that is no fault.
    """

    title: str
    query: str
    kind: Kind
    rows: str
    values: tuple[Field, ...]
    see: str
    label: Field | None = None
    top: int = 15
    fold: Fold = Fold.FIRST
    untouched: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.label, *self.values) if self.label else self.values


@dataclass(frozen=True)
class Dashboard:
    """What a reader sees of one source, in reading order."""

    source: str
    title: str
    about: str
    charts: tuple[Chart, ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """The named queries that it needs, each once."""
        return tuple(dict.fromkeys(chart.query for chart in self.charts))

    def columns(self, query: str) -> tuple[Field, ...]:
        """The columns that its charts take from a query, each once."""
        fields = [field for chart in self.charts if chart.query == query for field in chart.fields]
        return tuple({field.column: field for field in reversed(fields)}.values())[::-1]
