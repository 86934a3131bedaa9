"""`lakelet status`: what the lake is at this moment, and what wants attention."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command, add_place

DESCRIPTION = """Shows, for each source, its last runs, when it is due next, the calls that its quota has left, its
tables, and what was set aside; then the queues, the alarms that ring, and the next step for all that does not come
right by itself. Nothing is changed by looking. It exits with 0 whatever it saw."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "status",
        run,
        help="show what the lake is at this moment, and what wants attention",
        description=DESCRIPTION,
        example="lakelet status olympics --stack dev",
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="what to show (default: all sources)")
    parser.add_argument("--json", action="store_true", help="print it as JSON; docs/status.md says what the keys mean")
    parser.add_argument("--runs", type=_count, default=5, metavar="N", help="how many runs of each stream (default: 5)")
    parser.add_argument("--peek", action="store_true", help="say what dead letters are about; on a stack that receives "
                        "them once, and leaves them where they are (at home it is always done)")  # fmt: skip
    add_place(parser)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of runs; give 1 or more")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    from lakelet.status.reasons import Reader

    reader = Reader()  # its process starts while this one still imports
    from lakelet.place import open_place
    from lakelet.status.gather import chosen, look
    from lakelet.status.render import as_json, as_text

    with reader, open_place(arguments.stack, arguments.live) as place:
        peeks = arguments.peek or place.is_home
        status = look(place, chosen(place, arguments.sources), arguments.runs, peeks, reader.count)
    print(as_json(status) if arguments.json else as_text(status))
    return 0
