"""Processes that run a script of ours and find nothing of ours: started by path, under ``-I -S``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.forking import Process, Script, Template
from rehearsal.runtime import library

TEMPLATE = Path(__file__).with_name("template.py")
STARTED_BEFORE = 1  # so often a kind of process is started before a template of it pays


@dataclass(frozen=True)
class Kind:
    """What processes have in common: a folder to import from, then these distributions; what each of them imports."""

    distributions: tuple[str, ...]
    modules: tuple[str, ...]
    models: tuple[str, ...] = ()
    folder: Path | None = None
    flags: tuple[str, ...] = ()


def start(kind: Kind, script: Script) -> Process:
    """In a group of its own. Its standard input stays open as long as ours does."""
    template = _templates.get(kind) if _templates is not None else None
    if template is None:
        return _start_anew(kind, script)
    return template.fork(script, {"modules": kind.modules, "models": kind.models})


def _start_anew(kind: Kind, script: Script) -> Process:
    return subprocess.Popen(
        [*_python(kind), str(script.path), *script.arguments],
        stdin=subprocess.PIPE, stdout=script.stdout, stderr=script.stderr, cwd=script.folder,
        env=dict(script.environment), pass_fds=script.pass_fds, start_new_session=True,
    )  # fmt: skip


def _python(kind: Kind) -> list[str]:
    return [sys.executable, "-I", "-S", *kind.flags]


@contextmanager
def preloaded() -> Iterator[None]:
    """For many processes of few kinds: one that has imported what its kind imports is forked for each.

    None runs in a process that a script has run in. Only the time that imports take is another.
    """
    global _templates
    before, _templates = _templates, _Templates()
    try:
        yield
    finally:
        _templates.close()
        _templates = before


class _Templates:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="templates-", ignore_cleanup_errors=True)
        self._started: Counter[Kind] = Counter()
        self._kept: dict[Kind, Template] = {}
        self._lock = threading.Lock()

    def get(self, kind: Kind) -> Template | None:
        with self._lock:
            self._started[kind] += 1
            if not kind.modules or self._started[kind] <= STARTED_BEFORE:
                return None
            if kind not in self._kept or not self._kept[kind].is_alive():
                self._kept[kind] = self._make(kind)
            return self._kept[kind]

    def _make(self, kind: Kind) -> Template:
        folder = Path(self._folder.name)
        packages = library.link(kind.distributions, folder / str(self._started.total()))
        path = [str(each) for each in (kind.folder, packages) if each]
        return Template([*_python(kind), str(TEMPLATE), json.dumps(path)], {}, folder)

    def close(self) -> None:
        for template in self._kept.values():
            template.close()
        self._folder.cleanup()


_templates: _Templates | None = None
