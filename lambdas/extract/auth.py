"""What makes a request ours: headers with the key, or with a token that was given for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from lambdas.extract.errors import KeyRefused, Refused
from lambdas.extract.secret import Secret
from lambdas.extract.tokens import Tokens


class Auth(Protocol):
    """The credentials of one call of the function."""

    def headers(self) -> dict[str, str]: ...

    def is_refused_by(self, refusal: Refused) -> bool:
        """Whether it is the credentials that a refusal is about."""

    def renew(self, refusal: Refused) -> None:
        """Get other credentials after a refusal, or raise KeyRefused where there are none to be had."""

    def given_up(self, refusal: Refused) -> KeyRefused:
        """What a refusal of renewed credentials means."""


@dataclass
class KeyAuth:
    """The key itself. It may have changed since it was read: the first refusal is answered by reading it again."""

    source: str
    secret: Secret
    header: str
    _is_new: bool = field(default=False, init=False)

    def headers(self) -> dict[str, str]:
        return {self.header: self.secret.key}

    def is_refused_by(self, refusal: Refused) -> bool:
        return refusal.status in (401, 403)

    def renew(self, refusal: Refused) -> None:
        if self._is_new:
            raise self.given_up(refusal) from refusal
        self._is_new = True
        self.secret.read_again()

    def given_up(self, refusal: Refused) -> KeyRefused:
        return KeyRefused(f"a request answers {refusal.status}", self.source, self.secret.id)


@dataclass(frozen=True)
class TokenAuth:
    """A token. It ends now and then, so each refusal is answered by another one; a new one is never refused."""

    source: str
    tokens: Tokens

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.token()}"}

    def is_refused_by(self, refusal: Refused) -> bool:
        return refusal.status == 401

    def renew(self, _refusal: Refused) -> None:
        self.tokens.renew()

    def given_up(self, refusal: Refused) -> KeyRefused:
        where = f"a request with a new token answers {refusal.status}"
        return KeyRefused(where, self.source, self.tokens.secret.id)
