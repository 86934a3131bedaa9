"""``python -m rehearsal DIR``: deploy a Pulumi program into an embedded account, and say what came of it.

``python -m rehearsal decide``: say what IAM would decide. A program in a folder of that name is ``./decide``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError
from rehearsal.iam.lines import answers

if TYPE_CHECKING:
    from rehearsal.deploy import Deployment


def main(argv: list[str] | None = None) -> int:
    """0 when the program could be deployed, or all questions decided; 1 when not."""
    arguments = sys.argv[1:] if argv is None else argv
    return _decide(arguments[1:]) if arguments[:1] == ["decide"] else _deploy(arguments)


def _decide(arguments: list[str]) -> int:
    """A line of JSON for each line of standard input, as soon as it has come."""
    argparse.ArgumentParser(
        prog="python -m rehearsal decide", description="Say what IAM would decide, for each line of JSON.",
        epilog="example: python -m rehearsal decide < questions.jsonl", allow_abbrev=False,
    ).parse_args(arguments)  # fmt: skip
    are_all_decided = True
    for answer, is_decided in answers(sys.stdin.buffer):
        print(answer, flush=True)
        are_all_decided = are_all_decided and is_decided
    return 0 if are_all_decided else 1


def _deploy(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        deployment = _rehearse(asked)
    except RehearsalError as error:
        lines = getattr(error, "lines", [str(error)])
        if asked.json:
            print(json.dumps({"refused": lines}, indent=2))
        else:
            print("\n".join(f"refused: {line}" for line in lines), file=sys.stderr)
        return 1
    print(json.dumps(deployment.to_json(), indent=2) if asked.json else _report(deployment))
    return 0


def _rehearse(asked: argparse.Namespace) -> Deployment:
    """The parts that deploy are loaded here, so that a decision need not wait for them."""
    from rehearsal.account import Account
    from rehearsal.deploy import deploy
    from rehearsal.deploy.program import read_program

    config, secrets = dict(asked.config), dict(asked.secret)
    region = read_program(asked.program, asked.stack, config, secrets).config.get("aws:region")
    print(f"deploying {asked.program}, stack {asked.stack}, into an embedded account", file=sys.stderr)
    with Account(**({"region": region} if region else {})) as account:
        return deploy(
            asked.program, asked.stack, account.deployer_environment(), config, secrets, verbose=asked.verbose,
            on_created=lambda made: print(f'  {made.type} "{made.name}"', file=sys.stderr),
        )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal", description=__doc__, allow_abbrev=False,
        epilog="example: python -m rehearsal ../their-program --stack dev --config bucket=raw --secret token=x",
    )  # fmt: skip
    parser.add_argument("program", type=Path, metavar="DIR", help="the folder with Pulumi.yaml")
    parser.add_argument("--stack", default="dev", help="the stack whose Pulumi.STACK.yaml counts (default: dev)")
    parser.add_argument("--config", type=_pair, action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--secret", type=_pair, action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    parser.add_argument("--verbose", action="store_true", help="show the traceback of a program that raises")
    return parser


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


def _report(deployment: Deployment) -> str:
    lines = [f"created {len(deployment.resources)} resources in {deployment.seconds:.1f} s"]
    width = max(map(len, deployment.by_type), default=0)
    lines += [f"  {kind:{width}}  {', '.join(names)}" for kind, names in sorted(deployment.by_type.items())]
    lines += ["ignored:"] if deployment.ignored else ["ignored: nothing"]
    lines += [f"  {item.resource}: {item.property} = {_short(item.value)}" for item in deployment.ignored]
    lines += ["recorded, without effect:"] if deployment.recorded else []
    lines += [f"  {each.resource}: {each.property} = {_short(each.value)} ({each.why})" for each in deployment.recorded]
    lines += ["outputs:"] if deployment.outputs else []
    lines += [f"  {name} = {_short(value)}" for name, value in deployment.outputs.items()]
    return "\n".join(lines)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


if __name__ == "__main__":
    sys.exit(main())
