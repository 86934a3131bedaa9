"""`lakelet upkeep`: has the tables kept in order now, instead of on Sunday."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command, add_place

DESCRIPTION = """Runs the job that looks after the tables once a week: it folds deletes and small files together, drops
snapshots that are older than the stack keeps them, and removes files that no snapshot has. A table in order is left
alone, and a merge that is under way loses nothing. At home the lake is deployed for it; on a stack you are asked
first, unless it is a dry run."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "upkeep",
        run,
        help="fold small files and deletes of the tables, drop old snapshots and stray files",
        description=DESCRIPTION,
        example="lakelet upkeep --dry-run --stack dev",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON; docs/upkeep.md says what the "
                        "keys mean")  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="do not ask before a real account is changed")
    add_place(parser)


def run(arguments: argparse.Namespace) -> int:
    from lakelet.upkeep.render import as_json, as_text
    from lakelet.upkeep.working import upkeep

    done = upkeep(arguments.stack, arguments.live, arguments.dry_run, arguments.yes)
    print(as_json(done) if arguments.json else as_text(done))
    return done.exit_code
