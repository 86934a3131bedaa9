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
    """One resource that now exists in the account."""

    type: str
    name: str
    urn: str
    id: str


@dataclass(frozen=True)
class Ignored:
    """A property that the program sets and the rehearsal does not act on. Secret values are masked."""

    resource: str
    property: str
    value: Any


@dataclass(frozen=True)
class Deployment:
    """A finished deployment. ``outputs`` are the exports; a secret one reads ``[secret]``."""

    resources: list[Deployed]
    outputs: dict[str, Any]
    ignored: list[Ignored]
    seconds: float
    region: str = ""
    project: str = ""
    stack: str = ""
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
        ignored = [Ignored(**item) for item in plain["ignored"]]
        return cls(**{**plain, "resources": resources, "ignored": ignored})
