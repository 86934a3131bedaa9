"""Keeps one Java, apart from everything else: ``python -I -S keeper.py PLAN``.

PLAN is a JSON file: ``java`` (a command line) and ``folder``, where it is written down where Java listens, and with
what it ended. Java has this process's environment, working folder and output. On the line ``run down`` Java ends by
itself, on ``end`` at once; when whoever started this process is gone, the folder goes too.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from pathlib import Path

CHECKOUT = str(Path(__file__).resolve().parents[2])
sys.path.insert(0, CHECKOUT)
from rehearsal.spark import jvm  # noqa: E402
from rehearsal.spark.leash import Leash  # noqa: E402

NOT_STARTED = 127  # as a shell says it


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(plan["folder"])
    try:
        machine = jvm.start(plan["java"], os.environ, folder / jvm.ANNOUNCEMENT)
    except OSError as error:
        print(error, file=sys.stderr)
        jvm.tell_end(folder, NOT_STARTED)
        return
    telling = threading.Thread(target=lambda: jvm.tell_end(folder, machine.process.wait()), daemon=True)
    telling.start()

    def remove() -> None:
        telling.join()  # or it would write into a folder that is going
        shutil.rmtree(folder, ignore_errors=True)

    leash = Leash(machine.close, remove)
    while leash.next_line() == jvm.RUN_DOWN:
        machine.run_down()


if __name__ == "__main__":
    main()
