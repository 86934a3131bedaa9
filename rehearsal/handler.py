"""One request, from what was sent to what is answered, as a server of ours takes it."""

from __future__ import annotations

import io
from traceback import format_exc
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError

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


class Call(Handler):
    """A request of this process, as if it had come over a connection."""

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
