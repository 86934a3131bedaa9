"""Checks made from the shapes of a service's model, once for each shape: a call only walks its own values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from moto.core.utils import get_service_model

from rehearsal.strict.constraints import NUMBERS, Constraint, Violation, constraints_of, is_secret, shown

Check = Callable[[Any, str, list[Violation]], None]


class Malformed(Exception):
    """A value of another type than the model's: the service cannot even read the request."""


@cache
def check_of(service: str, shape_name: str, on_the_wire: bool) -> Check:
    """The check of a shape whose members have the names of the wire (JSON, CBOR), or else those of the model."""
    return _Maker(service, on_the_wire).check(get_service_model(service).shape_for(shape_name))


class _Maker:
    """Makes the checks of one service; a shape that holds itself meets its own check again."""

    def __init__(self, service: str, on_the_wire: bool) -> None:
        self._service, self._on_the_wire = service, on_the_wire
        self._made: dict[str, Check] = {}

    def check(self, shape: Any) -> Check:
        """All that a value of the shape must be, by itself and inside."""
        own, inner = constraints_of(self._service, shape), self.inner(shape)
        if not own:
            return inner

        def check(value: Any, path: str, found: list[Violation]) -> None:
            inner(value, path, found)
            for constraint in own:
                if not constraint.holds(value):
                    found.append(Violation(path, _told(shape, value), constraint.text))

        return check

    def inner(self, shape: Any) -> Check:
        """That a value is of the right type, and what lies in it."""
        if shape.name in self._made:
            return lambda value, path, found: self._made[shape.name](value, path, found)
        made = {"structure": self._structure, "list": self._list, "map": self._map}.get(shape.type_name)
        if made is None:
            return _scalar(shape.type_name)
        self._made[shape.name] = _anything  # until it is made: it may hold itself
        self._made[shape.name] = check = made(shape)
        return check

    def _structure(self, shape: Any) -> Check:
        if getattr(shape, "is_document_type", False):
            return _anything
        members = {self._name(name, member): (_path(name), member) for name, member in shape.members.items()}
        checks: dict[str, Check] = {}  # made when first needed: few members of many are ever used
        required = [(self._name(name, shape.members[name]), _path(name)) for name in shape.required_members]

        def check(value: Any, path: str, found: list[Violation]) -> None:
            if not isinstance(value, Mapping):
                raise Malformed(_unexpected(value, "a structure"))
            before = f"{path}." if path else ""
            for name, held in value.items():
                if held is None or name not in members:
                    continue
                step, member = members[name]
                if name not in checks:
                    checks[name] = self.check(member)
                checks[name](held, before + step, found)
            for name, step in required:
                if value.get(name) is None:
                    found.append(Violation(before + step, "null", "Member must not be null"))

        return check

    def _list(self, shape: Any) -> Check:
        own, inner = constraints_of(self._service, shape.member), self.inner(shape.member)

        def check(value: Any, path: str, found: list[Violation]) -> None:
            if not isinstance(value, list):
                raise Malformed(_unexpected(value, "a list"))
            for place, held in enumerate(value, 1):
                inner(held, f"{path}.{place}.member", found)
            if text := _unsatisfied(own, value):
                found.append(Violation(path, _told(shape, value), f"Member must satisfy constraint: {text}"))

        return check

    def _map(self, shape: Any) -> Check:
        keys, own = (constraints_of(self._service, each) for each in (shape.key, shape.value))
        inner = self.inner(shape.value)

        def check(value: Any, path: str, found: list[Violation]) -> None:
            if not isinstance(value, Mapping):
                raise Malformed(_unexpected(value, "a map"))
            held = {key: each for key, each in value.items() if each is not None}
            for key, each in held.items():
                inner(each, f"{path}.{key}.member", found)
            for what, constraints, each_of in (("keys", keys, held.keys()), ("value", own, held.values())):
                if text := _unsatisfied(constraints, each_of):
                    found.append(Violation(path, _told(shape, value), f"Map {what} must satisfy constraint: {text}"))

        return check

    def _name(self, name: str, member: Any) -> str:
        return str(member.serialization.get("name", name)) if self._on_the_wire else name


def _unsatisfied(constraints: list[Constraint], values: Iterable[Any]) -> str:
    """What each value in a list or a map must be by itself is said of the list or the map, and all of it together."""
    if not constraints or all(constraint.holds(value) for value in values for constraint in constraints):
        return ""
    return f"[{', '.join(constraint.text for constraint in constraints)}]"


def _told(shape: Any, value: Any) -> str | None:
    return None if is_secret(shape) else shown(value)


def _scalar(kind: str) -> Check:
    if kind in NUMBERS:
        return _number if kind in ("float", "double", "bigdecimal") else _whole
    return {"string": _text, "character": _text, "boolean": _truth, "blob": _bytes}.get(kind, _anything)


def _text(value: Any, _path: str, _found: list[Violation]) -> None:
    if not isinstance(value, str):
        raise Malformed(_unexpected(value, "a String"))


def _bytes(value: Any, _path: str, _found: list[Violation]) -> None:
    if not isinstance(value, str | bytes):
        raise Malformed(_unexpected(value, "a Blob"))


def _truth(value: Any, _path: str, _found: list[Violation]) -> None:
    if not isinstance(value, bool):
        raise Malformed(_unexpected(value, "a Boolean"))


def _number(value: Any, _path: str, _found: list[Violation]) -> None:
    """JSON has no word for some numbers, so they come as texts."""
    if isinstance(value, bool) or not (isinstance(value, int | float) or value in ("NaN", "Infinity", "-Infinity")):
        raise Malformed(_unexpected(value, "a Double"))


def _whole(value: Any, _path: str, _found: list[Violation]) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise Malformed(_unexpected(value, "an Integer"))


def _anything(_value: Any, _path: str, _found: list[Violation]) -> None:
    """Times, documents, and what a service reads in a way of its own."""


def _unexpected(value: Any, wanted: str) -> str:
    if isinstance(value, list):
        return "Start of list found where not expected"
    if isinstance(value, Mapping):
        return "Start of structure or map found where not expected."
    kind = {str: "STRING_VALUE", bool: str(value).upper() + "_VALUE", float: "DECIMAL_VALUE", int: "NUMBER_VALUE"}
    return f"{kind.get(type(value), 'NULL_VALUE')} can not be converted to {wanted}"


def _path(name: str) -> str:
    return name[:1].lower() + name[1:]
