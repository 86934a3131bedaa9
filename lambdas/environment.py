"""Reading settings out of an environment."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.errors import SettingMissing


def needed(environment: Mapping[str, str], name: str) -> str:
    """The value of a variable that must be there and not empty."""
    value = environment.get(name, "")
    if not value:
        raise SettingMissing(name)
    return value
