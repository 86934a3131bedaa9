"""Where the lake is that a command looks at: at home, or a stack in the user's own AWS account."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelet import program
from lakelet.errors import LakeletError

if TYPE_CHECKING:
    from rehearsal.kept import Kept

HOME_VARIABLE = "LAKELET_HOME"
ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"  # boto3 goes there by itself; pyiceberg has to be told
LIVE = " --live"
CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 60, 3


class NoLake(LakeletError):
    """There is no lake where one was looked for."""


class Outputs(dict[str, Any]):
    """What a deployed program tells the outside. An older one does not tell all that a command looks for."""

    def __init__(self, told: Mapping[str, Any], title: str, again: str) -> None:
        super().__init__(told)
        self._title, self._again = title, again

    def __missing__(self, name: str) -> Any:
        raise NoLake(f"{self._title} does not tell its {name}: it was deployed by an older program; run: {self._again}")


@dataclass(frozen=True)
class Place:
    """A lake that can be asked. ``outputs`` are the stack's exports; ``kept`` is there for a lake at home only.

    ``option`` is what makes a command mean this lake, with a space before it. A busy lake at home is being worked on
    by another command.
    """

    title: str
    outputs: Mapping[str, Any]
    client: Callable[[str], Any]
    now: Callable[[], float] = time.time
    catalog_properties: Mapping[str, str] = field(default_factory=dict)
    kept: Kept | None = None
    option: str = ""
    is_busy: bool = False

    @property
    def is_live(self) -> bool:
        return self.option.startswith(LIVE)

    @property
    def is_home(self) -> bool:
        return self.kept is not None


def home(live: bool = False) -> Path:
    """The folder of a lake at home: what was rehearsed and what was really fetched are two lakes."""
    return program.data(os.environ.get(HOME_VARIABLE)) / ("live" if live else "rehearsal")


@contextmanager
def open_place(stack: str | None = None, live: bool = False) -> Iterator[Place]:
    """The lake that a command looks at; nothing is deployed for it, and nothing in it is changed by opening it."""
    if stack is not None:
        from lakelet.aws_trouble import told_plainly

        outputs = _outputs(stack)
        with told_plainly(stack, outputs["region"]):
            yield _stack(stack, outputs)
        return
    with _home(live) as place:
        from botocore.exceptions import ClientError

        try:
            yield place
        except ClientError as error:
            raise NoLake(f"{place.title} lacks something ({error}); deploy it again: {_again(live)}") from error


def _again(live: bool) -> str:
    return f"lakelet run{' SOURCE --live' if live else ''}{program.option()}"


@contextmanager
def _home(live: bool) -> Iterator[Place]:
    from lakelet.tables import properties_of
    from rehearsal.kept import reopen
    from rehearsal.kept.lock import is_locked

    folder = home(live)
    command = _again(live)
    if not (folder / "lake.db").exists():
        raise NoLake(f"there is no lake in {folder} yet; make one first: {command}")
    with reopen(folder) as (account, kept):
        if "runs_table" not in kept.outputs:
            raise NoLake(f"the lake in {folder} was never deployed to its end; do that first: {command}")
        title = f"the lake in {folder}"
        yield Place(
            title=title,
            outputs=Outputs(kept.outputs, title, command),
            client=account.client,
            now=account.clock.now,
            catalog_properties=properties_of(account.credentials()),
            kept=kept,
            option=f"{LIVE if live else ''}{program.option()}",
            is_busy=is_locked(folder),
        )


def _stack(stack: str, outputs: Mapping[str, Any]) -> Place:
    """With the credentials, the profile and the retries that boto3 finds for the user."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import NoCredentialsError

    session, region, making = boto3.Session(), str(outputs["region"]), threading.Lock()
    retries = {"mode": "standard", "total_max_attempts": TRIES}
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries)

    @cache
    def client(service: str) -> Any:
        with making:  # a session makes one client at a time
            return session.client(service, region_name=region, config=config)

    if (found := session.get_credentials()) is None:
        raise NoCredentialsError
    title = f"stack {stack} in {region}"
    return Place(
        title=title,
        outputs=Outputs(outputs, title, f"pulumi up -s {stack}"),
        client=client,
        catalog_properties=_catalog_properties(region, found.get_frozen_credentials()),
        option=f" --stack {stack}{program.option()}",
    )


def _catalog_properties(region: str, keys: Any) -> dict[str, str]:
    """For pyiceberg, which would not find the credentials of every profile by itself."""
    endpoint = os.environ.get(ENDPOINT_VARIABLE)
    at = {"glue.endpoint": endpoint, "s3.endpoint": endpoint} if endpoint else {}
    token = {"client.session-token": keys.token} if keys.token else {}
    return {
        "client.region": region,
        "client.access-key-id": keys.access_key,
        "client.secret-access-key": keys.secret_key,
        **token,
        **at,
    }


def _outputs(stack: str) -> dict[str, Any]:
    """What the stack tells the outside, asked of Pulumi."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise NoLake(f"--stack {stack} needs the Pulumi command line, and it is not on the PATH; install it first")
    asked = [pulumi, "stack", "output", "--json", "--stack", stack]
    at = program.folder()
    done = subprocess.run(asked, cwd=at, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise NoLake(f"pulumi knows no outputs of stack {stack!r}: {said}; see `pulumi stack ls`")
    try:
        outputs: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise NoLake(f"pulumi gave outputs of stack {stack!r} that are no JSON: {done.stdout[:80]!r}") from error
    if "runs_table" not in outputs:
        raise NoLake(f"stack {stack!r} was never brought up, or is not a lake; run: pulumi up -s {stack}")
    return outputs
