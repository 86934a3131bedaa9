"""Cloud Control: what a handler of a type calls, it calls in the name of whoever asked. Two types are known."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

# The service, its name for the type, the member that identifies one, and the actions of each operation's handler.
HANDLED: dict[str, tuple[str, str, str, dict[str, tuple[str, ...]]]] = {
    f"AWS::QuickSight::{kind}": (
        "quicksight",
        kind.lower(),
        f"{kind}Id",
        {
            "CreateResource": (f"Create{kind}", f"Describe{kind}"),
            "GetResource": (f"Describe{kind}",),
            "UpdateResource": (f"Update{kind}", f"Describe{kind}"),
            "DeleteResource": (f"Delete{kind}", f"Describe{kind}"),
        },
    )
    for kind in ("Analysis", "Dashboard")
}


def handled(ask: Ask) -> Iterable[Need]:
    """The needs of the handler. Raises NotMapped for a type of which they are not known."""
    if ask.one("TypeName") is None:
        return []
    service, kind, identifier, actions = HANDLED.get(ask.needed("TypeName"), ("", "", "", {}))
    if ask.operation not in actions:
        raise ask.refusal(f"has a handler for {ask.one('TypeName')} whose own calls are not known")
    resource = ask.arn(f"{kind}/{_id(ask, identifier)}", service)
    return [ask.need(f"{service}:{action}", resource) for action in actions[ask.operation]]


def _id(ask: Ask, member: str) -> str:
    """The last part of the identifier; a resource that is being made has it in its document."""
    if given := ask.one("Identifier"):
        return given.rpartition("|")[2]
    try:
        document = json.loads(ask.needed("DesiredState"))
        return str(document[member])
    except (ValueError, KeyError, TypeError) as error:
        raise ask.refusal(f"gives a document without {member}") from error


SERVICE = Service(model="cloudcontrol", more=(handled,))
