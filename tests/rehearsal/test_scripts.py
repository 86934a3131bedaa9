"""Processes that run a script: the same whether they are started anew or forked from a template."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal import scripts
from rehearsal.forking import Process, Script
from rehearsal.scripts import Kind
from tests.rehearsal.processes import is_running, soon

KIND = Kind(("jmespath",), modules=("jmespath",))
Start = Callable[..., Process]


@pytest.fixture(autouse=True)
def templates() -> Iterator[None]:
    """None of the tests before."""
    with scripts.preloaded():
        yield


@pytest.fixture(params=["anew", "forked"])
def is_forked(request, monkeypatch) -> bool:
    monkeypatch.setattr(scripts, "STARTED_BEFORE", 0 if request.param == "forked" else 1000)
    return bool(request.param == "forked")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``start("print(1)", "argument")``; what it writes is in ``out`` and ``err``."""
    started: list[Process] = []
    (tmp_path / "folder").mkdir()

    def make(text: str, *arguments: str, kind: Kind = KIND, **options: Any) -> Process:
        path = tmp_path / f"script_{len(started)}.py"
        path.write_text(text)
        given = {"environment": {"COLOUR": "blå"}, "folder": tmp_path / "folder", **options}
        with (tmp_path / "out").open("ab") as out, (tmp_path / "err").open("ab") as err:
            started.append(
                scripts.start(kind, Script(path, arguments, stdout=out.fileno(), stderr=err.fileno(), **given))
            )
        return started[-1]

    yield make
    for process in started:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)


def test_it_has_what_it_was_given_and_nothing_else(start, is_forked, tmp_path, monkeypatch):
    monkeypatch.setenv("PLANTED", "x")
    read, write = os.pipe()
    text = (
        "import json, os, sys\n"
        "os.write(int(sys.argv[1]), b'through the pipe')\n"
        "told = {'argv': sys.argv[1:], 'variables': dict(os.environ), 'folder': os.getcwd(), 'name': __name__,\n"
        "        'file': __file__, 'leads': os.getpgid(0) == os.getsid(0) == os.getpid(), 'path': sys.path,\n"
        "        'open': sorted(map(int, os.listdir('/proc/self/fd'))), 'loaded': 'jmespath' in sys.modules}\n"
        "print(json.dumps(told))\n"
        "print('err', file=sys.stderr)\n"
    )
    process = start(text, str(write), "ü", pass_fds=(write,))
    os.close(write)
    assert process.wait(30) == 0, (tmp_path / "err").read_text()
    with os.fdopen(read) as pipe:
        assert pipe.read() == "through the pipe"
    assert (tmp_path / "err").read_text() == "err\n"
    told = json.loads((tmp_path / "out").read_text())
    assert {*told.pop("open")} - {0, 1, 2, 3} == {write}  # looking opens 3
    assert told.pop("variables") | {"LC_CTYPE": ""} == {"COLOUR": "blå", "LC_CTYPE": ""}
    plain = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; print(sys.path)"], capture_output=True, text=True, check=True
    )
    assert str(told.pop("path")) == plain.stdout.strip()
    assert told == {
        "argv": [str(write), "ü"], "folder": str(tmp_path / "folder"), "name": "__main__",
        "file": str(tmp_path / "script_0.py"), "leads": True, "loaded": is_forked,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [("", 0), ("raise SystemExit(3)", 3), ("1 / 0", 1), ("import os; os._exit(4)", 4),
     ("import os; os.kill(os.getpid(), 9)", -9), ("import sys; sys.exit('why')", 1)],
)  # fmt: skip
def test_how_it_ended_is_told(start, is_forked, text, code):
    process = start(text)
    assert process.wait(30) == code
    assert process.poll() == process.returncode == process.wait() == code


def test_what_it_says_last_is_written(start, is_forked, tmp_path):
    start("import atexit; atexit.register(print, 'at the end', end=''); 1 / 0").wait(30)
    assert (tmp_path / "out").read_text() == "at the end"
    assert (tmp_path / "err").read_text().endswith("ZeroDivisionError: division by zero\n")


def test_its_input_is_ours_to_write_and_to_close(start, is_forked, tmp_path):
    process = start("import sys; print(sys.stdin.buffer.readline(), sys.stdin.buffer.read())")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.2)
    assert process.poll() is None
    process.stdin.write(b"line\n")
    process.stdin.flush()
    process.stdin.close()
    assert process.wait(30) == 0
    assert (tmp_path / "out").read_text() == "b'line\\n' b''\n"


