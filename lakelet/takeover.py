"""What a command that was cut off held is free again: the functions and jobs that it ran ended with it.

On AWS a lease or a claim runs out by itself, because nobody can know whether its holder still lives. At home whoever
holds the lake's lock knows that nobody else does.
"""

from __future__ import annotations

from typing import Any

from lambdas.items import pack_item
from lambdas.ledger import Ledger
from lambdas.run import Run
from sources.model import Source
from sources.runs import UNFINISHED, State

# What holds a run back in each state, and what lets go of it: reconcile finds it run out.
HOLDS = {State.EXTRACTING: "lease_until", State.CURATING: "claimed_at"}


def set_free(dynamodb: Any, table: str, sources: tuple[Source, ...]) -> list[Run]:
    """Let the leases and claims of all unfinished runs run out. Returns those runs, oldest first."""
    names = {source.name for source in sources}
    left = [run for run in Ledger(dynamodb, table).unfinished() if run.state in UNFINISHED and run.name.source in names]
    for run in left:
        _let_go(dynamodb, table, run)
    return left


def _let_go(dynamodb: Any, table: str, run: Run) -> None:
    """As long as the run is in the state it was seen in. A nudge has gone with the function that it was for."""
    hold = HOLDS.get(run.state)
    having = {":state": {"S": run.state}} | ({":past": {"N": "0"}} if hold else {})
    dynamodb.update_item(
        TableName=table,
        Key=pack_item({"stream": f"{run.name.source}/{run.name.stream}", "run": run.name.run}),
        UpdateExpression=f"{f'SET {hold} = :past ' if hold else ''}REMOVE nudged_at",
        ConditionExpression="#state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues=having,
    )
