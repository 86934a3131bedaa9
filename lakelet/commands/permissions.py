"""`lakelet permissions`: shows that every role may do what it must and no more."""

from __future__ import annotations

import argparse

from lakelet.commands import Commands, add_command

DESCRIPTION = """Plays good days and bad ones in a lake of its own, which is thrown away; each call is decided by the
policies of the program as it stands. Then all that was asked is decided again, with each grant taken away in turn. It
fails when a call was denied, when something is granted that was never needed, or when something can be taken away and
nothing is different. Nothing is changed in the lake at home, nor in any AWS account."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "permissions",
        run,
        help="show that every role may do what it must, and no more",
        description=DESCRIPTION,
        example="lakelet permissions --json",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the proof as JSON")
    form.add_argument("--write", action="store_true", help="print the smallest permissions of each role, in the words "
                      "of infra/permissions.py")  # fmt: skip
    form.add_argument("--deployer", action="store_true", help="print the smallest policy with which the program can be "
                      "deployed and destroyed; from the embedded deployment: the real provider reads more")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    import sys

    from lakelet.permissions import render
    from lakelet.permissions.play import play
    from lakelet.progress import Progress

    with Progress() as progress:
        played = play(progress)
    if arguments.write:
        print(render.as_permissions(played))
    elif arguments.deployer:
        print(render.as_policy(played), end="")
    else:
        print(render.as_json(played) if arguments.json else render.as_text(played), flush=True)
    if arguments.write or arguments.deployer:
        for failure in played.failures():
            print(f"lakelet: {failure}", file=sys.stderr)
    return 0 if played.is_clean else 1
