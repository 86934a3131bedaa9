"""The extract function: reads one run of one stream, as far as one call goes."""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import requests

from lambdas.clock import Clock
from lambdas.extract.auth import Auth, KeyAuth, TokenAuth
from lambdas.extract.client import Client, new_session
from lambdas.extract.extraction import Extraction, reserve_seconds
from lambdas.extract.patience import Patience
from lambdas.extract.quota import Quota
from lambdas.extract.raw import Shelf
from lambdas.extract.reader import Reader
from lambdas.extract.secret import Secret
from lambdas.extract.settings import Order, Settings
from lambdas.extract.sweep import Sweep
from lambdas.extract.tokens import Kept, Tokens
from lambdas.ledger import Ledger
from lambdas.logs import Log
from sources.model import ClientCredentials, Source


@dataclass(frozen=True)
class Tools:
    """What reaches outside: a test gives its own."""

    dynamodb: Any
    s3: Any
    secret: Secret
    session: requests.Session
    clock: Clock
    chance: random.Random
    log: Log
    token: Kept = field(default_factory=Kept)


def extract(
    order: Order, settings: Settings, tools: Tools, time_left: Callable[[], float], owner: str
) -> dict[str, Any]:
    """Put the parts together for one order, and carry it out."""
    api, clock = order.source.api, tools.clock
    log = tools.log.of_run(order.run)
    ledger = Ledger(tools.dynamodb, settings.runs_table, settings.pages_table, clock)

    def left() -> float:
        return time_left() - reserve_seconds(api)

    client = Client(tools.session, settings.url_of(order.source), api, clock)
    auth = auth_of(order.source, settings, tools, client)
    quota = Quota(tools.dynamodb, settings.quota_table, order.source.name, api.quota, clock)
    reader = Reader(client, auth, quota, Patience(clock, left, tools.chance), tools.secret.mask_body, log)
    sweep = Sweep(order.stream, ledger, reader, Shelf(tools.s3, settings.raw_bucket), left, clock, log)
    return Extraction(order, ledger, sweep.finish, quota.left, time_left, clock, log).run(owner)


def auth_of(source: Source, settings: Settings, tools: Tools, client: Client) -> Auth:
    """How the source knows us."""
    declared = source.api.auth
    if isinstance(declared, ClientCredentials):
        url = settings.token_url_of(source, declared)
        return TokenAuth(source.name, Tokens(source.name, url, client, tools.secret, tools.token, tools.clock))
    return KeyAuth(source.name, tools.secret, declared.header)


@cache
def tools_of(secret_id: str) -> Tools:
    """Made once for each container: connections, the key, and what is given for it, are kept between calls."""
    secret = Secret(boto3.client("secretsmanager"), secret_id)
    log = Log.of_stack(os.environ, mask=secret.mask)
    clients = boto3.client("dynamodb"), boto3.client("s3")
    return Tools(*clients, secret, new_session(), Clock(), random.Random(), log)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    settings = Settings.from_environment(os.environ)
    # A call that Lambda makes again has the same request id, and must not pass for the one before it.
    owner = f"{context.aws_request_id}/{uuid.uuid4().hex}"

    def time_left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000

    return extract(Order.of(event, settings.options), settings, tools_of(settings.secret_id), time_left, owner)
