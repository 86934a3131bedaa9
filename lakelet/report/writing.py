"""How values are written for a reader."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dashboards import Form
from lakelet.cells import size
from sources.model import RUN_FORMAT

NOTHING = "–"  # a value that is not there; never confused with 0 or an empty text
LONG = 24  # digits and signs; a longer number is written by its power of ten
VERY_LONG = 60  # as long as a table shows it in full
NUMERIC = frozenset({Form.WHOLE, Form.DECIMAL, Form.PERCENT, Form.SECONDS, Form.BYTES})
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def as_number(value: Any) -> Decimal | None:
    """A value that can be drawn and counted, else None: no value, text, not a number, infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    number = Decimal(value)
    return number if number.is_finite() else None


def written(value: Any, form: Form) -> str:
    """A value in full, as a table shows it."""
    if value is None:
        return NOTHING
    if form in (Form.MOMENT, Form.RUN):
        return _moment(value)
    number = as_number(value)
    if number is None or form is Form.TEXT:
        return str(value)
    text = _FORMS.get(form, _plain)(number)
    return text if len(text) <= VERY_LONG else _by_power(number)


def short(value: Any, form: Form) -> str:
    """A value beside a bar: the same, but a very long number is written by its power of ten."""
    text, number = written(value, form), as_number(value)
    if number is None or len(text) <= LONG or form is Form.TEXT:
        return text
    return _by_power(number)


def _by_power(number: Decimal) -> str:
    digits, power = f"{number:.2e}".split("e")
    return f"{digits.replace('-', '−')}\u00a0×\u00a010{str(int(power)).translate(_SUPERSCRIPT)}"


def share(part: Decimal, whole: Decimal) -> str:
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "under 1\u00a0%"
    return f"{percent:.0f}\u00a0%"


def clipped(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def moment(seconds: float) -> str:
    """``2 March 2026, 05:00 UTC``."""
    found = datetime.fromtimestamp(seconds, UTC)
    return f"{found.day}\u00a0{found:%B}\u00a0{found.year}, {found:%H:%M}\u00a0UTC"


def as_moment(value: Any) -> datetime | None:
    """The time that a value stands for: a date, a time, a run's name, or ISO text; in UTC where it has a zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, str):
        return None
    last = value.rpartition(",")[2]  # a commit may be of several runs
    try:
        if re.fullmatch(r"\d{8}T\d{6}Z", last):
            return datetime.strptime(last, RUN_FORMAT).replace(tzinfo=UTC)
        return as_moment(datetime.fromisoformat(last)) if re.match(r"\d{4}-\d\d-\d\d", last) else None
    except ValueError:
        return None


def _moment(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    found = as_moment(value)
    others = str(value).count(",")
    return (f"{found:%Y-%m-%d}\u00a0{found:%H:%M}" if found else str(value)) + (
        f" + {others}" if found and others else ""
    )


def _plain(number: Decimal) -> str:
    return f"{number:,f}".replace("-", "−")


def _decimal(number: Decimal) -> str:
    return _plain(number.quantize(Decimal("0.01")) if abs(number) < 10**20 else number)


def _percent(number: Decimal) -> str:
    return f"{_decimal(number)}\u00a0%"


def _seconds(number: Decimal) -> str:
    if number < 100:
        return f"{number:.1f}\u00a0s"
    minutes, seconds = divmod(int(number.to_integral_value()), 60)
    return f"{minutes:,}\u00a0min\u00a0{seconds:02}\u00a0s"


def _bytes(number: Decimal) -> str:
    return size(number, space="\u00a0")


_FORMS = {
    Form.WHOLE: _plain,
    Form.DECIMAL: _decimal,
    Form.PERCENT: _percent,
    Form.SECONDS: _seconds,
    Form.BYTES: _bytes,
}
