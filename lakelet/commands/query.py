"""`lakelet query`: asks the lake, by the name of a query or in SQL."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakelet.commands import Commands, add_command, add_place

if TYPE_CHECKING:
    from lakelet.place import Place
    from lakelet.progress import Progress

PATIENCE_SECONDS = 2.0  # an answer that takes longer is worth a word on what is going on

DESCRIPTION = """Asks the lake in Athena's SQL: one of the queries that were deployed with it (see --list), or your own.
The answer goes to stdout; what was read and what Athena charges for it to stderr. Without QUERY: the same as --list."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "query",
        run,
        help="ask the lake, by the name of a query or in SQL",
        description=DESCRIPTION,
        example='lakelet query country_share_in_sport --param country=FRA; lakelet query "SELECT 1"',
    )
    parser.add_argument("query", nargs="?", metavar="QUERY", help="a name, SQL, or - for SQL from the standard input")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        type=_parameter,
        help="a parameter of the query; for SQL, 1=VALUE is a text for its first question mark",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print the answer as CSV; NULL is empty without quotes")
    form.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--list", action="store_true", help="list the named queries, with what they answer and take")
    add_place(parser)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} has no value; write NAME=VALUE, such as country=FRA")
    return name, value


def run(arguments: argparse.Namespace) -> int:
    from lakelet.place import open_place

    with open_place(arguments.stack, arguments.live) as place:
        return _list(place, arguments) if arguments.list or arguments.query is None else _ask(place, arguments)


def _list(place: Place, arguments: argparse.Namespace) -> int:
    from lakelet import show
    from lakelet.ask import named_queries

    queries = named_queries(place)
    print(show.queries_as_json(queries) if arguments.json else show.queries_as_text(queries))
    return 0


def _ask(place: Place, arguments: argparse.Namespace) -> int:
    from lakelet import show
    from lakelet.ask import ask, cutoff_of
    from lakelet.charge import charge_for
    from lakelet.progress import Progress

    asked = sys.stdin.read() if arguments.query == "-" else arguments.query
    with Progress() as progress:
        answer = ask(place, asked, _once(arguments.param), lambda state, seconds: _tell(progress, state, seconds))
    charge, cutoff = charge_for(answer, place.outputs["region"]), cutoff_of(place)
    if arguments.csv:
        sys.stdout.write(show.as_csv(answer))
    elif arguments.json:
        print(show.as_json(answer, charge, cutoff))
    else:
        print(show.as_table(answer, shutil.get_terminal_size().columns if sys.stdout.isatty() else None))
    sys.stdout.flush()
    print(show.cost_line(answer, charge, cutoff, place.is_home), file=sys.stderr)
    return 0


def _once(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    from lakelet.errors import UsageError

    found: dict[str, str] = {}
    for name, value in parameters:
        if name in found:
            raise UsageError(f"--param {name} is given twice, as {found[name]!r} and {value!r}; drop one")
        found[name] = value
    return found


def _tell(progress: Progress, state: str, seconds: float) -> None:
    if seconds > PATIENCE_SECONDS:
        progress.step("query", f"Athena has it {state}; Ctrl-C stops it")
