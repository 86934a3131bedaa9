"""The inputs of one resource, which know what has been read of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rehearsal.honesty.effect import UNSHOWN, Effects, Recorded

NO_EFFECTS: Effects = {}
KEPT = "the account keeps it and does nothing with it"


class Finding(NamedTuple):
    """A property that was set and has no effect. ``why`` is empty for one that nobody has read."""

    path: str
    value: Any
    why: str = ""


class Inputs:
    """A handler reads through this, so that what it left unread can be reported as ignored.

    ``value`` reads a property whole (a scalar, a list, a free-form map); ``object`` and ``objects`` step into
    nested ones, whose properties then count on their own.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "", whole: Inputs | None = None) -> None:
        self._values = values
        self._path = path
        self._read: set[str] = set() if whole is None else whole._read
        self._unheeded: dict[str, str] = {} if whole is None else whole._unheeded

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def __getitem__(self, name: str) -> Any:
        return self.value(name)

    def value(self, name: str, default: Any = None) -> Any:
        self._read.add(self._at(name))
        found = self._values.get(name)
        return default if found is None else found

    def take(self, **names: str) -> dict[str, Any]:
        """``take(MemorySize="memorySize")``: the arguments of an API call, without those that are not set."""
        return {argument: self.value(name) for argument, name in names.items() if name in self}

    def object(self, name: str) -> Inputs | None:
        found = self._values.get(name)
        return Inputs(found, self._at(name), self) if isinstance(found, Mapping) else None

    def part(self, name: str) -> Inputs:
        """Like ``object``, but an absent one is empty."""
        return self.object(name) or Inputs({}, self._at(name), self)

    def objects(self, name: str) -> list[Inputs]:
        found = self._values.get(name) or []
        return [Inputs(item, f"{self._at(name)}[{position}]", self) for position, item in enumerate(found)]

    def unheeded(self, *names: str, why: str = KEPT) -> None:
        """Report these although they were read: as they are set here, nothing is done with them."""
        self._unheeded.update(dict.fromkeys(map(self._at, names), why))

    def unread(self) -> Iterator[tuple[str, Any]]:
        """Path and value of each property that was set and is not acted on, as far as the handler itself knows."""
        return ((path, value) for path, value, why in self.without_effect() if why != UNSHOWN)

    def without_effect(self, effects: Effects = NO_EFFECTS) -> Iterator[Finding]:
        """Each property that was set, and was not read or does not stand among ``effects`` as one that is honoured."""
        yield from self._without_effect(self._values, self._path, effects)

    def _without_effect(self, value: Any, path: str, effects: Effects) -> Iterator[Finding]:
        if value is None or value in ([], {}):
            return
        effect, is_read = effects.get(_POSITION.sub("", path)), path in self._read
        is_stepped_into = any(read.startswith((f"{path}.", f"{path}[")) for read in self._read) or not path
        if path in self._unheeded:
            yield Finding(path, value, self._unheeded[path])
        elif isinstance(effect, Recorded) and (is_read or is_stepped_into):
            if value != effect.as_if:
                yield Finding(path, value, effect.why)
        elif is_read and effect is None:
            yield Finding(path, value, UNSHOWN)
        elif not is_read and not is_stepped_into:
            yield Finding(path, value)
        elif not is_read:
            for inner_path, inner in _parts(value, path):
                yield from self._without_effect(inner, inner_path, effects)

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


_POSITION = re.compile(r"\[\d+\]")


def _parts(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """What lies directly below a property, with its path."""
    if isinstance(value, Mapping):
        yield from ((f"{path}.{name}" if path else name, inner) for name, inner in value.items())
    elif isinstance(value, list):
        yield from ((f"{path}[{position}]", inner) for position, inner in enumerate(value))
