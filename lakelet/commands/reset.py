"""`lakelet reset`: throws a lake at home away, when it is told so."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "reset",
        run,
        help="throw the lake at home away, and begin anew",
        description="Removes the lake at home and all that it holds: objects, items, tables, ledger. It asks first. "
        "Stacks in an AWS account are never touched.",
        example="lakelet reset --yes",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--live", action="store_true", help="the lake that was fetched with --live")


def run(arguments: argparse.Namespace) -> int:
    from lakelet.reset import reset

    print(reset(arguments.live, arguments.yes))
    return 0
