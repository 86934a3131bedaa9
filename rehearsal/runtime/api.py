"""Lambda's Runtime API on loopback, for one process: it asks for the next invocation and posts what came of it."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from rehearsal.runtime.bootstrap import API, OFFSET

LARGEST_RESPONSE = 6 * 1024 * 1024 + 100  # bytes; Lambda's limit of 6 MB leaves a little room for the envelope

Kind = Literal["ready", "response", "too-large", "error", "init-error", "timeout", "memory", "exit"]


@dataclass(frozen=True)
class Order:
    """One invocation, for the process. Its deadline is by the process's own clock, ``offset`` seconds ahead."""

    request_id: str
    function_arn: str
    payload: bytes
    deadline_ms: int
    offset: float

    def headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-00000000-{self.request_id.replace('-', '')[:24]};Sampled=0"
            f"{OFFSET}{self.offset!r}",
        }


@dataclass(frozen=True)
class Answer:
    """What became of an invocation: what the process posted, or how it was ended."""

    kind: Kind
    body: bytes = b""


class RuntimeApi:
    """``orders`` go to the process, ``answers`` come from it: first "ready", or "init-error"."""

    def __init__(self) -> None:
        self.orders: queue.Queue[Order | None] = queue.Queue()
        self.answers: queue.Queue[Answer] = queue.Queue()
        self.is_ready = False
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def next_order(self) -> Order | None:
        """Waits for an invocation. None: there will be no more."""
        if not self.is_ready:
            self.is_ready = True
            self.answers.put(Answer("ready"))
        return self.orders.get()

    def close(self) -> None:
        self.orders.put(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    api: RuntimeApi


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        order = self.server.api.next_order()
        if order is None:
            self.close_connection = True
            return
        self._answer(200, order.payload, order.headers())

    def do_POST(self) -> None:
        body = self._body()
        kind = self._kind(body)
        self.server.api.answers.put(Answer(kind, body if kind != "too-large" else b""))
        self._answer(413 if kind == "too-large" else 202, b'{"status":"OK"}', {"Content-Type": "application/json"})

    def _kind(self, body: bytes) -> Kind:
        if self.path == f"{API}/init/error":
            return "init-error"
        if self.path.endswith("/error"):
            return "error"
        return "response" if len(body) <= LARGEST_RESPONSE else "too-large"

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers, up to the empty line
        return body

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: the process's own output is what belongs on a log."""
