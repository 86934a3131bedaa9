"""The driver process of one Glue run, apart from everything else: ``python -I -S bootstrap.py PLAN``.

PLAN is a JSON file: ``packages`` (the folder to import from), ``folder`` (where a Java announces itself), ``is_warm``
(whether that Java has served before), ``settings`` (Spark's), ``report`` (a file descriptor). It opens a session,
reports ``ready``, then waits for one line on its standard input: ``script``, ``argv`` and ``py_files``, or none of
them. It runs that script as Glue does and reports how it ended. Then it takes back what the script has left in Java,
reports whether that is all, and is gone. It is on a leash: see there.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

CHECKOUT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, CHECKOUT)
from rehearsal.spark import handover, jvm, leftovers  # noqa: E402
from rehearsal.spark.leash import Leash  # noqa: E402


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

    def send(self, event: str, **detail: str | bool | None) -> None:
        with suppress(BrokenPipeError):  # nobody is left to be told; the leash ends this process
            self._file.write(json.dumps({"event": event, **detail}) + "\n")


def bring_up(folder: Path, is_warm: bool, settings: Mapping[str, str]) -> tuple[leftovers.Found, Any]:
    """The session, and how Java was found. While Java starts this process imports pyspark."""
    import pyspark.sql  # noqa: F401

    port, secret = jvm.await_gateway(folder / jvm.ANNOUNCEMENT, lambda: jvm.told_end(folder))
    os.environ.update(PYSPARK_GATEWAY_PORT=str(port), PYSPARK_GATEWAY_SECRET=secret)
    found = leftovers.look()
    session = handover.open_session(settings, os.environ, is_warm)
    leftovers.look_again(found)
    return found, session


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


def is_spent(failure: str | None) -> bool:
    """Whether Java has run out of memory. What a script has broken beyond that is seen when it is taken back."""
    return "OutOfMemoryError" in (failure or "")


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    sys.path.insert(0, plan["packages"])
    reports, leash = Reports(plan["report"]), Leash()
    try:
        found, session = bring_up(Path(plan["folder"]), plan["is_warm"], plan["settings"])
    except Exception as error:
        traceback.print_exc()
        reports.send("ended", failure=summary(error))
        leash.end()
    forget_the_checkout()
    reports.send("ready")
    order = json.loads(leash.next_line())
    failure = run(**order, session=session) if order else None
    sys.stdout.flush()
    sys.stderr.flush()
    reports.send("ended", failure=failure)
    reports.send("left", clean=not is_spent(failure) and leftovers.take_back(found))
    leash.end()


if __name__ == "__main__":
    main()
