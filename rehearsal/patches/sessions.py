"""Moto's own sessions, from which it takes the names of regions and services: they belong to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal import clients


def of_nobody(_original: Callable[[], Any]) -> Callable[[], Any]:
    """core.base_backend.AccountSpecificBackend.get_session and core.utils.Session."""

    def session() -> Any:
        return clients.session()

    return session
