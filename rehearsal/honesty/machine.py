"""By what the services were stood in for in a run: the versions of what was there."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("moto", "pyspark", "duckdb", "pyiceberg")


def versions() -> dict[str, str]:
    """Of this machine; what is not installed is left out."""
    found = {"python": platform.python_version(), "processor": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
