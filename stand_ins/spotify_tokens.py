"""Who may ask the double of Spotify: client credentials, the tokens given for them, and how often one may call.

Time is an input: each question says what time it is.
"""

from __future__ import annotations

import binascii
import math
import secrets
import threading
from base64 import b64decode
from collections import deque
from dataclasses import dataclass

WINDOW_SECONDS = 30


def given_credentials(authorization: str) -> str | None:
    """What a header with basic authentication says, as ``id:secret``; None where it is no such header."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return text if ":" in text else None


def bearer(authorization: str) -> str | None:
    """The token that a header brings; None where it brings none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


@dataclass
class _Token:
    until: float
    calls_left: int | None


class Tokens:
    """The tokens that hold. One ends after some seconds, after some calls where a number is given, or when revoked."""

    def __init__(self, seconds: float, calls: int | None) -> None:
        self._seconds = seconds
        self._calls = calls
        self._held: dict[str, _Token] = {}
        self._lock = threading.Lock()

    def issue(self, now: float) -> str:
        token = f"BQ{secrets.token_urlsafe(48)}"
        with self._lock:
            self._held[token] = _Token(now + self._seconds, self._calls)
        return token

    def admit(self, token: str, now: float) -> bool:
        """Whether a call with this token may go on; it is one of the token's calls."""
        with self._lock:
            held = self._held.get(token)
            if held is None or now >= held.until or held.calls_left == 0:
                return False
            if held.calls_left is not None:
                held.calls_left -= 1
        return True

    def revoke(self) -> None:
        """No token given so far holds any more."""
        with self._lock:
            self._held.clear()


class Window:
    """At most so many calls in any 30 seconds; 0 is no limit. A call that is refused does not count."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._moments: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self, now: float) -> int:
        """In how many whole seconds a call would be let in; 0 where this one is."""
        if not self._calls:
            return 0
        with self._lock:
            while self._moments and self._moments[0] <= now - WINDOW_SECONDS:
                self._moments.popleft()
            if len(self._moments) >= self._calls:
                return max(math.ceil(self._moments[0] + WINDOW_SECONDS - now), 1)
            self._moments.append(now)
        return 0
