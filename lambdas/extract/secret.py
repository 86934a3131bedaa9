"""The API key: in Secrets Manager and in this process's memory, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from lambdas.extract.errors import Broken

HIDDEN = "***"
LEAST_HIDDEN_IN_DATA = 8  # characters: anything shorter may well be data


class Secret:
    """The key of one source, read when first needed and kept for the life of the container."""

    def __init__(self, client: Any, secret_id: str) -> None:
        self._client, self.id = client, secret_id
        self._key: str | None = None
        self._hidden: set[str] = set()

    @property
    def key(self) -> str:
        return self._key if self._key is not None else self.read_again()

    def read_again(self) -> str:
        """The key as it is now: it may have been changed since it was first read."""
        self._key = _key_of(self._text(), self.id)
        self.hide(self._key)
        return self._key

    def hide(self, *texts: str) -> None:
        """Hide more texts: what was made of the key, or was given for it."""
        self._hidden.update(filter(None, texts))

    def mask(self, text: str) -> str:
        """A text without any key that was ever read, and without what came of it."""
        return masked(text, self._hidden)

    def mask_body(self, body: bytes) -> bytes:
        """The same for what an API answers: it may repeat what it was sent, and what it answers is stored."""
        for hidden in _longest_first(self._hidden):
            if len(hidden) >= LEAST_HIDDEN_IN_DATA:
                body = body.replace(hidden.encode(), HIDDEN.encode())
        return body

    def _text(self) -> str:
        try:
            return str(self._client.get_secret_value(SecretId=self.id).get("SecretString", ""))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            raise Broken(f"the secret {self.id} has no value; set the API key in the stack and deploy it") from None


def masked(text: str, hidden: Iterable[str]) -> str:
    """A text without these."""
    for each in _longest_first(hidden):
        text = text.replace(each, HIDDEN)
    return text


def _longest_first(texts: Iterable[str]) -> list[str]:
    """One may be part of another, of which the rest would be left."""
    return sorted(texts, key=len, reverse=True)


def _key_of(text: str, secret_id: str) -> str:
    """Raises without a cause and without a word of the content: either may hold the key."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    key = content.get("key") if isinstance(content, dict) else None
    if not isinstance(key, str) or not key.strip():
        raise Broken(f'the secret {secret_id} is not {{"key": "..."}}; set the API key in the stack and deploy it')
    key = key.strip()
    # requests would refuse such a header with an error that quotes it.
    if not (key.isascii() and key.isprintable()):
        raise Broken(f"the key in the secret {secret_id} holds characters that no HTTP header may have; set it again")
    return key
