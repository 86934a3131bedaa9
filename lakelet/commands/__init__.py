"""The commands, one module each: ``add`` declares it, ``run`` parses, calls, renders, and gives the exit code.

Only ``argparse`` is imported at the top of these modules: `--help` and usage errors need none of the libraries behind.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Commands = Any  # argparse's own type for what `add_subparsers` gives is private

EXIT_CODES = "exit codes: 0 done, 1 failed, 2 wrong call, 3 the run waits and goes on later, 130 stopped by Ctrl-C"


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], help: str, description: str, example: str
) -> argparse.ArgumentParser:
    """A command with a real invocation in its help. ``run`` is called with what was parsed."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=description, epilog=f"example: {example}; {EXIT_CODES}"
    )
    parser.add_argument("--program", metavar="PATH", help="the folder of another Pulumi program that is built of the "
                        "same components (default: the one of this project)")  # fmt: skip
    parser.set_defaults(run=run)
    return parser


def add_place(parser: argparse.ArgumentParser) -> None:
    """Which lake to look at: every command that reads one takes these."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stack", metavar="NAME", help="look at this stack in your AWS account, with your own "
                       "credentials (default: the lake at home)")  # fmt: skip
    where.add_argument("--live", action="store_true", help="look at the lake at home that was fetched with --live")
