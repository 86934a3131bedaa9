"""A Pulumi program folder: its project file, its stack's configuration, its entry point."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from rehearsal.deploy.model import DeployError


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML as Pulumi reads it, in version 1.2: ``on`` and ``12:00`` are texts, as in no older version."""


_PLAIN = {
    "tag:yaml.org,2002:bool": re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"),
    "tag:yaml.org,2002:int": re.compile(r"^(?:[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$"),
    "tag:yaml.org,2002:float": re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$"),
}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, _PLAIN.get(tag, pattern)) for tag, pattern in resolvers]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Program:
    """A program as ``pulumi up`` would run it. ``config`` has full keys; ``secret_keys`` names the secret ones."""

    folder: Path
    project: str
    stack: str
    entry: Path
    config: dict[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()


def read_program(folder: Path, stack: str, config: Mapping[str, str], secrets: Mapping[str, str]) -> Program:
    """The program in ``folder``. ``config`` and ``secrets`` win over the stack's file.

    A ``secure:`` value cannot be read without the stack's key: it must be among ``secrets``.
    """
    folder = folder.resolve()
    project_file = folder / "Pulumi.yaml"
    settings = _yaml(project_file)
    project = settings.get("name")
    if not isinstance(project, str):
        raise DeployError([f"{project_file}: name is missing; a Pulumi project has one"])
    _check_runtime(project_file, settings.get("runtime"))
    stack_file = folder / f"Pulumi.{stack}.yaml"
    stated = _project_defaults(project, settings.get("config") or {})
    if stack_file.exists():
        stated |= _full_keys(project, _yaml(stack_file).get("config") or {})
    given = _full_keys(project, config) | _full_keys(project, secrets)
    values = stated | given
    _refuse_unreadable(stack_file.name, values)
    return Program(
        folder, project, stack, _entry(folder, settings),
        {key: _text(value) for key, value in values.items()},
        tuple(sorted(_full_keys(project, secrets))),
    )  # fmt: skip


def _yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
    except FileNotFoundError:
        raise DeployError([f"{path.parent} has no {path.name}: not a Pulumi program"]) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DeployError([f"{path} cannot be read: {' '.join(str(error).split())}"]) from error
    if not isinstance(content, dict):
        raise DeployError([f"{path}: expected keys and values, found {type(content).__name__}"])
    return content


def _check_runtime(project_file: Path, runtime: Any) -> None:
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise DeployError([f"{project_file}: runtime is {name}; only Python programs can be rehearsed"])


def _entry(folder: Path, settings: Mapping[str, Any]) -> Path:
    main = folder / str(settings.get("main") or ".")
    entry = main / "__main__.py" if main.is_dir() else main
    if not entry.is_file():
        raise DeployError([f"{entry} does not exist; Pulumi.yaml's main names a folder with __main__.py, or a file"])
    return entry.resolve()


def _full_keys(project: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key if ":" in key else f"{project}:{key}": value for key, value in values.items()}


def _project_defaults(project: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Pulumi.yaml may declare keys with a type, and give ``value`` or ``default``."""
    stated = {}
    for key, entry in _full_keys(project, declared).items():
        if not isinstance(entry, dict):
            stated[key] = entry
        elif "value" in entry or "default" in entry:
            stated[key] = entry.get("value", entry.get("default"))
    return stated


def _refuse_unreadable(stack_file: str, values: Mapping[str, Any]) -> None:
    sealed = [key for key, value in values.items() if _has_secure(value)]
    if sealed:
        raise DeployError([f"{stack_file}: {key} is encrypted; give it with --secret {key}=..." for key in sealed])


def _has_secure(value: Any) -> bool:
    if isinstance(value, dict):
        return "secure" in value or any(_has_secure(inner) for inner in value.values())
    return isinstance(value, list) and any(_has_secure(inner) for inner in value)


def _text(value: Any) -> str:
    """Pulumi hands every configuration value to the program as text, objects as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
