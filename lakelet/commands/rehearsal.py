"""`lakelet rehearsal`: what the newest runs have shown, and what they have not."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command

DESCRIPTION = """Says of the newest run of each stream what was executed for real, in numbers; what was stood in for and
by what; which properties of the program were recorded without effect, or ignored; and what AWS does that was not
rehearsed at all."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "rehearsal",
        run,
        help="say what the newest runs have shown, and what they have not",
        description=DESCRIPTION,
        example="lakelet rehearsal olympics --json",
    )
    parser.add_argument(
        "run_or_source",
        nargs="?",
        metavar="RUN",
        help="a run such as olympics/athletes/20261121T050000Z, or a source for the newest run of each of its streams "
        "(default: of all sources)",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON, with each resource and value")
    parser.add_argument("--live", action="store_true", help="look at the lake at home that was fetched with --live")


def run(arguments: argparse.Namespace) -> int:
    from lakelet.rehearsed.gather import look
    from lakelet.rehearsed.render import as_json, as_text

    shown = look(arguments.live, arguments.run_or_source)
    print(as_json(shown) if arguments.json else as_text(shown))
    return 0
