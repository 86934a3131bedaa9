from __future__ import annotations

import json

import pytest

from rehearsal.metrics.embedded import Datum, NotMetered, metrics_in

NOW = 1_900_000_000_000
DIRECTIVE = {"Namespace": "Shop", "Dimensions": [["source"], []], "Metrics": [{"Name": "rows", "Unit": "Count"}]}


def line(directive=DIRECTIVE, timestamp=NOW, **members):
    told = {"source": "a", "rows": 3, **members}
    return json.dumps({"_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [directive]}, **told})


def test_each_set_of_dimensions_is_a_metric_of_its_own():
    assert metrics_in(line(), NOW) == [
        Datum("Shop", "rows", (("source", "a"),), (3.0,), "Count", NOW / 1000),
        Datum("Shop", "rows", (), (3.0,), "Count", NOW / 1000),
    ]


def test_a_list_is_several_values_and_a_unit_may_be_missing():
    (datum, _) = metrics_in(line({**DIRECTIVE, "Metrics": [{"Name": "rows"}]}, rows=[1, 2.5, 0]), NOW)
    assert (datum.values, datum.unit) == ((1.0, 2.5, 0.0), None)


def test_what_lambda_writes_before_the_document_does_not_matter():
    assert len(metrics_in(f"2030-01-01T00:00:00Z\t6f9a\tINFO\t{line()}", NOW)) == 2


@pytest.mark.parametrize("text", ["", "done", '{"_aws": 1}', '{"rows": 3}', 'say "_aws" and "CloudWatchMetrics"'])
def test_other_lines_hold_no_metrics(text):
    assert metrics_in(text, NOW) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (line()[:-1], "not JSON"),
        (line(rows=float("nan")), "NaN is no JSON number"),
        (line(timestamp=None), "Timestamp must be whole milliseconds since 1970, got None"),
        (line(timestamp=NOW / 1000), "Timestamp must be whole"),
        (line(timestamp=NOW // 1000), "over two weeks old"),
        (line(timestamp=NOW + 7_200_001), "over two hours ahead"),
        (line({**DIRECTIVE, "Namespace": ""}), "Namespace of the directive must be a text"),
        (line({**DIRECTIVE, "Dimensions": []}), "Dimensions of Shop must be a list that is not empty"),
        (line({**DIRECTIVE, "Dimensions": ["source"]}), "a set of dimensions must be a list"),
        (line({**DIRECTIVE, "Dimensions": [["stack"]]}), "dimension 'stack' must be a text at the top"),
        (line(source=7), "dimension 'source' must be a text at the top of the document, got 7"),
        (line({**DIRECTIVE, "Metrics": [{}]}), "Name of a metric must be a text"),
        (line({**DIRECTIVE, "Metrics": [{"Name": "rows"}] * 101}), "101 metrics; at most 100"),
        (line({**DIRECTIVE, "Metrics": [{"Name": "rows", "StorageResolution": 5}]}), "must be 1 or 60, got 5"),
        (line(rows="3"), "metric 'rows' must be a number, or up to 100 of them, got '3'"),
        (line(rows=True), "got True"),
        (line(rows=[]), "got []"),
        (line(rows=[1] * 101), "up to 100 of them"),
    ],
)  # fmt: skip
def test_a_malformed_line_makes_no_metric_and_says_why(text, reason):
    with pytest.raises(NotMetered) as refused:
        metrics_in(text, NOW)
    assert reason in str(refused.value)
