"""`lakelet retry`: has a parked run tried again, once its cause is mended."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command, add_place

DESCRIPTION = """A run that broke three times is parked: nothing takes it up any more. Mend what broke it, then have it
tried again with this command. At home it is followed to its end; on a stack its reconcile function is called, after
you have been asked. A run that is not parked is left as it is, and you are told what it is."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "retry",
        run,
        help="have a parked run tried again, once its cause is mended",
        description=DESCRIPTION,
        example="lakelet retry olympics/athletes/20260302T050000Z",
    )
    parser.add_argument("name", metavar="RUN", help="as `lakelet status` shows it: SOURCE/STREAM/RUN")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.add_argument("--yes", action="store_true", help="do not ask before a real account is changed")
    parser.add_argument("--api", metavar="URL", help="at home, read from this server; its key, if it asks for one, is "
                        "taken from LAKELET_API_KEY")  # fmt: skip
    parser.add_argument("--stand-in", action="append", default=[], metavar="NAME=VALUE",
                        help="at home, an option of the stand-in API, as the run was made with")  # fmt: skip
    add_place(parser)
    parser.set_defaults(at=None, days=1, fault=[], set=[], large=False, cold=False, driver_memory="2g")


def run(arguments: argparse.Namespace) -> int:
    from lakelet import render
    from lakelet.request import Request
    from lakelet.retry import retry
    from sources.runs import UNFINISHED

    arguments.sources = [arguments.name.split("/")[0]] if "/" in arguments.name else []
    outcome = retry(arguments.stack, Request.of(arguments), arguments.name, arguments.yes)
    print(render.as_json([outcome]) if arguments.json else render.as_text([outcome]))
    goes_on = arguments.stack is not None and outcome.state in UNFINISHED
    return 3 if goes_on else outcome.exit_code
