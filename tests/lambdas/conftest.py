"""A clock that nobody waits for, an API on loopback that answers as told, tables and a bucket for each test."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from lambdas.clock import Clock
from lambdas.extract.client import new_session
from lambdas.extract.handler import Tools, extract
from lambdas.extract.secret import Secret
from lambdas.extract.settings import Order, Settings
from lambdas.extract.tokens import Kept
from lambdas.ledger import Ledger
from lambdas.logs import Log
from sources import SOURCES
from sources.configured import configured
from sources.layout import RunName, manifest_key
from sources.model import Api, HeaderKey, Limit, Source, Stream
from sources.paging import PageNumber
from sources.shape import Kind, Maybe

FIVE_O_CLOCK = 1_795_237_200.0  # 2026-11-21T05:00:00Z
SCHEDULED_AT = "2026-11-21T05:00:00+00:00"
RUN = "olympics/athletes/20261121T050000Z"
KEY = "planted-key-7f3a"


class OneAtATime:
    """A client whose calls do not overlap. To moto a condition and its write are two things, to AWS they are one."""

    def __init__(self, client: Any) -> None:
        self._client, self._lock = client, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def locked(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                return call(*args, **kwargs)

        return locked


@pytest.fixture(scope="session")
def clients(aws_endpoint: str) -> Callable[[str], Any]:
    """Clients made once: each takes longer to make than most of these tests."""

    @cache
    def client(service: str) -> Any:
        made = boto3.client(service, endpoint_url=aws_endpoint, region_name="eu-north-1")
        return OneAtATime(made) if service == "dynamodb" else made

    return client


@pytest.fixture
def aws(clients: Callable[[str], Any], aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)
    return clients


class StillClock(Clock):
    """Moves only when somebody sleeps, or the test says so."""

    def __init__(self, now: float = FIVE_O_CLOCK) -> None:
        self.time = now
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def elapsed(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Killed(BaseException):
    """The process is gone: nothing in it gets to clean up."""


@dataclass
class Fuse:
    """Burns down by one with each AWS call; at zero the process dies, just before or just after that call."""

    calls: int
    before: bool = False

    def burn(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.calls -= 1
        if self.calls == 0 and self.before:
            raise Killed
        answer = call(*args, **kwargs)
        if self.calls == 0:
            raise Killed
        return answer


class Fused:
    """A client whose calls burn a fuse."""

    def __init__(self, client: Any, fuse: Fuse) -> None:
        self._client, self._fuse = client, fuse

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        return lambda *args, **kwargs: self._fuse.burn(call, *args, **kwargs)


@dataclass
class Reply:
    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # break off in the middle

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class FakeApi:
    """Answers page N with ``pages[N - 1]``, then as ``past_the_end`` says; before all that come ``first``."""

    pages: list[Any]
    past_the_end: Callable[[int], Reply] = lambda page: Reply({"year": 2024, "athletes": []})
    first: list[Reply] = field(default_factory=list)
    key: str = KEY
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, headers: Any) -> Reply:
        params = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.asked.append(params)
        if self.first:
            return self.first.pop(0)
        if headers.get("x-api-key") != self.key:
            return Reply({"message": f"bad key {headers.get('x-api-key')}"}, 401)
        page = int(params["page"])
        if page > len(self.pages):
            return self.past_the_end(page)
        found = self.pages[page - 1]
        return found if isinstance(found, Reply) else Reply({"year": 2024, "athletes": found})

    @property
    def pages_asked(self) -> list[int]:
        return [int(params["page"]) for params in self.asked]


@pytest.fixture
def serve() -> Iterator[Callable[[FakeApi], FakeApi]]:
    servers: list[ThreadingHTTPServer] = []

    def start(api: FakeApi) -> FakeApi:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                reply = api.answer(self.path, self.headers)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.data)))
                self.end_headers()
                self.wfile.write(reply.data[: len(reply.data) // 2] if reply.cut else reply.data)
                self.close_connection = reply.cut

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        api.url = f"http://127.0.0.1:{server.server_port}"
        return api

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Tables:
    runs: str
    pages: str
    quota: str


@pytest.fixture
def tables(aws: Callable[[str], Any], unique: Callable[[str], str]) -> Tables:
    made = Tables(unique("runs"), unique("pages"), unique("quota"))
    dynamodb = aws("dynamodb")
    _make_table(dynamodb, made.runs, ("stream", "S"), ("run", "S"), index="unfinished")
    _make_table(dynamodb, made.pages, ("run", "S"), ("page", "N"))
    _make_table(dynamodb, made.quota, ("source", "S"), ("window", "S"))
    return made


def _make_table(dynamodb: Any, name: str, first: tuple[str, str], second: tuple[str, str], index: str = "") -> None:
    keys = [{"AttributeName": first[0], "KeyType": "HASH"}, {"AttributeName": second[0], "KeyType": "RANGE"}]
    attributes = [first, second] + ([(index, "S")] if index else [])
    sparse = {
        "IndexName": index,
        "KeySchema": [{"AttributeName": index, "KeyType": "HASH"}, keys[1]],
        "Projection": {"ProjectionType": "ALL"},
    }
    dynamodb.create_table(
        TableName=name,
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in attributes],
        BillingMode="PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": [sparse]} if index else {}),
    )


@pytest.fixture
def bucket(aws: Callable[[str], Any], unique: Callable[[str], str]) -> str:
    name = unique("bucket")
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    return name


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def ledger(aws: Callable[[str], Any], tables: Tables, clock: StillClock) -> Ledger:
    return Ledger(aws("dynamodb"), tables.runs, tables.pages, clock)


@pytest.fixture
def conductor(aws: Callable[[str], Any], ledger: Ledger, clock: StillClock, bucket: str, tables: Tables) -> Any:
    from tests.lambdas.conducting import Conductor

    return Conductor(ledger, clock, aws("s3"), bucket, aws("dynamodb"), tables.runs)


def athletes(*ids: int) -> list[dict[str, Any]]:
    return [{"id": str(i), "name": f"Athlete {i}", "country": "NOR", "sport": None if i % 3 else "judo"} for i in ids]


@dataclass
class Desk:
    """Everything that an extract needs, and what a test wants to see of it."""

    aws: Callable[[str], Any]
    tables: Tables
    bucket: str
    clock: StillClock
    ledger: Ledger
    secret_id: str
    api: Any = None  # a FakeApi, or a stand-in
    quota: tuple[Limit, ...] = ()
    max_pages: int = 50
    stream: str = "athletes"
    lines: list[str] = field(default_factory=list)

    def extract(
        self,
        scheduled_at: str = SCHEDULED_AT,
        *,
        seconds: float = 900,
        fuse: Fuse | None = None,
        clients: dict[str, Any] | None = None,
        secret: Secret | None = None,
        options: dict[str, Any] | None = None,
        kept: Kept | None = None,
    ) -> dict[str, Any]:
        """One call of the function that has so many seconds."""
        made = {name: self.aws(name) for name in ("dynamodb", "s3", "secretsmanager")} | (clients or {})
        if fuse:
            made = {name: Fused(client, fuse) for name, client in made.items()}
        secret = secret or Secret(made["secretsmanager"], self.secret_id)
        log = Log({"stack": "test"}, self.lines.append, secret.mask, self.clock)
        end = self.clock.now() + seconds
        tools = Tools(
            made["dynamodb"], made["s3"], secret, new_session(), self.clock, random.Random(7), log, kept or Kept()
        )
        settings = Settings(
            self.bucket, self.tables.runs, self.tables.pages, self.tables.quota, self.secret_id, self.api.url
        )
        order = self.order(scheduled_at, options)
        owner = f"call-{len(self.lines)}"
        return extract(order, settings, tools, lambda: end - self.clock.now(), owner)

    def order(self, scheduled_at: str, options: dict[str, Any] | None = None) -> Order:
        source = configured(self.source, options or {})
        return Order(source, source.stream(self.stream), scheduled_at)

    @property
    def source(self) -> Source:
        olympics = SOURCES["olympics"]
        stream = Stream(
            "athletes",
            path="/athletes",
            params={"year": "2024"},
            records="athletes",
            fields=("year", "athletes"),
            record={"id": Kind.TEXT, "name": Kind.TEXT, "country": Maybe(Kind.TEXT), "sport": Maybe(Kind.TEXT)},
            paging=PageNumber("page", max_pages=self.max_pages),
            feeds=olympics.streams[0].feeds,
            schedule=olympics.streams[0].schedule,
        )
        api = Api("https://api.invalid", auth=HeaderKey("x-api-key"), quota=self.quota, timeout_seconds=20)
        return Source("olympics", api, (stream,))

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        s3 = self.aws("s3")
        listed = s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return {o["Key"]: s3.get_object(Bucket=self.bucket, Key=o["Key"])["Body"].read() for o in listed}

    def manifest(self, run: str = "20261121T050000Z") -> dict[str, Any]:
        key = manifest_key(RunName(self.source.name, self.stream, run))
        found: dict[str, Any] = json.loads(self.objects(key)[key])
        return found


@pytest.fixture
def desk(
    aws: Callable[[str], Any],
    tables: Tables,
    bucket: str,
    clock: StillClock,
    ledger: Ledger,
    unique: Callable[[str], str],
    serve: Callable[[FakeApi], FakeApi],
) -> Callable[..., Desk]:
    """``desk(api, quota=...)`` serves the API and lays everything out."""

    def lay_out(api: FakeApi, **more: Any) -> Desk:
        secret_id = unique("secret")
        aws("secretsmanager").create_secret(Name=secret_id, SecretString=json.dumps({"key": KEY}))
        return Desk(aws, tables, bucket, clock, ledger, secret_id, serve(api), **more)

    return lay_out
