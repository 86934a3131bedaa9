"""The command line: each command parses, calls one function, renders. Results go to stdout, all else to stderr."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from lakelet import program
from lakelet.commands import (
    EXIT_CODES,
    cost,
    export,
    permissions,
    query,
    redrive,
    rehearsal,
    report,
    reset,
    retry,
    run,
    status,
    upkeep,
)
from lakelet.errors import LakeletError
from rehearsal.errors import RehearsalError

COMMANDS = (run, query, export, status, report, cost, rehearsal, retry, redrive, upkeep, permissions, reset)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lakelet",
        description="A data lake on AWS that can be rehearsed on one machine.",
        epilog=f"example: lakelet run olympics --json; {EXIT_CODES}",
    )
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


def command_line() -> NoReturn:
    """What the shell calls. Most of what a command makes are modules, which stay: to look through them for garbage,
    again and again and once more at the end, took 1.4 s of 3.4. Who works for long turns the collector on again."""
    gc.disable()
    code = main()
    gc.freeze()
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = make_parser().parse_args(argv)
    try:
        if arguments.program:
            program.choose(arguments.program)
        return int(arguments.run(arguments))
    except LakeletError as error:
        return _fail(error, error.exit_code, arguments.traceback)
    except KeyboardInterrupt:
        print("\nstopped; what was done is kept, and the same command goes on from there", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (RehearsalError, OSError) as error:
        return _fail(error, 1, arguments.traceback)


def _fail(error: Exception, code: int, traceback: bool) -> int:
    if traceback:
        raise error
    for line in filter(None, str(error).splitlines()):
        print(f"lakelet: {line}", file=sys.stderr)
    return code
