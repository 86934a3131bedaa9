"""How Scheduler spells operations and their members: as the SDK for Java has them, members with a capital.

EC2's ``InstanceIds`` stays, EKS's ``clusterName`` becomes ``ClusterName``, RDS's ``DBName`` becomes ``DbName``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.errors import RehearsalError
from rehearsal.runtime.spec import NotRehearsed

# All of the capitals that a name begins with, but for one that begins its next word.
_CAPITALS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]")

# Where it is documented that a text stands for bytes.
TEXTS = frozenset({"Payload"})


class InputRefused(RehearsalError):
    """An input is not what the operation takes. The message is the reason that Scheduler gives."""


def in_arn(operation: str) -> str:
    """``StartJobRun`` as the ARN of a target names it: ``startJobRun``."""
    return _CAPITALS.sub(lambda found: found[0].lower(), operation, count=1)


def in_input(member: str) -> str:
    """A member's name in an input."""
    if member[:1].islower():
        return member[:1].upper() + member[1:]
    return _CAPITALS.sub(lambda found: found[0].capitalize(), member, count=1)


def members(shape: Any, given: Any, path: str = "") -> Any:
    """What an input says of a shape of botocore's model, under the names of the model.

    Raises InputRefused for members that are missing or unknown, NotRehearsed for bytes.
    """
    kind = shape.type_name
    if kind == "structure" and not getattr(shape, "is_document_type", False) and isinstance(given, Mapping):
        return _structure(shape, given, path)
    if kind == "list" and isinstance(given, list):
        return [members(shape.member, each, path) for each in given]
    if kind == "map" and isinstance(given, Mapping):
        return {key: members(shape.value, each, path) for key, each in given.items()}
    if kind == "blob" and path not in TEXTS:
        raise NotRehearsed(f"how Scheduler reads the bytes of {path} in an input is not documented")
    return given


def _structure(shape: Any, given: Mapping[str, Any], path: str) -> dict[str, Any]:
    names = {in_input(name): name for name in shape.members}
    if missing := [in_input(name) for name in shape.required_members if in_input(name) not in given]:
        raise InputRefused(f"Request payload is missing the following field(s): {_listed(missing, path)}.")
    if unknown := [name for name in given if name not in names]:
        raise InputRefused(f"Request payload has the following unknown field(s): {_listed(unknown, path)}.")
    return {
        names[name]: members(shape.members[names[name]], value, _below(path, name)) for name, value in given.items()
    }


def _listed(names: list[str], path: str) -> str:
    return ", ".join(_below(path, name) for name in names)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
