"""The values that a query takes, as SQL: what was given, checked and quoted, so that no value is ever read as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lakelet.errors import UsageError
from sources.query import Parameter, is_number, marks


def literals(known: Sequence[Parameter], name: str, given: Sequence[str] | Mapping[str, str]) -> list[str]:
    """The values of a query's parameters as SQL, defaults where none is given; UsageError where one does not fit."""
    if not isinstance(given, Mapping):
        if len(given) > len(known):
            raise UsageError(f"{name} takes {len(known)} parameters, not {len(given)}; see `lakelet query --list`")
        given = {parameter.name: value for parameter, value in zip(known, given, strict=False)}
    unknown = [each for each in given if each not in {parameter.name for parameter in known}]
    if unknown:
        takes = ", ".join(parameter.name for parameter in known) or "none"
        raise UsageError(f"{name} has no parameter {unknown[0]!r}; it takes: {takes}")
    return [_literal(name, parameter, given.get(parameter.name, parameter.default)) for parameter in known]


def _literal(name: str, parameter: Parameter, value: str | None) -> str:
    if value is None:
        raise UsageError(f"{name} needs {parameter.name}, {parameter.text}; add --param {parameter.name}=VALUE")
    if not parameter.is_number:
        return _text(value)
    if not is_number(value):
        raise UsageError(f"{name}: {parameter.name} is {value!r}, but must be a number such as {parameter.default}")
    return value


def literals_of_sql(sql: str, given: Sequence[str] | Mapping[str, str]) -> list[str]:
    """Texts for the question marks of a statement; UsageError where they are not as many."""
    wanted = [str(number + 1) for number in range(marks(sql))]
    if not isinstance(given, Mapping):
        given = {str(number + 1): value for number, value in enumerate(given)}
    if sorted(given) != sorted(wanted):
        said = ", ".join(given) or "none"
        has = f"{len(wanted)} question mark{'' if len(wanted) == 1 else 's'}"
        raise UsageError(f"the SQL has {has}, and parameters were given for: {said}; give each, as in --param 1=Judo")
    return [_text(given[number]) for number in wanted]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
