"""What a command that was cut off held is free again: the functions and jobs that it ran ended with it.

On AWS a lease or a claim runs out by itself, because nobody can know whether its holder still lives. At home whoever
holds the lake's lock knows that nobody else does.
"""

from __future__ import annotations

from typing import Any

from lakelet.ledger import runs_of
from sources.model import Source
from sources.runs import UNFINISHED, State

# What holds a run back in each state, and what lets go of it: reconcile finds it run out.
HOLDS = {State.EXTRACTING: "lease_until", State.CURATING: "claimed_at"}


def set_free(dynamodb: Any, table: str, sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    """Let the leases and claims of all unfinished runs run out. Returns those runs, oldest first."""
    left = [run for source in sources for stream in source.streams
            for run in runs_of(dynamodb, table, source.name, stream.name, newest_first=False)
            if run["state"] in UNFINISHED]  # fmt: skip
    for run in left:
        _let_go(dynamodb, table, run)
    return left


def _let_go(dynamodb: Any, table: str, run: dict[str, Any]) -> None:
    """As long as the run is in the state it was seen in. A nudge has gone with the function that it was for."""
    hold = HOLDS.get(State(run["state"]))
    having = {":state": {"S": run["state"]}} | ({":past": {"N": "0"}} if hold else {})
    dynamodb.update_item(
        TableName=table,
        Key={"stream": {"S": run["stream"]}, "run": {"S": run["run"]}},
        UpdateExpression=f"{f'SET {hold} = :past ' if hold else ''}REMOVE nudged_at",
        ConditionExpression="#state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues=having,
    )
