"""An HTTP server on a free port of this machine's own loopback, which leaves nothing behind."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from werkzeug.serving import ThreadedWSGIServer

from rehearsal import shortcut
from rehearsal.answers import Answer
from rehearsal.handler import LOOPBACK, Call, Handler


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
        self._is_open = False
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
            if not self._is_open:
                return None
            self._open_calls += 1
        try:
            return Call(self._server, request).answered()
        finally:
            with self._calls:
                self._open_calls -= 1
                self._calls.notify_all()

    def start(self) -> None:
        self._thread.start()
        self._is_open = True
        shortcut.serving[self.address] = self.answer

    def stop(self) -> None:
        """End every connection and wait for the threads that served them, and for the calls of this process."""
        with self._calls:
            self._is_open = False
        shortcut.serving.pop(self.address, None)
        self._server.shutdown()
        self._server.end_connections()
        self._thread.join()
        with self._calls:
            self._calls.wait_for(lambda: not self._open_calls)
        self._server.server_close()
