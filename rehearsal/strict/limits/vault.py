"""Secrets Manager and the parameter store: what a secret may be called, and how long a parameter may be."""

from __future__ import annotations

import re

from rehearsal.asked import Asked
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

LARGEST = {"Standard": 4_096, "Advanced": 8_192, "Intelligent-Tiering": 8_192}
_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]+")


def secret_name(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    if _NAME.fullmatch(str(asked.parameters.get("Name"))):
        return None
    allowed = "alphanumeric characters, or any of the following: -/_+=.@!"
    return Refusal("ValidationException", f"Invalid name. Must be a valid name containing {allowed}")


def parameter_size(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    tier = asked.parameters.get("Tier") or "Standard"
    if len(asked.parameters["Value"]) <= LARGEST[tier]:
        return None
    kind = "Standard" if tier == "Standard" else "Advanced"
    message = f"{kind} tier parameters support a maximum parameter value of {LARGEST[tier]} characters."
    return Refusal("ValidationException", message)


SECRETS: Limits = {"CreateSecret": (secret_name,)}
PARAMETERS: Limits = {"PutParameter": (parameter_size,)}
