"""What a query of the lake says of itself: the comment lines at its head tell what it answers and what it takes.

-- What share of the athletes in a sport comes from a country.
-- parameter sport Judo: the sport, as the table spells it
SELECT ... WHERE sport = ?
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9_]{1,127}")  # as a prepared statement may be called
_PARAMETER = re.compile(r"--\s*parameter\s+(?P<name>[a-z][a-z0-9_]*)(?:\s+(?P<default>[^:]*?))?\s*:\s*(?P<text>.+)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_APART = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)


class QueryUnusable(ValueError):
    """A query does not say what it answers, or its parameters are not its question marks."""


@dataclass(frozen=True)
class Parameter:
    """A value that a query takes. Without a ``default`` it must be given; with a number for one, it is a number."""

    name: str
    default: str | None
    text: str

    @property
    def is_number(self) -> bool:
        return self.default is not None and is_number(self.default)


@dataclass(frozen=True)
class Query:
    """One question that is asked again and again."""

    name: str
    sql: str

    @cached_property
    def head(self) -> list[str]:
        """The comment lines that it begins with."""
        lines = [line.strip() for line in self.sql.strip().splitlines()]
        ends = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
        return lines[:ends]

    @cached_property
    def description(self) -> str:
        """What it answers; empty where it does not say."""
        told = [line for line in self.head if not _PARAMETER.fullmatch(line)]
        return " ".join(line.removeprefix("--").strip() for line in told)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """In the order of the question marks."""
        found = filter(None, map(_PARAMETER.fullmatch, self.head))
        return tuple(Parameter(each["name"], each["default"] or None, each["text"]) for each in found)

    def check(self) -> None:
        """QueryUnusable where it cannot be deployed as what it says it is."""
        if not NAME.fullmatch(self.name):
            raise QueryUnusable(f"query {self.name!r}: a name is of a-z, 0-9 and _, a letter first; rename its file")
        if not self.description:
            raise QueryUnusable(f"query {self.name}: it does not say what it answers; begin it with a comment line")
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) != len(names):
            raise QueryUnusable(f"query {self.name}: two parameters have one name, of {', '.join(names)}; rename one")
        if len(names) != marks(self.sql):
            raise QueryUnusable(
                f"query {self.name}: it has {marks(self.sql)} question marks and says {len(names)} parameters; "
                "give each mark a line such as `-- parameter sport Judo: the sport`"
            )


def is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def marks(sql: str) -> int:
    """How many values a statement takes: its question marks outside of comments, texts and quoted names."""
    return _APART.sub(" ", sql).count("?")


def read_queries(folder: Path) -> list[Query]:
    """The queries in a folder, by name; none where there is no folder. Each is fit to be deployed."""
    found = [Query(file.stem, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.sql"))]
    for query in found:
        query.check()
    return found
