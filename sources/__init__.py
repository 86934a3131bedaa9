"""What each source of the lake is. Adding one: a module here, with a constant of its name in capitals.

``SOURCES`` has all of them by name. They are imported when it is first asked for: who needs one does not load the rest.
"""

from __future__ import annotations

from pkgutil import extend_path
from typing import Any

from sources.by_name import find, find_all
from sources.model import Source

__path__ = extend_path(__path__, __name__)

SOURCES: dict[str, Source]


def find_source(name: str) -> Source:
    """The declaration of one source. KeyError for one that there is not."""
    found = find(__name__, name, Source)
    if found is None:
        raise KeyError(f"no source {name!r}; there are: {', '.join(find_all(__name__, Source))}")
    return found


def __getattr__(name: str) -> Any:
    if name == "SOURCES":
        return globals().setdefault(name, find_all(__name__, Source))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
