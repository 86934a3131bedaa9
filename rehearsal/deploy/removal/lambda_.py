"""What belongs to a Lambda function and goes by more than an id."""

from __future__ import annotations

from rehearsal.deploy.removal.removal import Removal


def alias(removal: Removal) -> None:
    function, name = removal.id.split(":")[-2:]
    removal.client("lambda").delete_alias(FunctionName=function, Name=name)


def permission(removal: Removal) -> None:
    removal.client("lambda").remove_permission(
        FunctionName=removal["function"], StatementId=removal.id, **_qualifier(removal)
    )


def event_invoke_config(removal: Removal) -> None:
    removal.client("lambda").delete_function_event_invoke_config(FunctionName=removal.id, **_qualifier(removal))


def _qualifier(removal: Removal) -> dict[str, str]:
    return {"Qualifier": removal.get("qualifier")} if removal.get("qualifier") else {}
