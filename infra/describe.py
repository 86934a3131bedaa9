"""What each component takes, read from the code: the tables of docs/components.md.

``python -m infra.describe`` says whether the page is up to date; ``--write`` brings it up to date. A field of a class
of arguments says what it is in the comment beside it.
"""

from __future__ import annotations

import ast
import inspect
import sys
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from io import StringIO
from pathlib import Path

import pulumi

from infra import components

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/components.md"
BEGIN = "<!-- made by `python -m infra.describe --write`: what is below is not written by hand -->"


@dataclass(frozen=True)
class Argument:
    name: str
    type: str
    default: str  # empty: it must be given
    text: str  # empty: nobody has said what it is


def arguments(kind: type) -> list[Argument]:
    """The fields of a dataclass, in order."""
    source = inspect.getsource(kind)
    comments = _comments(source)
    defaults = {each.name: each.default for each in fields(kind)} if is_dataclass(kind) else {}
    (declared,) = ast.parse(source).body
    assert isinstance(declared, ast.ClassDef)
    return [
        Argument(
            field.target.id,
            ast.unparse(field.annotation),
            _default(field.value, defaults.get(field.target.id)),
            comments.get(field.end_lineno or 0, ""),
        )
        for field in declared.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    ]


def described() -> list[tuple[type, type | None]]:
    """Each component with its arguments, then what these are made of."""
    known: Mapping[str, type] = {name: getattr(components, name) for name in components.__all__}
    built = [kind for kind in known.values() if issubclass(kind, pulumi.ComponentResource)]
    others = [kind for name, kind in known.items() if kind not in built and not name.endswith("Args")]
    return [*((kind, known[f"{kind.__name__}Args"]) for kind in built), *((kind, None) for kind in others)]


def page(written: str) -> str:
    """The page with what is written by hand, and the tables as the code has them."""
    head, marker, _ = written.partition(BEGIN)
    if not marker:
        raise ValueError(f"{PAGE.name} has no line {BEGIN!r}; put it where the tables are to stand")
    parts = [_part(kind, args) for kind, args in described()]
    return "\n\n".join([f"{head}{BEGIN}", *parts]) + "\n"


def _part(kind: type, args: type | None) -> str:
    title = f"## {kind.__name__}\n\n`infra/{kind.__module__.rsplit('.', 1)[-1]}.py`. {_plain(kind)}"
    takes = f"\n\n`{args.__name__}`: {_plain(args)}" if args else ""
    return f"{title}{takes}\n\n" + "\n".join(_table(arguments(args or kind)))


def _table(rows: Sequence[Argument]) -> Iterator[str]:
    yield "| argument | type | default | what it is |"
    yield "|---|---|---|---|"
    for row in rows:
        type_ = row.type.replace("|", "\\|")
        yield f"| `{row.name}` | `{type_}` | {f'`{row.default}`' if row.default else 'must be given'} | {row.text} |"


def _plain(kind: type) -> str:
    """The docstring of a class as one paragraph of Markdown."""
    return " ".join((inspect.getdoc(kind) or "").replace("``", "`").split())


def _default(value: ast.expr | None, default: object) -> str:
    """A plain value as it is, another as it stands in the code; of what is made anew for each, what it is then."""
    if value is None:
        return ""
    if default is None or isinstance(default, (bool, int, str)):
        return repr(default)
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "field":
        return {"dict": "{}", "list": "[]"}.get(ast.unparse(value.keywords[0].value), ast.unparse(value))
    return ast.unparse(value)


def _comments(source: str) -> dict[int, str]:
    """What is said beside the code, by line."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def main(argv: Sequence[str]) -> int:
    written = PAGE.read_text(encoding="utf-8")
    made = page(written)
    if "--write" in argv:
        PAGE.write_text(made, encoding="utf-8")
    elif made != written:
        print(f"{PAGE} is out of date; run: python -m infra.describe --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
