"""Metrics in a log line, in CloudWatch's embedded metric format: no call is made for them, and none can fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.metrics import NAMESPACE, Metric

Measured = Mapping[Metric, float]


def embedded(measured: Measured, moment: float, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that make a log line with ``fields`` carry these metrics, as of ``moment``.

    A metric whose dimensions are not among the fields belongs to nothing: it stays a plain field of the line.
    """
    placed = [metric for metric in measured if all(isinstance(fields.get(name), str) for name in metric.by)]
    directives = [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [list(by)],
            "Metrics": [{"Name": metric.name, "Unit": metric.unit} for metric in placed if metric.by == by],
        }
        for by in dict.fromkeys(metric.by for metric in placed)
    ]
    values = {metric.name: value for metric, value in measured.items()}
    told = {"Timestamp": int(moment * 1000), "CloudWatchMetrics": directives}
    return {**values, "_aws": told} if directives else values
