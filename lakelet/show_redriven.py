"""What became of dead letters, as text for people or as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from lakelet.redrive import Redriven


def exit_code(done: Redriven) -> int:
    """0 when every letter was sent on, 1 when one stays, else what its run ended with."""
    return max([1 if done.left else 0, *(run.exit_code for run in done.runs)])


def as_json(done: Redriven) -> str:
    return json.dumps(asdict(done), ensure_ascii=False, indent=2)


def as_text(done: Redriven) -> str:
    return "\n".join(_lines(done))


def _lines(done: Redriven) -> Iterator[str]:
    if done.sent or done.left:
        yield f"{done.queue}: {len(done.sent)} sent on, {len(done.left)} left"
    else:
        yield f"{done.queue}: {done.next_step}"
        return
    for about in done.sent:
        yield f"  sent on  {about}"
    for left in done.left:
        yield f"  left     {left.about}"
        yield f"           because {left.why} (message {left.id})"
    for run in done.runs:
        yield f"run {run.run} is {run.state}{f': {run.reason}' if run.reason else ''}"
        if run.next_step:
            yield f"  -> {run.next_step}"
    if done.next_step:
        yield done.next_step
