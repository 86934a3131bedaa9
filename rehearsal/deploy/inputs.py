"""The inputs of one resource, which know what has been read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Inputs:
    """A handler reads through this, so that what it left unread can be reported as ignored.

    ``value`` reads a property whole (a scalar, a list, a free-form map); ``object`` and ``objects`` step into
    nested ones, whose properties then count on their own.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "", read: set[str] | None = None) -> None:
        self._values = values
        self._path = path
        self._read: set[str] = set() if read is None else read

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
        return Inputs(found, self._at(name), self._read) if isinstance(found, Mapping) else None

    def part(self, name: str) -> Inputs:
        """Like ``object``, but an absent one is empty."""
        return self.object(name) or Inputs({}, self._at(name), self._read)

    def objects(self, name: str) -> list[Inputs]:
        found = self._values.get(name) or []
        return [Inputs(item, f"{self._at(name)}[{position}]", self._read) for position, item in enumerate(found)]

    def unheeded(self, *names: str) -> None:
        """Report these although they were read: the account keeps them and does nothing with them."""
        for path in map(self._at, names):
            self._read -= {read for read in self._read if read == path or read.startswith((f"{path}.", f"{path}["))}

    def unread(self) -> Iterator[tuple[str, Any]]:
        """Path and value of each property that was set and never read."""
        yield from self._unread(self._values, self._path)

    def _unread(self, value: Any, path: str) -> Iterator[tuple[str, Any]]:
        if path in self._read or value is None or value in ([], {}):
            return
        below = f"{path}[" if isinstance(value, list) else f"{path}." if path else ""
        is_whole = not isinstance(value, Mapping | list) or not any(read.startswith(below) for read in self._read)
        if path and is_whole:
            yield path, value
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                yield from self._unread(inner, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for position, inner in enumerate(value):
                yield from self._unread(inner, f"{path}[{position}]")

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name
