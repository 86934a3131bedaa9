"""Whether an action can be about what a pattern names: no call asks to get a database on a table."""

from __future__ import annotations

import re

from rehearsal.needs import reference

_OPEN = re.compile(r"[*?$]")


def applies(action: str, pattern: str) -> bool:
    """In doubt it does: an action that nobody knows, or a pattern that leaves the kind of resource open."""
    if "*" in action or "?" in action or " " in action or not pattern.startswith("arn:"):
        return True
    if not reference.action_exists(action):
        return True
    kinds = reference.resource_types(action)
    return any(_begin_alike(kind.arn, pattern) for kind in kinds)


def _begin_alike(one: str, other: str) -> bool:
    """Whether the names in two ARNs are the same as far as both are fixed."""
    first, second = (_OPEN.split(arn.split(":", 5)[-1], maxsplit=1)[0] for arn in (one, other))
    return first.startswith(second) or second.startswith(first)
