"""The dashboard: one row for each step, in the order in which the data flows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.conduct import DEAD
from infra.lake import GIVEN_UP
from infra.naming import Names
from infra.permissions import MANIFESTS_QUEUE
from infra.series import Series, measured, of_function, of_queue, of_schedules
from sources import metrics as m
from sources.model import Source

PERIOD_SECONDS = 300
WIDTH, HEIGHT, TEXT_HEIGHT = 8, 5, 2
COLUMNS = 24


@dataclass(frozen=True)
class Graph:
    """``lines`` are series by their labels."""

    title: str
    statistic: str
    lines: Mapping[str, Series]


@dataclass(frozen=True)
class Row:
    """One step: what it does in Markdown, and its graphs."""

    step: str
    text: str
    graphs: Sequence[Graph] = ()


def body(names: Names, sources: tuple[Source, ...], functions: Mapping[str, str], dollars: int) -> str:
    """The dashboard of a stack as CloudWatch takes it."""
    return json.dumps({"widgets": list(_widgets(rows(names, sources, functions, dollars), names.region))})


def rows(names: Names, sources: tuple[Source, ...], functions: Mapping[str, str], dollars: int) -> list[Row]:
    def by_source(metric: m.Metric) -> dict[str, Series]:
        return {source.name: measured(metric, names, source=source.name) for source in sources}

    def by_function(metric: str, *wanted: str) -> dict[str, Series]:
        chosen = {short: name for short, name in functions.items() if short.startswith(wanted)}
        return {short: of_function(metric, name) for short, name in chosen.items()}

    def of_group(metric: str) -> Series:
        return of_schedules(metric, names.prefix)

    def by_stream(metric: m.Metric) -> dict[str, Series]:
        return {
            f"{source.name}/{stream.name}": measured(metric, names, source=source.name, stream=stream.name)
            for source in sources
            for stream in source.streams
        }

    visible = {
        queue: of_queue("ApproximateNumberOfMessagesVisible", names.of(queue))
        for queue in (MANIFESTS_QUEUE, DEAD, GIVEN_UP)
    }
    attempts = {"calls": of_group("InvocationAttemptCount"), "errors": of_group("TargetErrorCount")}
    runs = {"failed": measured(m.RUNS_FAILED, names), "parked": measured(m.RUNS_PARKED, names)}
    jobs = {"failed": measured(m.JOBS_FAILED, names), "timed out": measured(m.JOBS_TIMED_OUT, names)}
    age = {MANIFESTS_QUEUE: of_queue("ApproximateAgeOfOldestMessage", names.of(MANIFESTS_QUEUE))}
    return [
        Row("schedule", "When sources are due, and every 15 minutes reconcile", [
            Graph("calls made by schedules", "Sum", attempts),
            Graph("calls given up by schedules", "Sum", {"dropped": of_group("InvocationDroppedCount")}),
        ]),
        Row("extract", "API to raw pages", [
            Graph("pages", "Sum", by_source(m.PAGES)),
            Graph("rows", "Sum", by_source(m.ROWS)),
            Graph("requests tried again", "Sum", by_source(m.RETRIES)),
            Graph("errors of extract", "Sum", by_function("Errors", "extract")),
        ]),
        Row("queue", "Manifests on their way to a job, and what came to nothing", [
            Graph("messages waiting", "Maximum", visible),
            Graph("age of the oldest manifest, seconds", "Maximum", age),
        ]),
        Row("start", "Manifests to Glue jobs", [
            Graph("calls of start", "Sum", by_function("Invocations", "start")),
            Graph("errors of start", "Sum", by_function("Errors", "start")),
        ]),
        Row("curate", "Raw pages to tables, on Spark", [
            Graph("jobs", "Sum", jobs),
            Graph("from schedule to table, seconds", "Maximum", by_source(m.LAG)),
        ]),
        Row("record", "What became of the runs", [
            Graph("runs curated", "Sum", by_stream(m.RUNS_CURATED)),
            Graph("hours since the last success", "Minimum", by_stream(m.HOURS_SINCE_SUCCESS)),
            Graph("runs failed and parked", "Sum", runs),
            Graph("errors of record and reconcile", "Sum", by_function("Errors", "record", "reconcile")),
        ]),
        Row("tables", "What runs brought", [
            Graph("rows in", "Sum", by_source(m.ROWS_IN)),
            Graph("rows changed", "Sum", by_source(m.ROWS_CHANGED)),
            Graph("rows set aside", "Sum", by_source(m.ROWS_SET_ASIDE)),
            Graph("share of bad rows, percent", "Maximum", by_source(m.SHARE_BAD)),
        ]),
        Row("quota", "What the APIs still let us ask", [
            Graph("calls left in the longest window", "Minimum", by_source(m.QUOTA_LEFT)),
        ]),
        Row("cost", f"Budget `{names.of('monthly')}`: {dollars} dollars a month. "
                    "[Budgets](https://console.aws.amazon.com/costmanagement/home#/budgets)"),
    ]  # fmt: skip


def _widgets(steps: Sequence[Row], region: str) -> Iterator[dict[str, Any]]:
    y = 0
    for step in steps:
        text = {"markdown": f"## {step.step}\n{step.text}"}
        yield {"type": "text", "x": 0, "y": y, "width": COLUMNS, "height": TEXT_HEIGHT, "properties": text}
        y += TEXT_HEIGHT
        per_line = COLUMNS // WIDTH
        for number, graph in enumerate(step.graphs):
            place = {"x": number % per_line * WIDTH, "y": y + number // per_line * HEIGHT}
            size = {"width": WIDTH, "height": HEIGHT}
            yield {"type": "metric", **place, **size, "properties": _graph(graph, region)}
        y += -(-len(step.graphs) // per_line) * HEIGHT


def _graph(graph: Graph, region: str) -> dict[str, Any]:
    return {
        "title": graph.title,
        "region": region,
        "stat": graph.statistic,
        "period": PERIOD_SECONDS,
        "view": "timeSeries",
        "stacked": False,
        "yAxis": {"left": {"min": 0}},
        "metrics": [_line(series, label) for label, series in graph.lines.items()],
    }


def _line(series: Series, label: str) -> list[Any]:
    dimensions = [word for pair in series.dimensions.items() for word in pair]
    return [series.namespace, series.metric, *dimensions, {"label": label}]
