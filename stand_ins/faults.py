"""Faults that can be switched on, written as short texts: ``429@3``, ``500@2x2``, ``slow=5@4``, ``down``.

KIND, then optionally ``=SECONDS``, ``@PAGE`` or ``@#REQUEST`` (the n-th that arrives), and ``xTIMES`` or ``xalways``.
A fault with a place happens once unless it says how often; one without a place meets every request.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

from stand_ins.api import Answer, Api, Request
from stand_ins.errors import StandInError

Effect = Callable[[float, Api, Request], Answer]
_ALWAYS = -1


def _too_many(api: Api, retry_after: str) -> Answer:
    return replace(api.refusal(429, "Too many requests"), headers={"Retry-After": retry_after})


def _date(seconds: float) -> str:
    return formatdate(math.ceil(time.time() + seconds), usegmt=True)


def _broken(status: int, message: str) -> Effect:
    return lambda _seconds, api, _request: api.refusal(status, message)


def _fated(effect: Callable[[Answer], Answer]) -> Effect:
    """A fault that spoils the answer which would have been right."""
    return lambda _seconds, api, request: effect(api.answer(request))


def _half(answer: Answer) -> Answer:
    body = answer.body()
    return replace(answer, payload=body[: len(body) // 2])


def _rename_list(answer: Answer) -> Answer:
    """The field that holds the records has another name, also where it lies within another field."""

    def renamed(fields: dict[str, Any]) -> dict[str, Any]:
        return {
            f"{name}_v2" if isinstance(value, list) else name: renamed(value) if isinstance(value, dict) else value
            for name, value in fields.items()
        }

    return replace(answer, payload=renamed(answer.payload))


def _rename_fields(answer: Answer) -> Answer:
    """Each field of each record has another name."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: renamed(each) for name, each in value.items()}
        if not isinstance(value, list):
            return value
        return [{f"{name}_v2": each for name, each in row.items()} if isinstance(row, dict) else row for row in value]

    return replace(answer, payload=renamed(answer.payload))


_HTML = b"<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body><h1>We'll be back soon</h1></body></html>\n"

EFFECTS: dict[str, Effect | None] = {
    "429": lambda seconds, api, _request: _too_many(api, str(math.ceil(seconds))),
    "429-date": lambda seconds, api, _request: _too_many(api, _date(seconds)),
    "401": _broken(401, "Invalid API key"),
    "403": _broken(403, "You are not subscribed to this API"),
    "500": _broken(500, "Internal server error"),
    "502": _broken(502, "Bad gateway"),
    "503": _broken(503, "Service unavailable"),
    "slow": None,  # the right answer, late: nothing takes its place
    "cut": _fated(lambda answer: replace(answer, fate="cut")),
    "cut-json": _fated(_half),
    "repeat": lambda _seconds, api, request: api.answer(api.before(request)),
    "error-page": _broken(200, "You have exceeded the rate limit of your plan"),
    "html": lambda _seconds, _api, _request: Answer(200, _HTML, content_type="text/html; charset=utf-8"),
    "shape": _fated(_rename_list),
    "record-shape": _fated(_rename_fields),
    "down": lambda _seconds, _api, _request: Answer(0, b"", fate="dropped"),
}
SECONDS = {"429": 1.0, "429-date": 1.0, "slow": 3.0}

_KINDS = "|".join(sorted(map(re.escape, EFFECTS), key=len, reverse=True))
_FAULT = re.compile(
    rf"(?P<kind>{_KINDS})(=(?P<seconds>\d+(\.\d+)?))?(@(?P<by>#?)(?P<place>[1-9]\d*))?(x(?P<times>[1-9]\d*|always))?"
)


@dataclass
class Fault:
    """One fault, and how often it is still to come (-1: always)."""

    kind: str
    seconds: float
    left: int
    page: int | None = None
    request: int | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        found = _FAULT.fullmatch(text)
        if found is None:
            raise StandInError(
                f"no fault {text!r}; write KIND[=SECONDS][@PAGE or @#REQUEST][xTIMES or xalways], such as 429@3x2, "
                f"with one of: {', '.join(EFFECTS)}"
            )
        kind, place = found["kind"], int(found["place"]) if found["place"] else None
        if found["seconds"] and kind not in SECONDS:
            raise StandInError(f"fault {text!r} takes no seconds; only these do: {', '.join(SECONDS)}")
        times = found["times"] or ("1" if place else "always")
        return cls(
            kind=kind,
            seconds=float(found["seconds"] or SECONDS.get(kind, 0)),
            left=_ALWAYS if times == "always" else int(times),
            page=None if found["by"] else place,
            request=place if found["by"] else None,
        )

    def meets(self, page: int | None, request: int) -> bool:
        return self.left != 0 and self.page in (None, page) and self.request in (None, request)


class Faults:
    """The faults that are switched on. They are taken in the order given, one for a request, delays besides."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._faults = [Fault.parse(text) for text in texts]
        self._lock = threading.Lock()

    def add(self, *texts: str) -> None:
        """Switch on more faults, behind those that are left."""
        more = [Fault.parse(text) for text in texts]
        with self._lock:
            self._faults += more

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._faults.clear()

    def take(self, page: int | None, request: int) -> tuple[float, Fault | None]:
        """For how many seconds to hold the answer to a request back, and what to give in its place."""
        delay, chosen = 0.0, None
        with self._lock:
            for fault in self._faults:
                is_delay = EFFECTS[fault.kind] is None
                if not fault.meets(page, request) or (chosen and not is_delay):
                    continue
                fault.left -= fault.left > 0
                if is_delay:
                    delay += fault.seconds
                else:
                    chosen = fault
        return delay, chosen


def answer_with(fault: Fault | None, api: Api, request: Request) -> Answer:
    """The answer to a request under a fault, or the right one under none."""
    effect = EFFECTS[fault.kind] if fault else None
    return effect(fault.seconds, api, request) if fault and effect else api.answer(request)
