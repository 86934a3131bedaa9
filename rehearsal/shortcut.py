"""Calls of this process to a server of its own: the same as over a connection, without the connection."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from rehearsal.answers import Answer

serving: dict[str, Callable[[AWSPreparedRequest], Answer | None]] = {}  # by the address of each server
main_thread_too = False  # for a process that nobody interrupts, as one that runs tests


def answer_here(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    """For botocore's event ``before-send``: where a server of this process is meant, no byte needs to be sent.

    Ctrl-C comes to the main thread. A call that it makes goes over a connection, where nothing can cut it in half.
    """
    answer_to = serving.get(urlsplit(request.url).netloc)
    if answer_to is None or (threading.current_thread() is threading.main_thread() and not main_thread_too):
        return None
    answer = answer_to(request)
    return answer and AWSResponse(request.url, answer.code, dict(answer.headers), _Body(answer.body))


class _Body(io.BytesIO):
    """A body as botocore reads it from a connection."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()
