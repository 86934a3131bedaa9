"""Inputs against pulumi_aws's own input types, at every depth.

The Python SDK itself catches little: a misspelt key in a nested dict goes through without a word, a number where
a text belongs too, and on AWS the property is simply not set.
"""

from __future__ import annotations

import difflib
import enum
import inspect
import re
import typing
from collections import abc
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Union

import pulumi
from pulumi import _types
from pulumi.runtime import rpc

MISSING = "\0missing"
"""Stands in a constructor call for a required property that was not given; reported here."""

_SIMPLE: dict[Any, tuple[str, type | tuple[type, ...]]] = {
    str: ("a string", str),
    bool: ("true or false", bool),
    int: ("a whole number", int),
    float: ("a number", (int, float)),
}


@cache
def args_class(resource_type: str) -> type | None:
    """The input type of a resource type: ``aws:sqs/queue:Queue`` gives ``pulumi_aws.sqs.QueueArgs``."""
    found = _resource_class(resource_type)
    if found is None:
        return None
    module = import_module(found.__module__)
    # s3.BucketVersioningArgs is the inline block of s3.Bucket; the resource's own is then called ...InitArgs.
    return getattr(module, f"{found.__name__}InitArgs", None) or getattr(module, f"{found.__name__}Args", None)


def text_outputs(resource_type: str) -> list[str]:
    """The outputs of a resource type that are texts (Pulumi names)."""
    found = _resource_class(resource_type)
    types = _types.resource_types(found) if found else {}
    return [name for name, kind in types.items() if _types.unwrap_type(kind) is str]


def _resource_class(resource_type: str) -> type | None:
    package, module, _ = resource_type.split(":")
    info = getattr(rpc.get_resource_module(package, module, ""), "mod_info", {"classes": {}})
    name = info["classes"].get(resource_type)
    return getattr(import_module(info["fqn"]), name, None) if name else None


def problems(inputs: Mapping[str, Any], kind: type, secret: Collection[str] = ()) -> Iterator[str]:
    """One text for each input that is unknown, missing or of the wrong type."""
    for problem in _of_object(inputs, kind, ""):
        top = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
        yield problem.text(masked=top in secret)


class _Problem(typing.NamedTuple):
    path: str
    claim: str
    value: Any = None

    def text(self, masked: bool) -> str:
        shown = "" if self.value is None else f", got {_shown(self.value, masked)}"
        return f"property {self.path} {self.claim}{shown}"


def _of_object(value: Any, kind: type, path: str) -> Iterator[_Problem]:
    if not isinstance(value, Mapping):
        yield _Problem(path, "must be an object", value)
        return
    names, required, types = _declared(kind)
    for name, given in value.items():
        if name not in types:
            yield _Problem(_join(path, name), f"is not known{did_you_mean(name, names)}")
        elif given == MISSING:
            yield _Problem(_join(path, name), "is missing")
        else:
            yield from _of_value(given, types[name], _join(path, name))
    for name in sorted(required - {key for key, given in value.items() if given is not None}):
        yield _Problem(_join(path, name), "is missing")


@cache
def _declared(kind: type) -> tuple[dict[str, str], frozenset[str], dict[str, Any]]:
    """Python name to Pulumi name; the required Pulumi names; the type of each Pulumi name."""
    names = _types.input_type_py_to_pulumi_names(kind)
    parameters = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    required = {names[name] for name, p in parameters.items() if p.default is p.empty and name in names}
    return names, frozenset(required), _types.input_type_types(kind)


def did_you_mean(name: str, names: Mapping[str, str]) -> str:
    """A suggestion in the writer's own style, snake_case or camelCase; empty when nothing is near."""
    known = list(names) if "_" in name else list(names.values())
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(known))}"


def _of_value(value: Any, kind: Any, path: str) -> Iterator[_Problem]:
    kind = _types.unwrap_type(kind)
    if value is None or kind is Any:
        return
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Union:
        yield from _of_union(value, parts, path)
    elif origin in (list, abc.Sequence):
        yield from _of_list(value, parts[0], path)
    elif origin in (dict, abc.Mapping):
        yield from _of_map(value, parts[1], path)
    elif isinstance(kind, type) and _types.is_input_type(kind):
        yield from _of_object(value, kind, path)
    else:
        yield from _of_scalar(value, kind, path)


def _of_union(value: Any, kinds: tuple[Any, ...], path: str) -> Iterator[_Problem]:
    """None when one alternative takes the value; else what speaks against the nearest one."""
    best: list[_Problem] | None = None
    for kind in filter(_is_alternative, kinds):
        against = list(_of_value(value, kind, path))
        if not against:
            return
        # An alternative of the right shape says more than "must be a string".
        if best is None or (len(against[0].path), -len(against)) > (len(best[0].path), -len(best)):
            best = against
    yield from best or []


def _is_alternative(kind: Any) -> bool:
    """Not one of the wrappers that a resolved value has shed, nor the dict form of an input type."""
    wrappers = (abc.Awaitable, pulumi.Output)
    return kind is not type(None) and typing.get_origin(kind) not in wrappers and not typing.is_typeddict(kind)


def _of_list(value: Any, kind: Any, path: str) -> Iterator[_Problem]:
    if not isinstance(value, list):
        yield _Problem(path, "must be a list", value)
        return
    for position, item in enumerate(value):
        yield from _of_value(item, kind, f"{path}[{position}]")


def _of_map(value: Any, kind: Any, path: str) -> Iterator[_Problem]:
    """A free-form map, such as tags: any key, but the values have a type."""
    if not isinstance(value, Mapping):
        yield _Problem(path, "must be a map", value)
        return
    for name, item in value.items():
        yield from _of_value(item, kind, _join(path, name))


def _of_scalar(value: Any, kind: Any, path: str) -> Iterator[_Problem]:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        allowed = [member.value for member in kind]
        if value not in allowed:
            yield _Problem(path, f"must be one of {', '.join(map(str, allowed))}", value)
    elif kind in _SIMPLE:
        words, accepted = _SIMPLE[kind]
        # A bool is an int to Python, not to AWS.
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            yield _Problem(path, f"must be {words}", value)
    elif isinstance(kind, type) and issubclass(kind, pulumi.Asset | pulumi.Archive) and not isinstance(value, kind):
        yield _Problem(path, f"must be a pulumi {kind.__name__}", value)


def _shown(value: Any, masked: bool) -> str:
    if masked:
        return "a secret"
    words = {bool: "boolean", int: "number", float: "number", str: "string", list: "list", dict: "map"}
    kind = words.get(type(value), type(value).__name__)
    return f"the {kind} {value!r}"[:80] if kind not in ("list", "map") else f"a {kind}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
