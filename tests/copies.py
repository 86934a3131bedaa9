"""A copy of the project that a test may add to, as a user of it would."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".lakelet", "tests", "benchmarks", "docs", "__pycache__", ".*_cache")


def copy_project(folder: Path) -> None:
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
