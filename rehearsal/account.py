"""The embedded account: moto on a free loopback port of this process, with a clock, a record of calls, and seams."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Any

from botocore.config import Config
from moto.awslambda.models import lambda_backends
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends

from rehearsal import patches
from rehearsal.calls import CallRecord
from rehearsal.capacity import AccountTables, units
from rehearsal.clients import make_client
from rehearsal.clock import Clock
from rehearsal.errors import AccountBusy, RehearsalError
from rehearsal.gate import Gate
from rehearsal.hooks import Hooks, Undelivered
from rehearsal.identity.held import EVERYTHING
from rehearsal.identity.home import Home
from rehearsal.identity.judge import VIA_HEADER, Judge
from rehearsal.identity.principals import DEPLOYER_KEY, REHEARSAL_KEY, Principals
from rehearsal.identity.services import Services
from rehearsal.identity.settings import settings_refusal
from rehearsal.patches import events, functions, glue, seams
from rehearsal.server import LoopbackServer
from rehearsal.sessions import Credentials, Sessions

# One attempt: nothing here gets better by trying again, and a retry would count as a second call.
CONFIG = Config(
    retries={"total_max_attempts": 1},
    connect_timeout=5,
    read_timeout=1000,  # longer than a function may run
    max_pool_connections=50,
    s3={"addressing_style": "path"},
)

ATHENA = "athena.amazonaws.com"  # the only service of the account that does so


def _say_athena_calls(params: dict[str, Any], **_: Any) -> None:
    params["headers"][VIA_HEADER] = ATHENA


class NotRunning(RehearsalError):
    """Something was asked of an account that has not been started, or has been stopped."""


class Account:
    """An empty account from ``start`` to ``stop``, the only one of its process: moto's state and the clock are one.

    ``deployer_policy`` is the identity policy of the deployer, who may do everything unless it says less.
    """

    _only = threading.Lock()

    def __init__(
        self, region: str = "eu-north-1", account_id: str = "123456789012", deployer_policy: str = EVERYTHING
    ) -> None:
        self.region, self.account_id = region, account_id
        self.clock, self.hooks, self.calls = Clock(), Hooks(), CallRecord()
        self.calls.measure = partial(units, tables=AccountTables(account_id, region))
        self.undelivered: list[Undelivered] = []  # what services could not hand on, and why
        self.on_lost: Callable[[Undelivered], object] = lambda _: None
        self.hooks.lost = self._note_lost
        self.home = Home(account_id, region)
        self.principals = Principals(self.home)
        self.judge = Judge(self.home, self.principals, self.clock.now, deployer_policy)
        self.services = Services(self.home, self.judge, self.principals, self.calls, self.clock.now)
        self.calls.decide, self.calls.conceal = self.judge.decide, self.judge.conceal
        self.sessions = Sessions(self)
        self._gate: Gate | None = None
        self._server: LoopbackServer | None = None
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()

    @property
    def endpoint(self) -> str:
        """Where every service of the account answers."""
        if self._server is None:
            raise NotRunning("the account is not running; call start() first, or use it in a with statement")
        return self._server.url

    @property
    def gate(self) -> Gate:
        """Where every call passes."""
        if self._gate is None:
            raise NotRunning("the account has not been started; call start() first, or use it in a with statement")
        return self._gate

    def start(self) -> None:
        """Empty moto and serve it. Raises AccountBusy while another account runs in this process."""
        if not Account._only.acquire(blocking=False):
            raise AccountBusy(
                "another account runs in this process; stop it first, or start this one in another process"
            )
        try:
            patches.apply()
            moto_api_backend.reset()
            self.principals.forget()
            self.hooks.event_put = lambda event: events.put_service_event(self.account_id, self.region, event)
            self.hooks.client_of = self._client_in_the_name_of
            self.hooks.may = self.services.may
            seams.attend(self.hooks)
            moto = DomainDispatcherApplication(create_backend_app)
            self._gate = Gate(moto, self.account_id, self.calls, self.principals.name_of)
            self._gate.arn_of = lambda key: self.principals.of(key).arn
            self._gate.settings_refusal = partial(settings_refusal, self.home, self.services)
            self._server = LoopbackServer(self._gate)
            self._server.start()
        except BaseException:
            seams.attend(None)
            Account._only.release()
            raise

    def stop(self) -> None:
        """Give back the port, the threads, and the real time. Stopping twice is harmless."""
        if self._server is None:
            return
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self.sessions.forget()
        seams.attend(None)
        self._server.stop()
        self._server = None
        self.clock.stop()
        Account._only.release()

    def __enter__(self) -> Account:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def client(self, service: str) -> Any:
        """A boto3 client under the rehearsal's own identity; made once, then given again."""
        return self._once(service, lambda: self.client_for(service, self._credentials(REHEARSAL_KEY)))

    def client_for(self, service: str, credentials: Credentials) -> Any:
        """A new boto3 client under the given credentials; nothing of the shell's own configuration is in it."""
        return make_client(
            service,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.session_token or None,
            region_name=self.region,
            endpoint_url=self.endpoint,
            config=CONFIG,
        )

    def _client_in_the_name_of(self, access_key: str, service: str) -> Any:
        """A client for what Athena does in the name of its caller, made once; each call says that Athena makes it."""

        def make() -> Any:
            client = self.client_for(service, self._credentials(access_key))
            client.meta.events.register("before-call", _say_athena_calls)
            return client

        return self._once(f"{service} for {access_key}", make)

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        with self._making:
            if name not in self._clients:
                self._clients[name] = make()
            return self._clients[name]

    def credentials(self) -> Credentials:
        """The keys of the rehearsal's own identity, for clients that are not boto3's."""
        return self._credentials(REHEARSAL_KEY)

    def deployer_environment(self) -> dict[str, str]:
        """The AWS_* variables under which a child process deploys."""
        return self._credentials(DEPLOYER_KEY).environment()

    def function_code(self, function_name: str) -> bytes:
        """The zip that a function was deployed with."""
        return bytes(self._function(function_name).code_bytes)

    def function_configuration(self, function_name: str) -> dict[str, Any]:
        """As GetFunctionConfiguration tells it, with ``EventInvokeConfig`` where the function has one."""
        function = self._function(function_name)
        config = functions.invoke_config(function)
        return {**function.get_configuration(), **({"EventInvokeConfig": config} if config else {})}

    def set_job_run_state(self, job_name: str, run_id: str, state: str, error: str | None = None) -> None:
        """Move a Glue run to a state; its times and its execution time are those of the clock."""
        glue.set_job_run_state(self.account_id, self.region, job_name, run_id, state, error)
        self.hooks.changed(("job run", job_name, run_id))

    def age_object(self, bucket: str, key: str, seconds: float) -> None:
        """Make an object as old as if it had been written so long ago."""
        found = s3_backends[self.account_id]["aws"].get_object(bucket, key)
        found.last_modified -= timedelta(seconds=seconds)

    def _function(self, function_name: str) -> Any:
        return lambda_backends[self.account_id][self.region].get_function(function_name)

    def _note_lost(self, name: str, target: str, reason: str) -> None:
        lost = Undelivered(name, target, reason, self.clock.now())
        self.undelivered.append(lost)
        self.on_lost(lost)

    def _credentials(self, key: str) -> Credentials:
        return Credentials(key, key.lower(), "", self.region, self.endpoint)
