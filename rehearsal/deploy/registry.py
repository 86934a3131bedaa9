"""Which handler makes which resource type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from rehearsal.deploy.order import Order


@dataclass(frozen=True)
class Created:
    """What a handler answers: the id, and the outputs that a program may read (Pulumi names)."""

    id: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


class InputRefusedError(Exception):
    """A handler cannot do what an input asks for, and leaving it out would flatter."""


Handler = Callable[[Order], Created]
_HANDLERS: dict[str, Handler] = {}

# Handlers live in a module by AWS service; where Pulumi's module has another name, it is told here.
_MODULES = {"lambda": "lambda_"}


def handles(*resource_types: str) -> Callable[[Handler], Handler]:
    """Register a function as the maker of these types."""

    def register(handler: Handler) -> Handler:
        _HANDLERS.update(dict.fromkeys(resource_types, handler))
        return handler

    return register


def find_handler(resource_type: str) -> Handler | None:
    """The handler of a type such as ``aws:sqs/queue:Queue``; only the module of its service is loaded."""
    package, _, rest = resource_type.partition(":")
    service = rest.partition("/")[0]
    module = f"rehearsal.deploy.handlers.{_MODULES.get(service, service)}"
    if package != "aws" or not service.isidentifier():
        return None
    if resource_type not in _HANDLERS and find_spec(module):
        import_module(module)
    return _HANDLERS.get(resource_type)
