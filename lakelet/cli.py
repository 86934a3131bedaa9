"""The command line: each command parses, calls one function, renders. Results go to stdout, all else to stderr."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from lakelet.errors import LakeletError
from rehearsal.errors import RehearsalError

EXIT_CODES = "exit codes: 0 done, 1 failed, 2 wrong call, 3 the run waits and goes on later, 130 stopped by Ctrl-C"


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lakelet",
        description="A data lake on AWS that can be rehearsed on one machine.",
        epilog=f"example: lakelet run olympics --json; {EXIT_CODES}",
    )
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser(
        "run",
        help="deploy the lake into the embedded AWS account and let a source's schedule fire",
        description="Deploys the lake into the embedded AWS account, fires the schedule of each source, follows the "
        "run to its end, and prints what came of it.",
        epilog=f"example: lakelet run olympics --stand-in athletes=1000 --fault 429@2; {EXIT_CODES}",
    )
    run.add_argument("sources", nargs="*", metavar="SOURCE", help="what to run (default: all sources)")
    run.add_argument("--json", action="store_true", help="print the outcome as JSON")
    run.add_argument("--api", metavar="URL", help="read from this server instead of the stand-in; its key, if it asks "
                     "for one, is taken from LAKELET_API_KEY")  # fmt: skip
    run.add_argument("--at", metavar="TIME", help="the scheduled time, ISO with a zone (default: the last one due)")
    run.add_argument(
        "--days", type=_count, default=1, metavar="N", help="play N days, the data changing a little each day"
    )
    run.add_argument("--stand-in", action="append", default=[], metavar="NAME=VALUE",
                     help="an option of the stand-in API, such as athletes=1000000 or seed=7")  # fmt: skip
    run.add_argument("--fault", action="append", default=[], metavar="FAULT",
                     help="a fault of the stand-in API, such as 429@3 or cut@5")  # fmt: skip
    run.add_argument("--large", action="store_true", help="a run of about a million rows: Java optimises for long work")
    run.add_argument("--driver-memory", default="2g", metavar="SIZE", help="memory of the Spark driver (default: 2g)")


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; give 1 or more")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = make_parser().parse_args(argv)
    try:
        return _run(arguments)
    except LakeletError as error:
        return _fail(error, error.exit_code, arguments.traceback)
    except KeyboardInterrupt:
        print("\nstopped; everything that was started is gone. Run it again when you like.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (RehearsalError, OSError) as error:
        return _fail(error, 1, arguments.traceback)


def _run(arguments: argparse.Namespace) -> int:
    # The rehearsal's libraries take a second to import: `--help` and usage errors need none of them.
    from lakelet import render
    from lakelet.request import Request
    from lakelet.run import run

    outcomes = run(Request.of(arguments))
    print(render.as_json(outcomes) if arguments.json else render.as_text(outcomes), flush=True)
    return max(outcome.exit_code for outcome in outcomes)


def _fail(error: Exception, code: int, traceback: bool) -> int:
    if traceback:
        raise error
    for line in filter(None, str(error).splitlines()):
        print(f"lakelet: {line}", file=sys.stderr)
    return code
