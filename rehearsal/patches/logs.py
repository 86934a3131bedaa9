"""CloudWatch Logs: lines that were accepted are told, so that metrics can be taken out of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.patches.seams import after_call, hooks


def tell_lines(original: Callable[..., Any]) -> Callable[..., Any]:
    """LogGroup.put_log_events: only what CloudWatch accepts comes here."""

    def put_log_events(group: Any, log_stream_name: str, log_events: list[dict[str, Any]]) -> Any:
        answer = original(group, log_stream_name, log_events)
        here = hooks()
        lines = [event["message"] for event in log_events if '"_aws"' in event["message"]]
        if here and lines:
            after_call(lambda: here.metrics_logged(group.name, lines))
        return answer

    return put_log_events
