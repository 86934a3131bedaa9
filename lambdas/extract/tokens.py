"""Tokens that an API gives for the key, as OAuth 2.0 has it for client credentials. They are in memory alone."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from lambdas.clock import Clock
from lambdas.extract.client import Client
from lambdas.extract.envelope import decode
from lambdas.extract.errors import Broken, KeyRefused, Refused, Unavailable
from lambdas.extract.secret import Secret

EARLY_SECONDS = 60.0  # a token is not used up to its last moment: requests take time
EARLY_SHARE = 0.1  # of a token that lives shorter than that


@dataclass
class Kept:
    """The token that holds, for the life of the container."""

    token: str = ""
    until: float = 0.0


@dataclass(frozen=True)
class Tokens:
    """Gives the token of a source, and takes another where it has ended."""

    source: str
    url: str
    client: Client
    secret: Secret
    kept: Kept
    clock: Clock

    def token(self) -> str:
        if self.clock.now() >= self.kept.until:
            self.renew()
        return self.kept.token

    def renew(self) -> None:
        """Take a new token: Unavailable where that cannot be now, KeyRefused where the key is not good for one."""
        self.kept.until = 0.0
        asked_at = self.clock.now()
        try:
            token, seconds = granted(self._ask())
        except Unavailable as trouble:
            raise Unavailable(f"no token to be had: {trouble}", trouble.retry_after) from trouble
        self.secret.hide(token)
        self.kept.token, self.kept.until = token, asked_at + seconds - min(EARLY_SECONDS, seconds * EARLY_SHARE)

    def _ask(self) -> bytes:
        """The key may have changed since it was read: a refusal is answered by reading it again, once."""
        try:
            return self._ask_with(self.secret.key)
        except Refused as refusal:
            _check_is_about_key(refusal)
        try:
            return self._ask_with(self.secret.read_again())
        except Refused as refusal:
            _check_is_about_key(refusal)
            raise KeyRefused(f"the request for a token answers {refusal.status}", self.source, self.secret.id) from None

    def _ask_with(self, key: str) -> bytes:
        _id, colon, secret = key.partition(":")
        if not colon:
            raise Broken(
                f"the key in the secret {self.secret.id} is not ID:SECRET; "
                f"set it: pulumi config set --secret lakelet:{self.source}ApiKey, then pulumi up"
            )
        basic = b64encode(key.encode()).decode()
        self.secret.hide(secret, basic)
        return self.client.post(self.url, {"grant_type": "client_credentials"}, {"Authorization": f"Basic {basic}"})


def _check_is_about_key(refusal: Refused) -> None:
    """A refusal for any other reason must not pass for one of the API itself: a 404 there may be the end of a list."""
    if refusal.status not in (400, 401):
        raise Broken(f"no token to be had: {refusal}") from refusal


def granted(body: bytes) -> tuple[str, float]:
    """The token in an answer, and the seconds that it holds."""
    answer: Any = decode(body)
    content = answer if isinstance(answer, dict) else {}
    token, seconds = content.get("access_token"), content.get("expires_in")
    is_token = isinstance(token, str) and token.isascii() and token.isprintable() and token.strip() == token != ""
    is_time = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and seconds > 0
    if not (is_token and is_time):
        raise Unavailable("the answer has no access_token with its expires_in")
    return str(token), float(seconds or 0)
