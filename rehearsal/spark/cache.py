"""Where what was fetched and made once is kept between rehearsals."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

SETUP = "python -m rehearsal.spark"


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``REHEARSAL_CACHE`` if it is set, else the user's cache folder of this system."""
    if chosen := environment.get("REHEARSAL_CACHE"):
        return Path(chosen).expanduser().absolute()
    user_cache = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / user_cache / "rehearsal"
