"""``python -m rehearsal DIR``: deploy a Pulumi program into an embedded account, and say what came of it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rehearsal.account import Account
from rehearsal.deploy import DeployError, Deployment, deploy
from rehearsal.deploy.program import read_program
from rehearsal.errors import RehearsalError


def main(argv: list[str] | None = None) -> int:
    """0 when the program could be deployed, 1 when not."""
    asked = _parser().parse_args(argv)
    try:
        deployment = _rehearse(asked)
    except RehearsalError as error:
        lines = error.lines if isinstance(error, DeployError) else [str(error)]
        if asked.json:
            print(json.dumps({"refused": lines}, indent=2))
        else:
            print("\n".join(f"refused: {line}" for line in lines), file=sys.stderr)
        return 1
    print(json.dumps(deployment.to_json(), indent=2) if asked.json else _report(deployment))
    return 0


def _rehearse(asked: argparse.Namespace) -> Deployment:
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
    lines += ["outputs:"] if deployment.outputs else []
    lines += [f"  {name} = {_short(value)}" for name, value in deployment.outputs.items()]
    return "\n".join(lines)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


if __name__ == "__main__":
    sys.exit(main())