@pytest.mark.parametrize("least", [3, 100, 103, 250])
def test_a_file_keeps_its_number_whatever_that_is(start, is_forked, least):
    read, write = os.pipe()
    number = fcntl.fcntl(write, fcntl.F_DUPFD, least)
    process = start(f"import os; os.write({number}, b'here')", pass_fds=(number,))
    os.close(write)
    os.close(number)
    assert process.wait(30) == 0
    with os.fdopen(read) as pipe:
        assert pipe.read() == "here"


def test_its_group_can_be_ended_at_once(start, is_forked):
    for _ in range(5):
        process = start("import time; time.sleep(60)")
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL


def test_it_can_be_killed_also_when_it_has_ended(start, is_forked):
    process = start("import time; time.sleep(60)")
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    process.kill()


def test_many_at_once_are_each_told_how_they_ended(start, is_forked):
    started = [start(f"import sys; sys.stdin.read(); sys.exit({number})") for number in range(4)]
    for process in reversed(started):
        process.stdin.close()
        process.wait(30)
    assert [process.returncode for process in started] == [0, 1, 2, 3]


def test_the_local_time_is_that_of_its_variables(start, is_forked, tmp_path):
    start("import time; print(time.tzname[0])", environment={"TZ": "XYZ-3"}).wait(30)
    assert (tmp_path / "out").read_text() == "XYZ\n"


def test_a_template_is_made_when_a_kind_is_asked_for_again(start, tmp_path):
    looks = "import sys; print('jmespath' in sys.modules)"
    for _ in range(3):
        assert start(looks).wait(30) == 0
    assert (tmp_path / "out").read_text().split() == ["False", "True", "True"]


def test_what_one_leaves_the_next_does_not_find(start, tmp_path):
    text = (
        "import os, sys\n"
        "print(hasattr(sys, 'left'), 'LEFT' in os.environ, 'left' in sys.path, os.getcwd())\n"
        "sys.left = os.environ['LEFT'] = 'left'; sys.path.append('left'); os.chdir('/')\n"
    )
    for _ in range(3):
        assert start(text).wait(30) == 0
    assert (tmp_path / "out").read_text() == f"False False False {tmp_path / 'folder'}\n" * 3


def test_each_draws_numbers_of_its_own(start, tmp_path):
    for _ in range(3):
        assert start("import random; print(random.random())", kind=replace(KIND, modules=("random",))).wait(30) == 0
    assert len(set((tmp_path / "out").read_text().split())) == 3


def test_a_folder_of_its_own_comes_first(start, tmp_path, monkeypatch):
    monkeypatch.setattr(scripts, "STARTED_BEFORE", 0)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "jmespath.py").write_text(f"COLOUR = {name!r}")
        text = f"import sys; sys.path.insert(0, {str(tmp_path / name)!r}); import jmespath; print(jmespath.COLOUR)"
        assert start(text, kind=Kind(("jmespath",), ("jmespath",), folder=tmp_path / name)).wait(30) == 0
    assert (tmp_path / "out").read_text().split() == ["one", "two"]


def test_a_template_that_was_killed_is_made_anew(start, tmp_path, monkeypatch):
    monkeypatch.setattr(scripts, "STARTED_BEFORE", 0)
    for _ in range(2):
        process = start("import os; print(os.getppid())")
        assert process.wait(30) == 0
        template = int((tmp_path / "out").read_text().split()[-1])
        os.kill(template, signal.SIGKILL)
        os.waitid(os.P_PID, template, os.WEXITED | os.WNOWAIT)


def test_a_template_goes_with_whoever_made_it(tmp_path):
    text = (
        "import sys\nfrom pathlib import Path\nfrom rehearsal import forking, scripts\n"
        "scripts.STARTED_BEFORE = 0\n"
        "path = Path(sys.argv[1]); path.write_text('import os; print(os.getppid(), flush=True)')\n"
        "kind = scripts.Kind((), ('json',))\n"
        "with scripts.preloaded():\n"
        "    scripts.start(kind, forking.Script(path, (), {}, path.parent, 1, 2)).wait()\n"
        "    sys.stdin.read()\n"
    )
    root = Path(scripts.__file__).resolve().parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", text, str(tmp_path / "s.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        template = int(parent.stdout.readline())
        assert is_running(template)
        parent.kill()
    assert soon(lambda: not is_running(template))
