"""Log lines: one JSON object each, with what they are about. No secret is ever in one."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sources.layout import RunName


def _as_it_is(text: str) -> str:
    return text


def _print(line: str) -> None:
    print(line, flush=True)


@dataclass(frozen=True)
class Log:
    """Writes lines that all carry the same ``about``. ``mask`` takes out of a text what must not be seen."""

    about: dict[str, Any] = field(default_factory=dict)
    write: Callable[[str], None] = _print
    mask: Callable[[str], str] = _as_it_is

    def of(self, **about: Any) -> Log:
        """The same log, where each line says more about what it belongs to."""
        return replace(self, about=self.about | about)

    def of_run(self, name: RunName) -> Log:
        return self.of(run=str(name), source=name.source, stream=name.stream)

    def info(self, event: str, **details: Any) -> None:
        self._line("info", event, details)

    def warning(self, event: str, **details: Any) -> None:
        self._line("warning", event, details)

    def error(self, event: str, trouble: BaseException | None = None, **details: Any) -> None:
        """A line about something broken; the traceback is in the line, so that the log stays one line an event."""
        trace = {"traceback": "".join(traceback.format_exception(trouble))} if trouble else {}
        self._line("error", event, details | trace)

    def _line(self, level: str, event: str, details: dict[str, Any]) -> None:
        fields = {"level": level, "event": event} | self.about | details
        self.write(json.dumps({name: self._plain(value) for name, value in fields.items()}, ensure_ascii=False))

    def _plain(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        # A lone surrogate, as JSON may bring one, cannot be printed.
        return self.mask(str(value)).encode("utf-8", "backslashreplace").decode()
