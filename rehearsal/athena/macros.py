"""What DuckDB must be taught before a statement: small functions that answer as Trino's do."""

from __future__ import annotations

import re

WHITESPACE = (
    "chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || ' ' || "
    + " || ".join(
        f"chr({code})"
        for code in (0x1680, *range(0x2000, 0x2007), *range(0x2008, 0x200B), 0x2028, 0x2029, 0x205F, 0x3000)
    )
)

MACROS = {
    "lake_floor(x, n)": "(x - ((x % n) + n) % n) // n",
    "lake_round_time(x, u)": "make_timestamp(epoch_us(x) + u // 2 - (((epoch_us(x) + u // 2) % u) + u) % u)",
    "lake_milliseconds(a, b)": "lake_floor(epoch_us(a::TIMESTAMP), 1000) - lake_floor(epoch_us(b::TIMESTAMP), 1000)",
    "lake_digits(x)": "CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)",
    "lake_divide(a, b)": (
        "CASE WHEN b = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE a // b + "
        "CASE WHEN 2 * abs(a % b) >= abs(b) THEN sign(a)::HUGEINT * sign(b)::HUGEINT ELSE 0 END END"
    ),
    "lake_point(x, s)": (
        "CASE WHEN s = 0 THEN x::VARCHAR ELSE CASE WHEN x < 0 THEN '-' ELSE '' END "
        "|| left(lpad(abs(x)::VARCHAR, greatest(s + 1, length(abs(x)::VARCHAR))::INTEGER, '0'), -s) || '.' "
        "|| right(lpad(abs(x)::VARCHAR, greatest(s + 1, length(abs(x)::VARCHAR))::INTEGER, '0'), s) END"
    ),
    "lake_substr(s, n, l)": (
        "CASE WHEN s IS NULL OR n IS NULL OR l IS NULL THEN NULL WHEN n = 0 OR l <= 0 OR abs(n) > length(s) THEN '' "
        "WHEN n > 0 THEN substring(s, n, l) ELSE substring(s, length(s) + n + 1, l) END"
    ),
    "lake_replace(s, a, b)": (
        "CASE WHEN a = '' THEN error('cannot be rehearsed: replace() of an empty string') ELSE replace(s, a, b) END"
    ),
    "lake_no_log(x)": "CASE WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN x IS NOT NULL THEN CAST('NaN' AS "
    "DOUBLE) END",
    "lake_split_part(s, d, n)": (
        "CASE WHEN n <= 0 THEN error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') "
        "WHEN d = '' THEN CASE WHEN n > length(s) THEN NULL ELSE substring(s, n, 1) END "
        "ELSE list_extract(string_split(s, d), n) END"
    ),
    "lake_at(a, i)": (
        "CASE WHEN i = 0 THEN error('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') "
        "WHEN i < 0 THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript is negative: ' || i) "
        "WHEN i > len(a) THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array "
        "length: ' || i || ' > ' || len(a)) ELSE list_extract(a, i) END"
    ),
    "lake_element_at(a, i)": (
        "CASE WHEN i = 0 THEN error('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') "
        "ELSE list_extract(a, i) END"
    ),
    "lake_months_forward(a, b)": (
        "date_diff('month', a, b) - CASE WHEN a + to_months(date_diff('month', a, b)::INTEGER) > b THEN 1 ELSE 0 END"
    ),
    "lake_whole_months(a, b)": "CASE WHEN a <= b THEN lake_months_forward(a, b) ELSE -lake_months_forward(b, a) END",
    "lake_pad(s, n, p, toleft)": (
        "CASE WHEN n < 0 THEN error('INVALID_FUNCTION_ARGUMENT: Target length must be in the range [0..2147483647]') "
        "WHEN p = '' THEN error('INVALID_FUNCTION_ARGUMENT: Padding string must not be empty') "
        "WHEN toleft THEN lpad(s, n::INTEGER, p) ELSE rpad(s, n::INTEGER, p) END"
    ),
}
_BY_NAME = {head.partition("(")[0]: (head, body) for head, body in MACROS.items()}
_MENTION = re.compile(r"lake_\w+")


def definitions(sql: str) -> str:
    """The statements that teach DuckDB what one query needs, and no more: each takes its time."""
    needed: dict[str, None] = {}
    waiting = _MENTION.findall(sql)
    while waiting:
        name = waiting.pop()
        if name in _BY_NAME:
            needed.pop(name, None)  # what it is made of must come before it
            needed[name] = None
            waiting += _MENTION.findall(_BY_NAME[name][1])
    return "; ".join(f"CREATE TEMP MACRO {_BY_NAME[name][0]} AS ({_BY_NAME[name][1]})" for name in reversed(needed))
