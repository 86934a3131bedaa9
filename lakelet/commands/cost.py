"""`lakelet cost`: what the last run would have cost on AWS, and a month of the stack."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command, add_place

DESCRIPTION = """Prices what the last run of each stream really used, and a month of the stack by its schedules, per
service and source. What was used is measured in the rehearsal; with --stack the schedules, alarms and job times are
those of your stack. The prices are those of one dated file, lakelet/prices.toml."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "cost",
        run,
        help="tell what the last run would cost on AWS, and a month of this stack",
        description=DESCRIPTION,
        example="lakelet cost olympics --compare",
    )
    parser.add_argument(
        "run_or_source",
        nargs="?",
        metavar="RUN",
        help="a run such as olympics/athletes/20261121T050000Z, or a source for the last run of each of its streams "
        "(default: of all sources)",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.add_argument("--compare", action="store_true", help="show what such a lake costs as it is made by hand")
    parser.add_argument("--queries", type=_count, metavar="N", help="how many Athena queries a day there are in a "
                        "month (default: each named query once)")  # fmt: skip
    add_place(parser)


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of queries a day; give 0 or more")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    from lakelet.cost.estimate import estimate
    from lakelet.cost.measured import usages_for
    from lakelet.cost.render import as_json, as_text
    from lakelet.place import open_place

    with open_place(arguments.stack, arguments.live) as place:
        usages = usages_for(place)
        found = estimate(place, usages, arguments.run_or_source, arguments.queries, arguments.compare)
    print(as_json(found) if arguments.json else as_text(found))
    return 0
