"""Measures runs of the lake and writes `results.md`. Each line with a ratio compares two runs of the same hour.

make bench            python -m benchmarks.run small playlist
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.enforcement import enforcement
from benchmarks.playlist import playlist
from rehearsal.spark import cache

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("results.md")
HEAD = "# Results\n\nSeconds; `python -m benchmarks.run [NAME ...]` measures again.\n"
STEPS = ("deploy", "extract", "start", "curate", "record")
SMALL = ("run", "olympics")
MILLION = ("run", "olympics", "--large", "--driver-memory", "2g", "--stand-in", "athletes=1000000",
           "--stand-in", "page_size=10000")  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One command: how long it took in all, and where the time went. One outcome for each day."""

    title: str
    command: tuple[str, ...]
    seconds: float
    outcomes: list[dict[str, object]] = field(default_factory=list)

    def line(self) -> str:
        last = self.outcomes[-1]
        steps = [f"{last['seconds'].get(step, 0.0):.1f}" for step in STEPS]  # type: ignore[attr-defined]
        rows = last["counts"]["rows_in"]  # type: ignore[index]
        return f"| {self.title} | {rows:,} | {' | '.join(steps)} | {self.seconds:.1f} |"


def measure(title: str, *arguments: str, environment: dict[str, str] | None = None) -> Measured:
    """Runs one command of the lake. Raises when it fails: what failed has no time."""
    print(f"{title}: lakelet {' '.join(arguments)}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "lakelet", *arguments, "--json"]
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    if done.returncode != 0:
        raise SystemExit(f"lakelet {' '.join(arguments)} ended with {done.returncode}; nothing was measured")
    return Measured(title, arguments, time.monotonic() - began, json.loads(done.stdout))


@contextmanager
def without_archive() -> Iterator[dict[str, str]]:
    """An environment in which Java starts as it does by itself: with the libraries, without the class-data archive."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "jars").symlink_to(cache.folder() / "jars")
        yield {"REHEARSAL_CACHE": folder}


def small() -> Iterator[str]:
    ours = measure("11,000 athletes", *SMALL)
    with without_archive() as plain:
        peer = measure("the same, Java without a class-data archive", *SMALL, environment=plain)
    yield from table(ours, peer)
    yield f"\nWith the archive a run takes {ours.seconds / peer.seconds:.2f} of the time that it takes without.\n"


def both() -> Iterator[str]:
    """Each command finds no lake and no Java, as the first one of a user does."""
    found = []
    asked = (("both", "olympics", "spotify"), ("Olympics alone", "olympics"), ("Spotify alone", "spotify"))
    for title, *sources in asked:
        with tempfile.TemporaryDirectory() as home:
            found.append(measure(title, "run", *sources, environment={"LAKELET_HOME": home}))
    yield "| run | runs | whole command |"
    yield "|---|---:|---:|"
    for each in found:
        yield f"| {each.title} | {len(each.outcomes)} | {each.seconds:.1f} |"
    together, *alone = found
    share = together.seconds / sum(each.seconds for each in alone)
    yield f"\nBoth at once take {share:.2f} of what they take one by one.\n"


def million() -> Iterator[str]:
    yield from table(measure("1,000,000 athletes, driver of 2 GB", *MILLION))
    yield "\nThe API allows 60 calls a minute, and the run makes 106: up to a minute of the extract step is waiting.\n"


def table(*measured: Measured) -> Iterator[str]:
    yield f"| run | rows in | {' | '.join(STEPS)} | whole command |"
    yield "|---|---:|" + "---:|" * (len(STEPS) + 1)
    for each in measured:
        yield each.line()


BENCHMARKS: dict[str, Callable[[], Iterator[str]]] = {
    "small": small,
    "both": both,
    "enforcement": enforcement,
    "playlist": playlist,
    "million": million,
}


def main(names: list[str]) -> None:
    """Measures these, or all; what the others came to before stays."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    found = sections(RESULTS.read_text())
    for name in names or BENCHMARKS:
        lines = "\n".join(BENCHMARKS[name]()).strip()
        found[name] = f"{lines}\n\nMeasured on {time.strftime('%Y-%m-%d')}: {machine}.\n"
    parts = [f"## {name}\n\n{found[name]}" for name in BENCHMARKS if name in found]
    RESULTS.write_text("\n".join([HEAD, *parts]))
    print(RESULTS.read_text())


def sections(text: str) -> dict[str, str]:
    """What stands under each heading."""
    parts = (part.split("\n\n", 1) for part in text.split("\n## ")[1:])
    return {name: told.strip() + "\n" for name, told in parts}


if __name__ == "__main__":
    main(sys.argv[1:])
