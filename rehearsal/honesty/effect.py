"""What becomes of a property that a program sets, once the rehearsal has read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNSHOWN = "no test shows an effect"


@dataclass(frozen=True)
class Honoured:
    """What happens in the rehearsal depends on it, as the named test shows: ``file::function``."""

    test: str


@dataclass(frozen=True)
class Recorded:
    """It is passed on and can be read back, and nothing acts on it. The same goes for all that lies below it.

    ``as_if``: the rehearsal goes on as if it had this value, so whoever sets this one gets what he asks for.
    """

    why: str = UNSHOWN
    as_if: Any = None


@dataclass(frozen=True)
class OfPulumi:
    """It tells Pulumi when or how to change a resource; AWS never hears of it."""

    why: str


@dataclass(frozen=True)
class About:
    """It says which resource the others are about, and nothing else."""


Effect = Honoured | Recorded | OfPulumi | About
Effects = Mapping[str, Effect]
"""By the path of a property, without positions: ``rules.filter.prefix``."""


def shown_by(test: str, *names: str) -> dict[str, Effect]:
    """These properties are honoured, and one test shows it; its path begins below ``tests/``."""
    return dict.fromkeys(names, Honoured(f"tests/{test}"))


def recorded(why: str, *names: str, as_if: Any = None) -> dict[str, Effect]:
    return dict.fromkeys(names, Recorded(why, as_if))


def of_pulumi(why: str, *names: str) -> dict[str, Effect]:
    return dict.fromkeys(names, OfPulumi(why))


def about(*names: str) -> dict[str, Effect]:
    return dict.fromkeys(names, About())


def within(name: str, effects: Effects) -> dict[str, Effect]:
    """The same properties, as those of a nested one."""
    return {f"{name}.{inner}": effect for inner, effect in effects.items()}
