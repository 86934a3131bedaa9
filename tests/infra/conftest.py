"""Runs declarations under Pulumi's mocks, and shows what they would have made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.runtime.stack import run_pulumi_func

from infra.naming import Names

ACCOUNT = "123456789012"
REGION = "eu-north-1"
SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"


def plain(value: Any) -> Any:
    """A value without Pulumi's wrapping of secrets."""
    if isinstance(value, dict):
        if SECRET_SIGNATURE in value:
            return plain(value["value"])
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Made:
    """A resource as Pulumi was asked for it: its type without the package, its name, its inputs."""

    type: str
    name: str
    raw: dict[str, Any]
    token: str = ""  # the whole type, as in aws:sqs/queue:Queue

    @property
    def inputs(self) -> dict[str, Any]:
        return plain(self.raw)


@dataclass
class Recorder(pulumi.runtime.Mocks):
    made: list[Made] = field(default_factory=list)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made.append(Made(args.typ.rsplit("/", 1)[-1], args.name, dict(args.inputs), args.typ))
        known = {"name": args.name, "arn": f"arn:aws:{args.name}", "url": f"https://{args.name}", "versionId": "1"}
        return f"{args.name}-id", known | args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {
            "aws:index/getCallerIdentity:getCallerIdentity": {
                "accountId": ACCOUNT,
                "arn": f"arn:aws:iam::{ACCOUNT}:root",
            },
            "aws:index/getRegion:getRegion": {"region": REGION},
        }[args.token]


@dataclass(frozen=True)
class Declared:
    made: list[Made]

    def of(self, kind: str) -> list[Made]:
        return [made for made in self.made if made.type.endswith(f":{kind}")]

    def one(self, kind: str, name: str) -> dict[str, Any]:
        (found,) = [made.inputs for made in self.of(kind) if made.name == name]
        return found


@pytest.fixture(scope="session")
def names() -> Names:
    return Names("dev", ACCOUNT, REGION)


@pytest.fixture(scope="session")
def declare() -> Callable[..., Declared]:
    """``declare(build)`` runs ``build()`` to its end, applies and all, and gives what it declared."""

    def run(build: Callable[[], Any], config: Mapping[str, str] | None = None) -> Declared:
        # Pulumi takes the loop that is current when mocks are set, and waits for ever on another.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        recorder = Recorder()
        pulumi.runtime.set_all_config(dict(config or {}))
        pulumi.runtime.set_mocks(recorder, project="lakelet", stack="dev", preview=False)

        def program() -> None:
            build()

        try:
            loop.run_until_complete(asyncio.wait_for(run_pulumi_func(program), 60))
        finally:
            loop.close()
            asyncio.set_event_loop(None)
        return Declared(recorder.made)

    return run
