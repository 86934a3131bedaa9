"""Constructor errors of pulumi_aws, collected instead of ending the program at the first one."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any

import pulumi

from rehearsal.deploy.checks import MISSING, did_you_mean

_reports: list[Callable[[str], None]] = []


def watch_constructors() -> None:
    """From now on a resource class reports an unknown argument, and goes on without it.

    A missing one is filled with ``MISSING``, which the check of the inputs reports. Call this before a provider is
    imported: classes are watched as they are made.
    """

    def watch(cls: type[pulumi.CustomResource], /, **kwargs: Any) -> None:
        super(pulumi.CustomResource, cls).__init_subclass__(**kwargs)
        if "_internal_init" in cls.__dict__:
            cls._internal_init = _tolerant(cls, cls.__dict__["_internal_init"])  # type: ignore[attr-defined]

    pulumi.CustomResource.__init_subclass__ = classmethod(watch)  # type: ignore[assignment]


def report_to(report: Callable[[str], None]) -> None:
    """Where the watched classes report: one program runs in a process, so there is one such place."""
    _reports[:] = [report]


def _tolerant(cls: type, init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def tolerant(self: Any, resource_name: str, *args: Any, **kwargs: Any) -> None:
        parameters = [name for name in inspect.signature(init).parameters if name not in _OWN]
        for name in [name for name in kwargs if name not in parameters and name not in _OWN]:
            hint = did_you_mean(name, dict(zip(parameters, parameters, strict=True)))
            _reports[0](f'{cls.__name__} "{resource_name}": property {name} is not known{hint}')
            del kwargs[name]
        _fill_missing(init, self, resource_name, args, kwargs)

    return tolerant


_OWN = ("__self__", "resource_name", "opts", "__props__")


def _fill_missing(init: Callable[..., None], self: Any, name: str, args: tuple[Any, ...], kwargs: Any) -> None:
    while True:
        try:
            return init(self, name, *args, **kwargs)
        except TypeError as error:
            missing = re.fullmatch(r"Missing required property '(\w+)'", str(error))
            if not missing or kwargs.get(missing[1]) is not None:
                raise
            kwargs[missing[1]] = MISSING
