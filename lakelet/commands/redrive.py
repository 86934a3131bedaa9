"""`lakelet redrive`: sends dead letters on their way again, once their cause is mended."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command, add_place

DESCRIPTION = """What came to nothing waits in two queues: `manifests` (new manifests that no job could be started for)
and `given-up` (calls that failed as often as they may, or could not be delivered). Mend the cause, then send them on
again with this command. Each leaves its queue only when it has been accepted; one that cannot be understood stays, and
is named. On a stack you are asked first."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "redrive",
        run,
        help="send dead letters on their way again, once their cause is mended",
        description=DESCRIPTION,
        example="lakelet redrive given-up --stack dev",
    )
    parser.add_argument("queue", metavar="QUEUE", choices=("manifests", "given-up"), help="manifests, or given-up")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")
    parser.add_argument("--yes", action="store_true", help="do not ask before a real account is changed")
    parser.add_argument("--source", metavar="SOURCE", help="with --api or --live: the source whose server that is")
    parser.add_argument("--api", metavar="URL", help="at home, read from this server instead; its key, if it asks for "
                        "one, is taken from LAKELET_API_KEY")  # fmt: skip
    parser.add_argument("--stand-in", action="append", default=[], metavar="NAME=VALUE",
                        help="at home, an option of the stand-in API, as the runs were made with")  # fmt: skip
    add_place(parser)
    parser.set_defaults(at=None, days=1, fault=[], set=[], large=False, cold=False, driver_memory="2g")


def run(arguments: argparse.Namespace) -> int:
    from lakelet.redrive import redrive
    from lakelet.request import Request
    from lakelet.show_redriven import as_json, as_text, exit_code

    arguments.sources = [arguments.source] if arguments.source else []
    done = redrive(arguments.stack, Request.unchecked(arguments), arguments.queue, arguments.yes)
    print(as_json(done) if arguments.json else as_text(done))
    return exit_code(done)
