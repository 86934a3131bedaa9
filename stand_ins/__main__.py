"""Runs a stand-in by hand: ``python -m stand_ins olympics --port 8080 --athletes 1000000 --fault 429@3``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType

import stand_ins
from stand_ins import Asked, StandInError
from stand_ins.faults import EFFECTS


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stand_ins",
        description="A local double of a public API, until Ctrl-C. Its URL goes to stdout, requests to stderr.",
        epilog="example: python -m stand_ins olympics --port 8080 --athletes 1000000 --fault 429@3 --end missing",
    )
    sources = parser.add_subparsers(dest="source", required=True, metavar="SOURCE")
    for source in stand_ins.START:
        _add_source(sources.add_parser(source, help=f"the API of {source}"), source)
    return parser


def _add_source(command: argparse.ArgumentParser, source: str) -> None:
    command.add_argument("--port", type=int, default=0, help="0 (the default): any that is free")
    key = stand_ins.START[source].default_key
    command.add_argument("--key", default=key, help="the key, or id:secret, to ask for (default: %(default)s)")
    command.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[=SECONDS][@PAGE|@#REQUEST][xTIMES|xalways]",
        help=f"a fault, such as 429@3x2 or slow=5@4; may be given again. Kinds: {', '.join(EFFECTS)}",
    )
    for option in stand_ins.options(source).values():
        flag = f"--{option.name.replace('_', '-')}"
        text = f"{option.metadata.get('help', '')} (default: {option.default})".replace("%", "%%")
        command.add_argument(flag, default=option.default, metavar=type(option.default).__name__.upper(), help=text)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = make_parser().parse_args(argv)
    given = {name: getattr(arguments, name) for name in stand_ins.options(arguments.source)}
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell started it in the background, deaf to Ctrl-C
        signal.signal(number, _stop)
    try:
        stand_in = stand_ins.serve(
            arguments.source, key=arguments.key, faults=arguments.fault, port=arguments.port, on_request=_show, **given
        )
        with stand_in:
            print(stand_in.url, flush=True)
            print(f"{arguments.source}: {stand_in.api.describe()}; Ctrl-C stops it", file=sys.stderr, flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    except StandInError as error:
        print(f"stand_ins: {error}", file=sys.stderr)
        return 2
    return 0


def _show(asked: Asked) -> None:
    moment = time.strftime("%H:%M:%S", time.localtime(asked.moment))
    page = f" page {asked.page}" if asked.page is not None else ""
    print(f"{moment} {asked.path}{page}: {asked.status or 'dropped'} {asked.fault or ''}".rstrip(), file=sys.stderr)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
