"""The columns that a chart takes from an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboards import Chart, Field, Fold
from lakelet.report.writing import as_number


class ColumnMissing(Exception):
    """A query gives other columns than its chart was declared with."""


@dataclass(frozen=True)
class Series:
    """``labels`` and ``rows`` in the order of the answer; a row holds the values of the chart's fields without its
    label."""

    chart: Chart
    labels: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, field: Field) -> list[Any]:
        position = self.chart.values.index(field)
        return [row[position] for row in self.rows]

    def numbers(self, field: Field) -> list[Decimal]:
        return [number for value in self.column(field) if (number := as_number(value)) is not None]

    def first(self, count: int) -> Series:
        return Series(self.chart, self.labels[:count], self.rows[:count])

    def after(self, count: int) -> Series:
        return Series(self.chart, self.labels[count:], self.rows[count:])

    def figure(self) -> Any:
        """The one value that a number shows; None where there is none."""
        field = self.chart.values[0]
        if self.chart.fold is Fold.COUNT:
            return len(self)
        if self.chart.fold is Fold.SUM:
            numbers = self.numbers(field)
            return sum(numbers, Decimal(0)) if numbers or not self.rows else None
        return self.rows[0][0] if self.rows else None


def series_of(chart: Chart, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Series:
    missing = [field.column for field in chart.fields if field.column not in columns]
    if missing:
        raise ColumnMissing(
            f"query {chart.query} gives no column {', '.join(missing)}; it gives {', '.join(columns) or 'none'}"
        )
    at = [columns.index(field.column) for field in chart.values]
    label = columns.index(chart.label.column) if chart.label else None
    return Series(
        chart,
        tuple(row[label] if label is not None else None for row in rows),
        tuple(tuple(row[position] for position in at) for row in rows),
    )
