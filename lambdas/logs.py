"""Log lines: one JSON object each, with what they are about and what was measured. No secret is ever in one."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lambdas.clock import Clock
from lambdas.environment import needed
from lambdas.metrics import Measured, embedded
from sources.layout import RunName

NOTHING: Measured = {}


def _as_it_is(text: str) -> str:
    return text


def _print(line: str) -> None:
    print(line, flush=True)


@dataclass(frozen=True)
class Log:
    """Writes lines that all carry the same ``about``. ``mask`` takes out of a text what must not be seen.

    What a line has ``measured`` becomes metrics, told apart by what the line is about.
    """

    about: dict[str, Any] = field(default_factory=dict)
    write: Callable[[str], None] = _print
    mask: Callable[[str], str] = _as_it_is
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def of_stack(cls, environment: Mapping[str, str], mask: Callable[[str], str] = _as_it_is) -> Log:
        """The log of a function, whose environment says to which stack it belongs."""
        return cls({"stack": needed(environment, "STACK")}, mask=mask)

    def of(self, **about: Any) -> Log:
        """The same log, where each line says more about what it belongs to."""
        return replace(self, about=self.about | about)

    def of_run(self, name: RunName) -> Log:
        return self.of(run=str(name), source=name.source, stream=name.stream)

    def info(self, event: str, measured: Measured = NOTHING, **details: Any) -> None:
        self._line("info", event, measured, details)

    def warning(self, event: str, measured: Measured = NOTHING, **details: Any) -> None:
        self._line("warning", event, measured, details)

    def error(
        self, event: str, trouble: BaseException | None = None, measured: Measured = NOTHING, **details: Any
    ) -> None:
        """A line about something broken; the traceback is in the line, so that the log stays one line an event."""
        trace = {"traceback": "".join(traceback.format_exception(trouble))} if trouble else {}
        self._line("error", event, measured, details | trace)

    def _line(self, level: str, event: str, measured: Measured, details: dict[str, Any]) -> None:
        fields = {"level": level, "event": event} | self.about | details
        plain = {name: self._plain(value) for name, value in fields.items()}
        metrics = embedded(measured, self.clock.now(), plain) if measured else {}
        self.write(json.dumps(plain | metrics, ensure_ascii=False))

    def _plain(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        # A lone surrogate, as JSON may bring one, cannot be printed.
        return self.mask(str(value)).encode("utf-8", "backslashreplace").decode()
