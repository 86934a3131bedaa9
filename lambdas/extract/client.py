"""One request to the API, and what its status means. Trying again is not done here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from lambdas.clock import Clock
from lambdas.extract.errors import Broken, Refused, Unavailable
from lambdas.extract.patience import retry_after
from sources.model import Api

CONNECT_SECONDS = 5.0
CHUNK_BYTES = 65_536
MOST_BYTES = 50_000_000  # more than this is no page, and would not fit into the function's memory

NEXT_STEPS = {
    403: "what is asked for is not open to this key: have it opened, or change the stream in sources/",
    404: "check API_URL and the path of the stream in sources/",
}


def new_session() -> requests.Session:
    """A session that keeps connections open, and takes nothing from the machine: no proxy, no .netrc."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True)
class Client:
    session: requests.Session
    url: str
    api: Api
    clock: Clock

    def get(self, path: str, params: Mapping[str, str], credentials: Mapping[str, str]) -> bytes:
        """The body of a good answer; any other raises what it means. ``credentials`` are headers."""
        headers = {**self.api.headers, "Accept": "application/json", **credentials}
        return self._send("GET", f"{self.url}{path}", params=params, headers=headers)

    def post(self, url: str, form: Mapping[str, str], credentials: Mapping[str, str]) -> bytes:
        """The same for a form that is sent to some other address."""
        return self._send("POST", url, data=form, headers={"Accept": "application/json", **credentials})

    def _send(self, method: str, url: str, **what: Any) -> bytes:
        path, timeout = urlsplit(url).path, (CONNECT_SECONDS, self.api.timeout_seconds)
        try:
            # A redirect is not followed: it might lead the key to another host.
            with self.session.request(
                method, url, timeout=timeout, allow_redirects=False, stream=True, **what
            ) as response:
                self._judge(response, path)
                return self._body(response)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader) as error:
            raise Broken(f"the request to {path} cannot be sent ({type(error).__name__}); check API_URL") from None
        except requests.exceptions.Timeout as error:
            raise Unavailable(f"{path} does not answer within {self.api.timeout_seconds:g} s") from error
        except requests.RequestException as error:
            raise Unavailable(f"{path} breaks off or cannot be reached ({type(error).__name__})") from error

    def _judge(self, response: Any, path: str) -> None:
        status = int(response.status_code)
        if 200 <= status < 300:
            return
        if status == 429 or status >= 500:
            pause = retry_after(response.headers.get("Retry-After"), self.clock.now())
            raise Unavailable(f"{path} answers {status}", pause)
        if 300 <= status < 400:
            host = urlsplit(response.headers.get("Location", "")).hostname
            raise Broken(
                f"{path} answers {status}, which leads to host {host}; redirects are not followed: set API_URL"
            )
        next_step = NEXT_STEPS.get(status, "check the path and parameters of the stream in sources/")
        raise Refused(f"{path} answers {status}; {next_step}", status)

    def _body(self, response: Any) -> bytes:
        """Read within the time-out as a whole: the one of requests starts anew with each byte."""
        until = self.clock.elapsed() + self.api.timeout_seconds
        body = bytearray()
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > MOST_BYTES:
                raise Broken(f"an answer has more than {MOST_BYTES} bytes; ask for smaller pages in sources/")
            if self.clock.elapsed() > until:
                raise Unavailable(f"an answer takes longer than {self.api.timeout_seconds:g} s")
        return bytes(body)
