"""Serves the double of an API on loopback: has credentials checked, plays the faults, keeps the journal."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stand_ins.api import Answer, Api, Request, refusal
from stand_ins.errors import StandInError
from stand_ins.faults import Faults, answer_with
from stand_ins.journal import Asked, Journal

HOST = "127.0.0.1"
DEFAULT_KEY = Api.default_key
LONGEST_FORM = 65_536  # bytes


class StandIn:
    """An API on loopback, for the length of a ``with`` block. ``day``, ``key`` and ``faults`` may be set in between.

    ``key`` is whatever the API knows its clients by: a key, or id and secret as ``id:secret``.
    """

    def __init__(
        self,
        api: Api,
        key: str | None = None,
        faults: Iterable[str] = (),
        port: int = 0,
        on_request: Callable[[Asked], None] | None = None,
    ) -> None:
        self.api = api
        self.key = api.default_key if key is None else key
        self.faults = Faults(faults)
        self.requests = Journal(on_request)
        self._port = port
        self._server: _Server | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        if self._server is None:
            raise StandInError("the stand-in is not running; start() it, or use it in a with block")
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def day(self) -> int:
        return self.api.day

    @day.setter
    def day(self, day: int) -> None:
        self.api.day = day

    def truth(self, days: Iterable[int] | None = None) -> Any:
        """What a lake must hold that has read the given days in their order (as it stands: today's alone)."""
        return self.api.truth(days)

    def start(self) -> StandIn:
        self._stopping.clear()
        try:
            self._server = _Server(self, self._port)
        except OSError as error:
            raise StandInError(
                f"port {self._port} cannot be used ({error.strerror}); give another, or 0 for any that is free"
            ) from error
        self._server.start()
        return self

    def stop(self) -> None:
        """Free the port, cut the connections that are open, and end all threads. Stopping twice is harmless."""
        server, self._server = self._server, None
        self._stopping.set()
        if server:
            server.stop()

    def __enter__(self) -> StandIn:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def respond(self, request: Request) -> Answer:
        """The answer to a request, faults and all. It is in the journal before it is sent."""
        page = self.api.page_of(request)
        answer, fault = self._answer(request, page)
        self.requests.add(Asked(time.time(), request.path, page, answer.status, fault))
        return answer

    def _answer(self, request: Request, page: int | None) -> tuple[Answer, str | None]:
        number = self.requests.number()
        if request.method not in self.api.methods:
            return self.api.refusal(405, f"{request.method} is not allowed; {', '.join(self.api.methods)} is"), None
        refused = self.api.refuses(request, self.key)
        if refused:
            return refused, None
        delay, fault = self.faults.take(page, number)
        if delay and self._stopping.wait(delay):
            return Answer(0, b"", fate="dropped"), "slow"
        return answer_with(fault, self.api, request), fault.kind if fault else "slow" if delay else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "stand-in", ""
    disable_nagle_algorithm = True
    wbufsize = -1  # buffered: head and body leave in one piece
    server: _Server

    def do_GET(self) -> None:
        self._respond({})

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not (size.isdecimal() and len(size) < 10 and int(size) <= LONGEST_FORM):
            self.close_connection = True  # what follows cannot be told from the next request
            self._send(refusal(411, f"a POST needs a Content-Length, of {LONGEST_FORM:,} at most"))
            return
        self._respond(dict(parse_qsl(self.rfile.read(int(size)).decode("latin-1"), True)))

    def _respond(self, form: dict[str, str]) -> None:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        params = dict(parse_qsl(address.query, True))
        self._send(self.server.stand_in.respond(Request(address.path, params, headers, self.command, form)))

    def _send(self, answer: Answer) -> None:
        if answer.fate == "dropped":
            self.close_connection = True
            return
        body = answer.body()
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Type": answer.content_type}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_cut = answer.fate == "cut"
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        self.close_connection = self.close_connection or is_cut

    def log_message(self, *_: object) -> None:
        """Silent: the journal holds what was asked, and no key."""


class _Server(ThreadingHTTPServer):
    """Knows its threads and connections, so that it can end them all."""

    daemon_threads = True  # a process that forgets to stop it still ends
    request_queue_size = 128

    def __init__(self, stand_in: StandIn, port: int) -> None:
        self.stand_in = stand_in
        self._open: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # not HTTPServer's: it looks the host's name up, which can take seconds

    def start(self) -> None:
        self._loop = threading.Thread(target=self.serve_forever, args=(0.05,), name="stand-in", daemon=True)
        self._loop.start()

    def stop(self) -> None:
        self.shutdown()
        self._loop.join()
        self.server_close()
        with self._lock:
            still_open = dict(self._open)
        for thread, connection in still_open.items():
            _hang_up(connection)
            thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        arguments = (request, client_address)
        thread = threading.Thread(target=self._serve, args=arguments, name="stand-in connection", daemon=True)
        with self._lock:
            self._open[thread] = request
        thread.start()

    def _serve(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._open[threading.current_thread()]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no error; anything else is one of ours, and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the thread that served it has closed it already
