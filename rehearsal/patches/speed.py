"""What moto works out afresh on every call although it never changes: over a quarter of the time of a small call,
and a large part of the first call to a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any


def list_once(original: Callable[[], Iterable[str]]) -> Callable[[], tuple[str, ...]]:
    """backends.list_of_moto_modules, which reads moto's own folder to route each request."""

    @cache
    def list_of_moto_modules() -> tuple[str, ...]:
        return tuple(original())

    return list_of_moto_modules


def look_once(original: Callable[[], Any]) -> Callable[[], Any]:
    """core.utils.create_loader. Each loader looks through the folders of all services before it reads one of them."""

    @cache
    def create_loader() -> Any:
        return original()

    return create_loader


def inspect_once(original: Callable[[type], list[str]]) -> Callable[[type], list[str]]:
    """responses.method_names_from_class, which inspects a class of hundreds of methods to dispatch each request."""

    @cache
    def method_names_from_class(handler: type) -> list[str]:
        return original(handler)

    return method_names_from_class
