"""The libraries that a function takes along: pure Python, exactly those pinned, fetched once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.errors import PackagingError

# Wheels that run anywhere, chosen for Lambda's Python and not for the one that builds.
ANYWHERE = ("--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none", "--python-version=3.13")
EXACTLY = ("--no-deps", "--require-hashes", "--no-compile")
QUIETLY = ("--quiet", "--no-input", "--disable-pip-version-check", "--retries=2", "--root-user-action=ignore")


def vendored(requirements: Path, build: Path) -> Path:
    """The folder with the libraries of a requirements file, made once for each content of the file, and only whole."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    ready = build / "vendor" / digest
    if not ready.is_dir():
        ready.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ready.parent, prefix=".fetching-") as scratch:
            fetched = Path(scratch) / "libraries"
            _fetch(requirements, fetched)
            _settle(fetched, ready)
    return ready


def _fetch(requirements: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--target", str(folder), "--requirement", str(requirements)]
    done = subprocess.run([*command, *ANYWHERE, *EXACTLY, *QUIETLY], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingError(
            f"pip could not get the libraries of {requirements}: {_last_error(done.stderr)}; check the network "
            "and try again (once fetched, they are kept under build/vendor)"
        )
    folder.mkdir(exist_ok=True)  # pip makes none for a file without requirements


def _settle(fetched: Path, ready: Path) -> None:
    """Rename into place; another build that was faster has put the same there."""
    try:
        fetched.rename(ready)
    except OSError:
        if not ready.is_dir():
            raise


def _last_error(output: str) -> str:
    lines = [line.removeprefix("ERROR: ").strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ").strip() for line in output.splitlines() if line.startswith("ERROR: ")]
    return (errors or lines or ["it did not say why"])[-1]
