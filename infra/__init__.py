"""The components of the lake, for other programs too: ``from infra import LakeBucket, LakeBucketArgs``.

docs/components.md says what each takes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.components import *  # noqa: F403


def __getattr__(name: str) -> Any:
    """Components are imported when they are asked for: names and permissions, which others read, need no Pulumi."""
    if name[:1].isupper() and name in (components := import_module("infra.components")).__all__:
        return getattr(components, name)
    raise AttributeError(f"module 'infra' has no attribute {name!r}")
