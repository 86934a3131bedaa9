"""An HTTP server on a free port of this machine's own loopback, which leaves nothing behind."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from traceback import format_exc
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import ThreadedWSGIServer

from rehearsal.answers import Answer, answer_of

LOOPBACK = "127.0.0.1"


class _Handler(MotoRequestHandler):  # type: ignore[misc]
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

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            answer = answer_of(self.server.app, environ)
        except Exception:
            self.server.log("error", f"Error on request:\n{format_exc()}")
            answer = answer_of(InternalServerError(), environ)
        self._send(answer)

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


class _Call(_Handler):
    """A call of this process to a server of its own: the same as one over a connection, without the connection."""

    def __init__(self, server: _Server, request: AWSPreparedRequest) -> None:
        where = urlsplit(request.url)
        self.server, self.connection, self.client_address = server, None, (LOOPBACK, 0)
        self.command, self.request_version = request.method, self.protocol_version
        self.path = where._replace(scheme="", netloc="").geturl()
        body = _bytes_of(request.body)
        texts = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
        unsent = {name: value for name, value in texts.items() if name.lower() not in ("transfer-encoding", "expect")}
        self.headers = {**unsent, "Host": where.netloc, "Content-Length": str(len(body))}
        self.rfile = io.BytesIO(body)

    def answer(self) -> Answer:
        return answer_of(self.server.app, self.make_environ())


def _bytes_of(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else bytes(body.read())


class _Body(io.BytesIO):
    """A body as botocore reads it from a connection."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


class _Server(ThreadedWSGIServer):
    """Knows its open connections, so that it can end them: a client may be waiting on one for a long poll."""

    request_queue_size = 128

    def __init__(self, application: Any) -> None:
        self._open: dict[socket.socket, threading.Thread] = {}
        self._opening = threading.Lock()
        super().__init__(LOOPBACK, 0, application, handler=_Handler)

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

    def answer(self, request: AWSPreparedRequest) -> Answer | None:
        """The answer to a call of this process; None when the server has been stopped."""
        with self._calls:
            if _serving.get(self.address) is not self:
                return None
            self._open_calls += 1
        try:
            return _Call(self._server, request).answer()
        finally:
            with self._calls:
                self._open_calls -= 1
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


def answer_here(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    """For botocore's event ``before-send``: where a server of this process is meant, no byte needs to be sent.

    Ctrl-C comes to the main thread. A call that it makes goes over a connection, where nothing can cut it in half.
    """
    server = _serving.get(urlsplit(request.url).netloc)
    if server is None or (threading.current_thread() is threading.main_thread() and not main_thread_too):
        return None
    answer = server.answer(request)
    return answer and AWSResponse(request.url, answer.code, dict(answer.headers), _Body(answer.body))


main_thread_too = False  # for the many calls of a process that nobody interrupts and goes on with
