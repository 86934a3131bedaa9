"""`lakelet report`: the lake as one page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from lakelet.commands import Commands, add_command, add_place

DESCRIPTION = """Asks the lake for what its dashboards show and writes one HTML file: charts, the last runs and what
they cost, and the snapshots that all of it is from. The file needs no network and no other file. Prints its path."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "report",
        run,
        help="write a page with the lake's charts, its last runs and what they cost",
        description=DESCRIPTION,
        example="lakelet report --open",
    )
    parser.add_argument("--open", action="store_true", help="show the page in the browser")
    parser.add_argument("--to", type=Path, metavar="PATH", help="write it there (default: report.html beside the lake)")
    parser.add_argument("--json", action="store_true", help="print the path, the time and what went wrong as JSON")
    add_place(parser)


def run(arguments: argparse.Namespace) -> int:
    from lakelet.place import open_place
    from lakelet.report.gather import gather
    from lakelet.report.page import page
    from lakelet.report.store import path_for, store

    path = path_for(arguments.to, arguments.stack, arguments.live)
    with open_place(arguments.stack, arguments.live) as place:
        report = gather(place)
    store(page(report), path)
    told = {"path": str(path), "made_at": report.made_at, "problems": report.problems}
    print(json.dumps(told, ensure_ascii=False, indent=2) if arguments.json else path, flush=True)
    for problem in report.problems:
        print(f"lakelet: the page lacks something: {problem}", file=sys.stderr)
    if arguments.open:
        _open(path)
    return 1 if report.problems else 0


def _open(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.as_uri()):
        print(f"lakelet: no browser was found; open the file yourself: {path}", file=sys.stderr)
