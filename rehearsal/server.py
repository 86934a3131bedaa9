"""An HTTP server on a free port of this machine's own loopback, which leaves nothing behind."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from traceback import format_exc
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import ThreadedWSGIServer

from rehearsal.answers import Answer, answer_of

LOOPBACK = "127.0.0.1"


class Handler(MotoRequestHandler):  # type: ignore[misc]
    """Moto's, without a line on stderr for each request, and with many requests on one connection.

    Werkzeug ends each connection with its answer: opening the next, with a thread of its own, takes longer than many
    a call. A request is read to its end here, and an answer has its length, so neither runs into the next.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log(self, *_: Any) -> None:
        return None

    def handle_expect_100(self) -> bool:
        is_told = super().handle_expect_100()
        self.wfile.flush()
        return bool(is_told)

    def make_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().make_environ()
        source, length = environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0)
        is_chunked = environ.get("wsgi.input_terminated")
        environ["wsgi.input"] = io.BytesIO(source.read() if is_chunked else source.read(length))
        return environ

    def answered(self) -> Answer:
        environ = self.make_environ()
        try:
            return answer_of(self.server.app, environ)
        except Exception:
            self.server.log("error", f"Error on request:\n{format_exc()}")
            return answer_of(InternalServerError(), environ)

    def run_wsgi(self) -> None:
        self._send(self.answered())

    def _send(self, answer: Answer) -> None:
        status, _, phrase = answer.status.partition(" ")
        self.send_response(int(status), phrase)
        for name, value in answer.headers:
            self.send_header(name, value)
        has_body = self.command != "HEAD" and answer.code not in (204, 304)
        if has_body and not answer.header("content-length"):
            self.send_header("Content-Length", str(len(answer.body)))
        elif has_body and int(answer.header("content-length")) != len(answer.body):
            self.close_connection = True  # the client must not wait for the rest, nor take it for the next answer
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if has_body:
            self.wfile.write(answer.body)
        self.wfile.flush()


class _Server(ThreadedWSGIServer):
    """Knows its open connections, so that it can end them: a client may be waiting on one for a long poll."""

    request_queue_size = 128

    def __init__(self, application: Any) -> None:
        self._open: dict[socket.socket, threading.Thread] = {}
        self._opening = threading.Lock()
        super().__init__(LOOPBACK, 0, application, handler=Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        serve = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._opening:
            self._open = {each: thread for each, thread in self._open.items() if thread.is_alive()}
            serve.start()
            self._open[request] = serve

    def end_connections(self) -> None:
        """Also those that are kept for a next request. What is being answered is carried out before."""
        with self._opening:
            still_open = dict(self._open)
        for connection in still_open:
            with suppress(OSError):  # the client may have been faster
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still_open.values():
            thread.join()


class LoopbackServer:
    """Serves a WSGI application in threads of its own from ``start`` to ``stop``."""

    def __init__(self, application: Any) -> None:
        self._server = _Server(application)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="account", daemon=True)
        self._calls = threading.Condition()
        self._open_calls = 0

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._server.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @contextmanager
    def call(self) -> Iterator[Any]:
        """What a call of this process is carried out by, while ``stop`` waits for it; None when it has been stopped."""
        with self._calls:
            is_serving = serving(self.address) is self
            self._open_calls += is_serving
        try:
            yield self._server if is_serving else None
        finally:
            with self._calls:
                self._open_calls -= is_serving
                self._calls.notify_all()

    def start(self) -> None:
        self._thread.start()
        _serving[self.address] = self

    def stop(self) -> None:
        """End every connection and wait for the threads that served them, and for the calls of this process."""
        with self._calls:
            _serving.pop(self.address, None)
        self._server.shutdown()
        self._server.end_connections()
        self._thread.join()
        with self._calls:
            self._calls.wait_for(lambda: not self._open_calls)
        self._server.server_close()


_serving: dict[str, LoopbackServer] = {}


def serving(address: str) -> LoopbackServer | None:
    """The server of this process that answers there."""
    return _serving.get(address)
