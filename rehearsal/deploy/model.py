"""What a deployment answers: the resources made, the properties that had no effect, the exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rehearsal.errors import RehearsalError

SECRET = "[secret]"


class DeployError(RehearsalError):
    """A program that cannot be deployed. ``lines`` holds each reason on a line of its own."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


@dataclass(frozen=True)
class Deployed:
    """One resource that now exists in the account.

    ``number`` is its place in the order of making. ``state`` holds what its removal needs, and nothing secret.
    ``deleted_with`` is the URN of the resource that takes this one with it when it is destroyed.
    """

    type: str
    name: str
    urn: str
    id: str
    number: int = 0
    region: str = ""
    state: Mapping[str, Any] = field(default_factory=dict, hash=False)
    is_protected: bool = False
    is_retained: bool = False
    deleted_with: str = ""

    @property
    def label(self) -> str:
        return f'{self.type.rsplit(":", 1)[-1]} "{self.name}"'


@dataclass(frozen=True)
class Ignored:
    """A property that the program sets and the rehearsal does not act on. Secret values are masked.

    ``why`` tells of one that was read what becomes of it; it is empty for one that nobody has read.
    """

    resource: str
    property: str
    value: Any
    why: str = ""


@dataclass(frozen=True)
class Deployment:
    """A finished deployment. ``outputs`` are the exports; a secret one reads ``[secret]``.

    ``ignored`` are the properties that nobody has read; ``recorded`` those that are kept and can be read back, and on
    which nothing acts.
    """

    resources: list[Deployed]
    outputs: dict[str, Any]
    ignored: list[Ignored]
    seconds: float
    region: str = ""
    project: str = ""
    stack: str = ""
    recorded: list[Ignored] = field(default_factory=list)
    by_type: dict[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds: dict[str, list[str]] = {}
        for resource in self.resources:
            kinds.setdefault(resource.type, []).append(resource.name)
        object.__setattr__(self, "by_type", kinds)

    def to_json(self) -> dict[str, Any]:
        plain = asdict(self)
        del plain["by_type"]
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Deployment:
        resources = [Deployed(**item) for item in plain["resources"]]
        lists = {name: [Ignored(**item) for item in plain.get(name, [])] for name in ("ignored", "recorded")}
        return cls(**{**plain, "resources": resources, **lists})
