"""Constructor errors of pulumi_aws, collected instead of ending the program at the first one."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any

import pulumi

from rehearsal.deploy.checks import MISSING, did_you_mean


def watch_constructors(report: Callable[[str], None]) -> None:
    """From now on a resource class reports an unknown argument, and goes on without it.

    A missing one is filled with ``MISSING``, which the check of the inputs reports. Call this before the program
    imports its providers: classes are watched as they are made.
    """

    def watch(cls: type[pulumi.CustomResource], /, **kwargs: Any) -> None:
        super(pulumi.CustomResource, cls).__init_subclass__(**kwargs)
        if "_internal_init" in cls.__dict__:
            cls._internal_init = _tolerant(cls, cls.__dict__["_internal_init"], report)  # type: ignore[attr-defined]

    pulumi.CustomResource.__init_subclass__ = classmethod(watch)  # type: ignore[assignment]


def _tolerant(cls: type, init: Callable[..., None], report: Callable[[str], None]) -> Callable[..., None]:
    @functools.wraps(init)
    def tolerant(self: Any, resource_name: str, *args: Any, **kwargs: Any) -> None:
        parameters = [name for name in inspect.signature(init).parameters if name not in _OWN]
        for name in [name for name in kwargs if name not in parameters and name not in _OWN]:
            hint = did_you_mean(name, dict(zip(parameters, parameters, strict=True)))
            report(f'{cls.__name__} "{resource_name}": property {name} is not known{hint}')
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
