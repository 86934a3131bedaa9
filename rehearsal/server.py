"""An HTTP server on a free port of this machine's own loopback, which leaves nothing behind."""

from __future__ import annotations

import socket
import threading
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

LOOPBACK = "127.0.0.1"


class _Handler(MotoRequestHandler):  # type: ignore[misc]
    """Moto's, without a line on stderr for each request."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        return None


class _Server(ThreadedWSGIServer):
    """Knows its open connections, so that it can end them: a client may be waiting on one for a long poll."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, application: Any) -> None:
        self._open: set[socket.socket] = set()
        self._opening = threading.Lock()
        super().__init__(LOOPBACK, 0, application, handler=_Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._opening:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._opening:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        with self._opening:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster


class LoopbackServer:
    """Serves a WSGI application in threads of its own from ``start`` to ``stop``."""

    def __init__(self, application: Any) -> None:
        self._server = _Server(application)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="account", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End every connection and wait for the threads that served them."""
        self._server.shutdown()
        self._server.end_connections()
        self._thread.join()
        self._server.server_close()
