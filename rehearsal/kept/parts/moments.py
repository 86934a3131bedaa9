"""Times as moto holds them (without a zone, or with one) and as they are written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def read(text: str | None) -> Any:
    return None if text is None else datetime.fromisoformat(text)
