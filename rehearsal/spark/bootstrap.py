"""The driver process of one Glue run, apart from everything else: ``python -I -S bootstrap.py PLAN``.

PLAN is a JSON file: ``packages`` (the folder to import from), ``java`` (a command line), ``report`` (a file
descriptor), ``orderly`` (let Java end by itself). It brings Spark up, reports ``ready``, then waits for one line on
its standard input: ``script``, ``argv`` and ``py_files``. It runs that script as Glue does, reports how it ended, and
is gone. On the line ``end`` it ends at once with all that it started; when its standard input closes without that line,
whoever started it is gone, and it removes its folder too.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

CHECKOUT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, CHECKOUT)
from rehearsal.spark import handover, jvm  # noqa: E402

HERE = Path.cwd()
END = "end"
ENDING = threading.Lock()  # taken once and for ever: of two threads that end everything, one must not cut the other off
MACHINES: list[jvm.Jvm] = []  # what has been started, for whoever ends it


def forget_the_checkout() -> None:
    """The script must not find this package, nor anything beside it: on Glue they are not there."""
    sys.path.remove(CHECKOUT)
    for name in [name for name in sys.modules if name.partition(".")[0] == "rehearsal"]:
        del sys.modules[name]


class Reports:
    """One JSON line for each thing that happens, to whoever started this process."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._file = os.fdopen(descriptor, "w", buffering=1)

    def send(self, event: str, **detail: str | None) -> None:
        with suppress(BrokenPipeError):  # nobody is left to be told; what reads the orders ends this process
            self._file.write(json.dumps({"event": event, **detail}) + "\n")


class Orders:
    """What comes in on standard input; the script gets an empty one instead. When it closes, everything ends."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(0), "r")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self._next: list[str] = []
        self._came = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def wait(self) -> dict[str, Any]:
        self._came.wait()
        order: dict[str, Any] = json.loads(self._next[0])
        return order

    def _read(self) -> None:
        while line := self._file.readline():
            if line.strip() == END:
                end_everything()
            self._next.append(line)
            self._came.set()
        end_everything(and_folder=True)


def end_everything(and_folder: bool = False) -> None:
    """This process leads a group of its own: Java is in it, and so is all that the script started."""
    ENDING.acquire()
    for machine in MACHINES:
        machine.close()  # which waits for it: nobody else would
    if and_folder:
        shutil.rmtree(HERE, ignore_errors=True)  # whoever would do it is gone
    os.killpg(0, signal.SIGKILL)


def bring_up(java: Sequence[str]) -> tuple[jvm.Jvm, Any]:
    """Java and the session. Java starts first, and while it does this process imports pyspark."""
    machine = jvm.start(java, os.environ, Path.cwd() / "gateway")
    MACHINES.append(machine)
    import pyspark.sql  # noqa: F401

    port, secret = machine.gateway()
    os.environ.update(PYSPARK_GATEWAY_PORT=str(port), PYSPARK_GATEWAY_SECRET=secret)
    return machine, handover.open_session()


def run(script: str, argv: Sequence[str], py_files: Sequence[str], session: Any) -> str | None:
    """Runs the script. None when it ended well, else what went wrong, as Glue says it."""
    for path in py_files:
        session.sparkContext.addPyFile(path)
    sys.argv = [script, *argv]
    sys.path[0:0] = [str(Path(script).parent), *py_files]
    handover.offer(session)
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        return None if end.code in (None, 0) else f"SystemExit: {end.code}"
    except BaseException as error:
        traceback.print_exc()
        return summary(error)
    return None


def summary(error: BaseException) -> str:
    """The last line that Python prints of an exception; of one from Java, what Java said."""
    of_java = getattr(error, "java_exception", None)
    said = str(error) if of_java is None else str(of_java.toString())
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return ": ".join([type(error).__name__, *lines[:1]])


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    sys.path.insert(0, plan["packages"])
    reports, orders = Reports(plan["report"]), Orders()
    try:
        machine, session = bring_up(plan["java"])
    except Exception as error:
        traceback.print_exc()
        reports.send("ended", failure=summary(error))
        end_everything()
    forget_the_checkout()
    reports.send("ready")
    order = orders.wait()
    failure = run(order["script"], order["argv"], order["py_files"], session)
    sys.stdout.flush()
    sys.stderr.flush()
    if plan["orderly"] and failure is None:
        session.stop()
        machine.end_by_itself()
    reports.send("ended", failure=failure)
    end_everything()


if __name__ == "__main__":
    main()
