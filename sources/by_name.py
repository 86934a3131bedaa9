"""Declarations that are found by name: module NAME of a package has NAME in capitals. There is no list to add them to.

A package may have folders in several places. The first on the path is that of the program which is run: what is
declared there is its own, and of the others it only imports. So a program with sources of its own stands first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import extend_path, iter_modules
from typing import TypeVar

Declared = TypeVar("Declared")


def find(package: str, name: str, kind: type[Declared]) -> Declared | None:
    """What the program declares under a name. No other module is imported for it."""
    return _declared(package, name, kind) if name in _modules(package) else None


def find_all(package: str, kind: type[Declared]) -> dict[str, Declared]:
    """All that the program declares. A module without such a constant is none of them."""
    found = {name: _declared(package, name, kind) for name in _modules(package)}
    return {name: declared for name, declared in found.items() if declared is not None}


def _declared(package: str, name: str, kind: type[Declared]) -> Declared | None:
    found = getattr(import_module(f"{package}.{name}"), name.upper(), None)
    return found if isinstance(found, kind) else None


def _modules(package: str) -> list[str]:
    folders = list(extend_path([], package)) or list(sys.modules[package].__path__)
    return sorted(module.name for module in iter_modules(folders[:1]))
