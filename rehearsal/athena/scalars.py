"""The functions of one row that are known to answer as Trino's do.

One line a form: ``name(types of arguments) type of result = DuckDB``. ``{0}`` is the first argument. The first form
whose types the arguments have, or can be turned into by themselves, is taken. T is any one type, varchar of any length.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rehearsal.athena import types as t
from rehearsal.athena.macros import WHITESPACE
from rehearsal.athena.types import Type

_TEXT = f"""
length(varchar) bigint = length({{0}})
lower(varchar) varchar = lower({{0}})
upper(varchar) varchar = array_to_string(list_transform(string_split({{0}}, 'ß'), lambda p_: upper(p_)), 'ß')
trim(varchar) varchar = trim({{0}}, {WHITESPACE})
ltrim(varchar) varchar = ltrim({{0}}, {WHITESPACE})
rtrim(varchar) varchar = rtrim({{0}}, {WHITESPACE})
trim(varchar, varchar) varchar = trim({{0}}, {{1}})
ltrim(varchar, varchar) varchar = ltrim({{0}}, {{1}})
rtrim(varchar, varchar) varchar = rtrim({{0}}, {{1}})
replace(varchar, varchar, varchar) varchar = lake_replace({{0}}, {{1}}, {{2}})
replace(varchar, varchar) varchar = replace({{0}}, {{1}}, '')
reverse(varchar) varchar = list_aggregate(list_reverse(string_split({{0}}, '')), 'string_agg', '')
starts_with(varchar, varchar) boolean = starts_with({{0}}, {{1}})
strpos(varchar, varchar) bigint = strpos({{0}}, {{1}})
substr(varchar, bigint) varchar = lake_substr({{0}}, {{1}}, 4294967295)
substr(varchar, bigint, bigint) varchar = lake_substr({{0}}, {{1}}, {{2}})
substring(varchar, bigint) varchar = lake_substr({{0}}, {{1}}, 4294967295)
substring(varchar, bigint, bigint) varchar = lake_substr({{0}}, {{1}}, {{2}})
split_part(varchar, varchar, bigint) varchar = lake_split_part({{0}}, {{1}}, {{2}})
lpad(varchar, bigint, varchar) varchar = lake_pad({{0}}, {{1}}, {{2}}, true)
rpad(varchar, bigint, varchar) varchar = lake_pad({{0}}, {{1}}, {{2}}, false)
chr(bigint) varchar = chr(CAST({{0}} AS INTEGER))
translate(varchar, varchar, varchar) varchar = translate({{0}}, {{1}}, {{2}})
levenshtein_distance(varchar, varchar) bigint = levenshtein({{0}}, {{1}})
typeof(T) varchar = TYPEOF
"""

_NUMBERS = """
abs(integer) integer = abs({0})
abs(bigint) bigint = abs({0})
abs(double) double = abs({0})
ceil(integer) integer = {0}
ceil(bigint) bigint = {0}
ceil(double) double = ceil({0})
ceiling(integer) integer = {0}
ceiling(bigint) bigint = {0}
ceiling(double) double = ceil({0})
floor(integer) integer = {0}
floor(bigint) bigint = {0}
floor(double) double = floor({0})
round(integer) integer = {0}
round(bigint) bigint = {0}
round(double) double = round({0})
truncate(double) double = trunc({0})
sign(integer) integer = CAST(sign({0}) AS INTEGER)
sign(bigint) bigint = CAST(sign({0}) AS BIGINT)
sign(double) double = CAST(sign({0}) AS DOUBLE)
exp(double) double = exp({0})
ln(double) double = CASE WHEN {0} > 0 THEN ln({0}) ELSE lake_no_log({0}) END
log2(double) double = CASE WHEN {0} > 0 THEN log2({0}) ELSE lake_no_log({0}) END
log10(double) double = CASE WHEN {0} > 0 THEN log10({0}) ELSE lake_no_log({0}) END
sqrt(double) double = CASE WHEN {0} >= 0 THEN sqrt({0}) WHEN {0} < 0 THEN CAST('NaN' AS DOUBLE) END
power(double, double) double = pow({0}, {1})
pow(double, double) double = pow({0}, {1})
pi() double = pi()
e() double = CAST('2.718281828459045' AS DOUBLE)
nan() double = CAST('NaN' AS DOUBLE)
infinity() double = CAST('Infinity' AS DOUBLE)
is_nan(double) boolean = isnan({0})
is_finite(double) boolean = isfinite({0})
is_infinite(double) boolean = isinf({0})
bitwise_and(bigint, bigint) bigint = ({0} & {1})
bitwise_or(bigint, bigint) bigint = ({0} | {1})
"""

_TIMES = """
year(date) bigint = year({0})
month(date) bigint = month({0})
day(date) bigint = day({0})
quarter(date) bigint = quarter({0})
week(date) bigint = weekofyear({0})
week_of_year(date) bigint = weekofyear({0})
year_of_week(date) bigint = isoyear({0})
yow(date) bigint = isoyear({0})
day_of_week(date) bigint = isodow({0})
dow(date) bigint = isodow({0})
day_of_year(date) bigint = dayofyear({0})
doy(date) bigint = dayofyear({0})
day_of_month(date) bigint = day({0})
last_day_of_month(date) date = last_day({0})
hour(timestamp) bigint = hour({0})
minute(timestamp) bigint = minute({0})
second(timestamp) bigint = second({0})
millisecond(timestamp) bigint = (millisecond({0}) % 1000)
to_unixtime(timestamp) double = CAST(epoch_us({0}) AS DOUBLE) / 1000000
"""

_SPREAD = ("year", "month", "day", "quarter", "week", "week_of_year", "year_of_week", "yow", "day_of_week", "dow",
           "day_of_year", "doy", "day_of_month", "last_day_of_month")  # fmt: skip


@dataclass(frozen=True)
class Form:
    """``wanted`` types of arguments; ``template`` in DuckDB's SQL."""

    wanted: tuple[str, ...]
    result: str
    template: str


@cache
def forms() -> dict[str, list[Form]]:
    """All forms by name."""
    found: dict[str, list[Form]] = {}
    for line in (*_TEXT.splitlines(), *_NUMBERS.splitlines(), *_TIMES.splitlines()):
        if line:
            head, template = line.split(" = ", 1)
            name, rest = head.split("(", 1)
            wanted, result = rest.split(") ")
            kinds = tuple(wanted.split(", ")) if wanted else ()
            found.setdefault(name, []).append(Form(kinds, result, template))
            if name in _SPREAD:  # a date, or a moment
                found[name].append(Form(("timestamp",), result, template))
    return found


def named(kind: str) -> Type:
    return t.timestamp() if kind == "timestamp" else Type(kind)


def fits(given: Type, wanted: str, by_itself: bool) -> bool:
    """Whether an argument has a type, or turns into it by itself."""
    if wanted == "T" or given == t.UNKNOWN:
        return True
    if wanted in ("varchar", "timestamp"):
        return given.name == wanted or (wanted == "timestamp" and given.name == "timestamp with time zone")
    if given.name == wanted:
        return True
    return by_itself and t.is_number(given) and t.turns_into(given, Type(wanted))
