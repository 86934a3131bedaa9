"""`lakelet run`: plays the schedules of sources, and says what came of each run."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command

DESCRIPTION = """Deploys the lake into the embedded AWS account, fires the schedule of each source, follows the run to
its end, and prints what came of it. What the lake holds stays in .lakelet/: the next run goes on from there."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "run",
        run,
        help="deploy the lake into the embedded AWS account and let a source's schedule fire",
        description=DESCRIPTION,
        example="lakelet run olympics --stand-in athletes=1000 --fault 429@2",
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="what to run (default: all sources)")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.add_argument("--live", action="store_true", help="read the real API, with your own key from LAKELET_API_KEY "
                        "(or asked for); its lake is kept apart from the rehearsed one")  # fmt: skip
    parser.add_argument("--api", metavar="URL", help="read from this server instead; its key, if it asks for one, is "
                        "taken from LAKELET_API_KEY")  # fmt: skip
    parser.add_argument("--set", action="append", default=[], metavar="SOURCE.OPTION=VALUE",
                        help="choose of a source, as a stack does in its settings, such as "
                        "spotify.playlists=ID,ID or spotify.endpoint=tracks")  # fmt: skip
    parser.add_argument("--at", metavar="TIME", help="the scheduled time, ISO with a zone (default: the next one due)")
    parser.add_argument(
        "--days", type=_count, default=1, metavar="N", help="play N days, the data changing a little each day"
    )
    parser.add_argument("--stand-in", action="append", default=[], metavar="NAME=VALUE",
                        help="an option of the stand-in API, such as athletes=1000000 or seed=7")  # fmt: skip
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT",
                        help="a fault of the stand-in API, such as 429@3 or cut@5")  # fmt: skip
    parser.add_argument(
        "--large", action="store_true", help="a run of about a million rows: Java optimises for long work"
    )
    parser.add_argument("--cold", action="store_true", help="start a Java for each job run, as Glue does: slower")
    parser.add_argument(
        "--driver-memory", default="2g", metavar="SIZE", help="memory of the Spark driver (default: 2g)"
    )


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; give 1 or more")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    from lakelet import render
    from lakelet.play import play
    from lakelet.request import Request

    outcomes = play(Request.of(arguments))
    print(render.as_json(outcomes) if arguments.json else render.as_text(outcomes), flush=True)
    return max(outcome.exit_code for outcome in outcomes)
