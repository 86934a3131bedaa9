"""Local doubles of the public APIs that the lake reads: synthetic data of the same shapes, sizes and oddities.

Adding one: the module ``stand_ins.NAME``, with the class ``Name``. The lake's are those in the first folder
``stand_ins`` on the path, as with its sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, fields
from importlib import import_module
from pkgutil import extend_path, iter_modules
from typing import Any

from stand_ins.api import Api
from stand_ins.errors import StandInError
from stand_ins.journal import Asked
from stand_ins.server import DEFAULT_KEY, StandIn

__all__ = ["DEFAULT_KEY", "START", "Asked", "StandIn", "StandInError", "options", "serve"]

__path__ = extend_path(__path__, __name__)


def _find_all() -> dict[str, type[Api]]:
    folders = list(extend_path([], __name__)) or list(__path__)
    names = sorted(module.name for module in iter_modules(folders[:1]) if module.name != "__main__")
    return {name: found for name in names if (found := _find(name)) is not None}


def _find(name: str) -> type[Api] | None:
    """``BookClub`` in the module ``book_club``."""
    kind = "".join(word.capitalize() for word in name.split("_"))
    found = getattr(import_module(f"{__name__}.{name}"), kind, None)
    return found if isinstance(found, type) and issubclass(found, Api) and found is not Api else None


START: dict[str, type[Api]] = _find_all()


def serve(
    source: str,
    *,
    key: str | None = None,
    faults: Iterable[str] = (),
    port: int = 0,
    on_request: Callable[[Asked], None] | None = None,
    **given: Any,
) -> StandIn:
    """The stand-in of a source, not yet started: ``with stand_ins.serve("olympics", athletes=500) as api: api.url``.

    ``key`` is the one to ask for, as it stands the ``default_key`` of the source's API. ``given`` are options of the
    source; texts, as a command line has them, will do.
    """
    known = options(source)
    for name in given:
        if name not in known:
            raise StandInError(f"the stand-in of {source} has no option {name!r}; it has: {', '.join(known)}")
    values = {name: _value(known[name], value) for name, value in given.items()}
    return StandIn(START[source](**values), key, faults, port, on_request)


def options(source: str) -> dict[str, Field[Any]]:
    """The options of a source's stand-in, by name."""
    if source not in START:
        raise StandInError(f"no stand-in for {source!r}; there are: {', '.join(sorted(START))}")
    return {option.name: option for option in fields(START[source])}  # type: ignore[arg-type]  # each is a dataclass


def _value(option: Field[Any], value: Any) -> Any:
    """A value of the type that the option's default has."""
    wanted: type[Any] = type(option.default)
    if isinstance(value, wanted):
        return value
    try:
        return wanted(value)
    except (TypeError, ValueError) as error:
        kind = {int: "a whole number", float: "a number"}.get(wanted, "a text")
        raise StandInError(f"{option.name} is {kind}, not {value!r}; as it stands it is {option.default}") from error
