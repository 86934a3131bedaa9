"""Functions of regular expressions, as far as Java's, which Trino has, and RE2's agree."""

from __future__ import annotations

import re

from rehearsal.athena import types as t
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.scopes import Expr, made_of
from rehearsal.athena.specials.shape import Made, unexpected
from rehearsal.athena.types import literal

_SAFE_PATTERN = re.compile(r"""(?x)(?:
    \\[dDwW.+*?()\[\]{}|^$\\/-]          # classes that Java and RE2 share, and escaped signs
  | \[\^?(?:\\[dDwW.\[\]\\^/-]|[^\\\[\]&])+\]  # simple sets
  | \((?!\?)|\(\?:|\(\?i\)|\)            # groups
  | [*+?]\??|\{\d+(?:,\d*)?\}\??         # how often
  | [|.^$]
  | [^\\\[\](){}*+?|.^$]
)*$""")


def _pattern(name: str, given: Expr) -> str:
    """Java's patterns and RE2's are one where only this is used."""
    if not isinstance(given.constant, str):
        raise CannotRehearse(f"{name}() with a pattern that is not written out")
    if not _SAFE_PATTERN.match(given.constant):
        raise CannotRehearse(f"{name}() with the pattern {given.constant!r}, which may match differently in Java")
    return literal(given.constant)


def _guarded(name: str, value: str, given: Expr, sql: str) -> str:
    """Where the two kinds of patterns part: at the ends of lines, and in letters that are one but for their case."""
    plain = re.sub(r"\\\\.", "", given.constant)
    risky = [r"[\n\r\x{85}\x{2028}\x{2029}]"] if re.search(r"[.$]", plain) else []
    risky += [r"[^\x00-\x7f]"] if "(?i)" in given.constant else []
    if not risky:
        return sql
    bad = literal(f"cannot be rehearsed: {name}() with the pattern {given.constant!r} of ")
    return f"CASE WHEN regexp_matches({value}, {literal('|'.join(risky))}) THEN error({bad} || {value}) ELSE {sql} END"


def regexp_like(given: list[Expr], at: Place, text: str) -> Expr:
    _check_text("regexp_like", given, (2,), at)
    sql = f"regexp_matches({given[0].sql}, {_pattern('regexp_like', given[1])})"
    return made_of(_guarded("regexp_like", given[0].sql, given[1], sql), t.BOOLEAN, given, at, text)


def regexp_extract(given: list[Expr], at: Place, text: str) -> Expr:
    _check_text("regexp_extract", given[:2], (2,), at)
    pattern, group = _pattern("regexp_extract", given[1]), 0
    if len(given) > 2:
        if not isinstance(given[2].constant, int):
            raise CannotRehearse("regexp_extract() with a group that is not written out")
        group = given[2].constant
        groups = re.compile(given[1].constant).groups
        if group > groups:
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"Pattern has {groups} groups. Cannot access group {group}")
        if group and ("|" in given[1].constant or re.search(r"\)[?*{]", given[1].constant)):
            raise CannotRehearse("regexp_extract() of a group that may be missing, which is NULL or empty")
    value = given[0].sql
    sql = f"CASE WHEN regexp_matches({value}, {pattern}) THEN regexp_extract({value}, {pattern}, {group}) END"
    return made_of(_guarded("regexp_extract", value, given[1], sql), t.VARCHAR, given, at, text)


def regexp_replace(given: list[Expr], at: Place, text: str) -> Expr:
    _check_text("regexp_replace", given, (2, 3), at)
    pattern, put = _pattern("regexp_replace", given[1]), "''"
    if re.compile(given[1].constant).match(""):
        raise CannotRehearse("regexp_replace() with a pattern that matches nothing at all")
    if len(given) == 3:
        if (
            not isinstance(given[2].constant, str)
            or "\\" in given[2].constant
            or re.search(r"\$(?!\d(?!\d))", given[2].constant)
        ):
            raise CannotRehearse("regexp_replace() with a replacement other than plain text and $1 to $9")
        put = literal(re.sub(r"\$(\d)", r"\\\1", given[2].constant))
    sql = f"regexp_replace({given[0].sql}, {pattern}, {put}, 'g')"
    return made_of(_guarded("regexp_replace", given[0].sql, given[1], sql), t.VARCHAR, given, at, text)


def _check_text(name: str, given: list[Expr], counts: tuple[int, ...], at: Place) -> None:
    if len(given) not in counts or any(each.type.name not in ("varchar", "unknown") for each in given):
        raise unexpected(name, given, f"{name}(varchar(x), JoniRegExp)", at)


FUNCTIONS: dict[str, Made] = {
    "regexp_like": regexp_like, "regexp_extract": regexp_extract, "regexp_replace": regexp_replace,
}  # fmt: skip
