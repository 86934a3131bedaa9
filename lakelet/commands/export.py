"""`lakelet export`: the rows of a table as one file."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from lakelet.commands import Commands, add_command, add_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakelet.export.writing import Exported
    from lakelet.progress import Progress

PATIENCE_SECONDS = 2.0  # an export that takes longer is worth a word on how far it is

DESCRIPTION = """Writes all rows of a table into one file, as they are in one snapshot of it: ordered by their columns,
from left to right, so that the same rows give the same bytes. The file is there when it is whole, and not before."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "export",
        run,
        help="write the rows of a table into one CSV or Parquet file",
        description=DESCRIPTION,
        example="lakelet export athletes --csv athletes.csv",
    )
    parser.add_argument("table", metavar="TABLE", help="the table, such as athletes or athletes_set_aside")
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument(
        "--csv", metavar="PATH", help='write CSV (-: to standard output); NULL is empty, the empty text ""'
    )
    form.add_argument("--parquet", metavar="PATH", help="write Parquet with the types of the table")
    parser.add_argument("--columns", metavar="A,B", default="", help="only these columns, in this order (default: all)")
    parser.add_argument("--snapshot", metavar="ID", type=int, help="the table as it was then (default: as it is now)")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    add_place(parser)


def run(arguments: argparse.Namespace) -> int:
    import gc

    from lakelet.export.tables import choose, find_table
    from lakelet.export.target import STDOUT, path_for
    from lakelet.export.writing import export
    from lakelet.place import open_place
    from lakelet.progress import Progress

    gc.enable()
    form, to = ("csv", arguments.csv) if arguments.csv is not None else ("parquet", arguments.parquet)
    _check(arguments, form, is_stdout=to == STDOUT)
    path = None if to == STDOUT else path_for(to, arguments.force)
    columns = [name.strip() for name in arguments.columns.split(",")] if arguments.columns else []
    try:
        with open_place(arguments.stack, arguments.live) as place, Progress() as progress:
            chosen = choose(find_table(place, arguments.table), arguments.table, columns, arguments.snapshot)
            exported = export(chosen, form, path, arguments.force, _teller(progress, path is None))
    except KeyboardInterrupt:
        print("\nstopped; no file was written", file=sys.stderr)
        return 130
    print(_as_json(exported) if arguments.json else _as_text(exported), file=sys.stdout if path else sys.stderr)
    return 0


def _check(arguments: argparse.Namespace, form: str, is_stdout: bool) -> None:
    from lakelet.errors import UsageError

    if is_stdout and form == "parquet":
        raise UsageError("Parquet cannot go to the standard output; name a file, or use --csv -")
    if is_stdout and arguments.json:
        raise UsageError("--json and the CSV cannot both go to the standard output; name a file, or drop --json")


def _teller(progress: Progress, is_stdout: bool) -> Callable[[str], None]:
    """Says how far it is once it has taken a while; never between rows on the same terminal."""
    began, is_quiet = time.monotonic(), is_stdout and sys.stdout.isatty()

    def tell(text: str) -> None:
        if not is_quiet and time.monotonic() - began > PATIENCE_SECONDS:
            progress.step("export", f"{text}; Ctrl-C leaves no file")

    return tell


def _as_text(exported: Exported) -> str:
    from lakelet.cells import size

    rows = f"{exported.rows:,} row{'' if exported.rows == 1 else 's'} of {exported.table}"
    snapshot = f"snapshot {exported.snapshot}" if exported.snapshot is not None else "which has no snapshot yet"
    return f"{exported.path or 'standard output'}: {rows}, {size(exported.bytes)}, {snapshot}"


def _as_json(exported: Exported) -> str:
    import json

    told = {
        "table": exported.table,
        "rows": exported.rows,
        "bytes": exported.bytes,
        "path": str(exported.path),
        "snapshot": None if exported.snapshot is None else str(exported.snapshot),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
