"""Reading the texts of a stack's configuration. Each value is what it should be, or an error that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from infra.errors import SettingsError
from infra.naming import PROJECT

Default = TypeVar("Default", bound=int | None)


@dataclass(frozen=True)
class Values:
    """``get`` finds the text under a name, or None: Pulumi keeps all values as text, lists and objects as JSON."""

    get: Callable[[str], str | None]

    def claim(self, name: str) -> bool:
        """True or false, and no default: this one is decided, not assumed."""
        text = self.get(name)
        if text not in ("true", "false"):
            said = "missing" if text is None else repr(text)
            raise SettingsError(
                f"{PROJECT}:{name} is {said}; say true or false: pulumi config set {PROJECT}:{name} true"
            )
        return text == "true"

    def choice(self, name: str, default: str, known: Collection[str]) -> str:
        text = self.get(name) or default
        if text not in known:
            raise SettingsError(f"{PROJECT}:{name} is {text!r}, which is not known here; known are: {', '.join(known)}")
        return text

    def whole(self, name: str, default: Default) -> int | Default:
        text = self.get(name)
        if text is not None and not text.isdecimal():
            raise SettingsError(f"{PROJECT}:{name} is {text!r}, which is no whole number; give one, such as 30")
        return default if text is None else int(text)

    def names(self, name: str, default: Collection[str], known: Collection[str]) -> tuple[str, ...]:
        """Some of the known names, each once, in the order given."""
        said = self.structure(name, list(default))
        if not isinstance(said, list):
            raise SettingsError(f"{PROJECT}:{name} is {said!r}; it is a list of: {', '.join(known)}")
        for value in said:
            if value not in known:
                raise SettingsError(
                    f"{PROJECT}:{name} has {value!r}, which there is not; there are: {', '.join(known)}"
                )
        return tuple(dict.fromkeys(said))

    def structure(self, name: str, default: Any) -> Any:
        text = self.get(name)
        if text is None:
            return default
        try:
            return json.loads(text)
        except ValueError:
            raise SettingsError(f"{PROJECT}:{name} is {text!r}, which is not JSON; give a list or an object") from None
