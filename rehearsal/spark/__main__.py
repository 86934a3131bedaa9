"""``python -m rehearsal.spark``: set up what Glue jobs need here. It may be run again: what is there is left."""

from __future__ import annotations

import logging
import sys
import time

from rehearsal.errors import RehearsalError
from rehearsal.spark import cache, fetch, java, training

SUCCESS, FAILURE, INTERRUPTED = 0, 1, 130


def main() -> int:
    logging.disable()  # py4j logs whole tracebacks where a line of ours says what happened
    try:
        set_up()
    except RehearsalError as error:
        say(str(error))
        return FAILURE
    except KeyboardInterrupt:
        say(f"interrupted; {cache.SETUP} goes on where it was")
        return INTERRUPTED
    return SUCCESS


def set_up() -> None:
    """A Java, the libraries, the archive. Without an archive all works, so its failure is told and no more."""
    began = time.monotonic()
    found = java.find()
    say(f"Java {found.major} in {found.home}")
    did_something = fetch.fetch_missing(found.command, say) > 0
    try:
        did_something |= training.make_missing(found, say)
    except training.NoArchive as error:
        say(str(error))
    say(f"Spark is set up ({time.monotonic() - began:.0f} s)" if did_something else "Spark is set up already")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
