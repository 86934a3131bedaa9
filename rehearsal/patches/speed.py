"""What moto works out afresh on every call although it never changes: over a quarter of the time of a small call,
and a large part of the first call to a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
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


def name_once(original: Callable[..., Iterable[str]]) -> Callable[..., tuple[str, ...]]:
    """serialize.XFormedAttributePicker.get_possible_keys, which makes up the names that each member of each answer
    might have. They follow from the member, and from the class of what holds it."""
    known: dict[Any, tuple[str, ...]] = {}

    def get_possible_keys(picker: Any, context: Any) -> tuple[str, ...]:
        about = (type(picker), type(context.obj), context.shape, getattr(context.shape, "parent", None), context.key)
        if about not in known:
            known[about] = tuple(dict.fromkeys(original(picker, context)))
        return known[about]

    return get_possible_keys


def parse_once(original: Callable[[str], Any]) -> Callable[[str], Any]:
    """expressions.UpdateExpressionParser.make: each update is parsed twice, and those of a program are always the same.
    What works on a tree makes a copy of its own."""

    @lru_cache(maxsize=256)
    def make(expression: str) -> Any:
        return original(expression)

    return make


def kinds_once(original: Callable[[Any], tuple[type, ...]]) -> Callable[[Any], tuple[type, ...]]:
    """ast_nodes.DepthFirstTraverser.nodes_to_be_processed, which is asked at every node, ten times an update. It goes
    by the class of the traverser."""
    known: dict[type, tuple[type, ...]] = {}

    def nodes_to_be_processed(traverser: Any) -> tuple[type, ...]:
        if type(traverser) not in known:
            known[type(traverser)] = original(traverser)
        return known[type(traverser)]

    return nodes_to_be_processed
