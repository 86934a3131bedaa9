"""Calls of this process to a server of its own: the same as over a connection, without the connection."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from rehearsal.server import LOOPBACK, Handler, serving

main_thread_too = False  # for a process that nobody interrupts, as one that runs tests


def answer_here(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    """For botocore's event ``before-send``: where a server of this process is meant, no byte needs to be sent.

    Ctrl-C comes to the main thread. A call that it makes goes over a connection, where nothing can cut it in half.
    """
    server = serving(urlsplit(request.url).netloc)
    if server is None or (threading.current_thread() is threading.main_thread() and not main_thread_too):
        return None
    with server.call() as carried_out_by:
        if carried_out_by is None:
            return None
        answer = _Call(carried_out_by, request).answered()
    return AWSResponse(request.url, answer.code, dict(answer.headers), _Body(answer.body))


class _Call(Handler):
    """A request as the server would have read it."""

    def __init__(self, server: Any, request: AWSPreparedRequest) -> None:
        where = urlsplit(request.url)
        self.server, self.connection, self.client_address = server, None, (LOOPBACK, 0)
        self.command, self.request_version = request.method, self.protocol_version
        self.path = where._replace(scheme="", netloc="").geturl()
        body = _bytes_of(request.body)
        texts = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
        unsent = {name: value for name, value in texts.items() if name.lower() not in ("transfer-encoding", "expect")}
        self.headers = {**unsent, "Host": where.netloc, "Content-Length": str(len(body))}
        self.rfile = io.BytesIO(body)


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
