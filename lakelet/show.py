"""An answer as a table for people, as CSV or as JSON; and what it took, in a line. Nothing here asks anything."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from lakelet.answer import Answer, is_numeric
from lakelet.cells import cell, cut, plain, size, text_of, width_of
from sources.query import Query

WIDEST_CELL = 60
NARROWEST_CELL = 6
GAP = "  "
NEAR = 0.8  # of the cut-off: from here on it is spoken of


def as_table(answer: Answer, width: int | None = None) -> str:
    """Aligned columns, numbers to the right. Long cells are cut, more of them where the table must fit a ``width``."""
    texts = [[cell(value) for value in row] for row in answer.rows]
    heads = [plain(column) for column in answer.columns]
    widths = [
        min(max(map(width_of, (head, *column))), WIDEST_CELL)
        for head, column in zip(heads, zip(*texts, strict=True) if texts else [()] * len(heads), strict=True)
    ]
    _fit(widths, width)
    right = [is_numeric(type_) for type_ in answer.types]
    lines = [_line(row, widths, right) for row in (heads, ["-" * each for each in widths], *texts)]
    count = f"({len(answer.rows):,} row{'' if len(answer.rows) == 1 else 's'})"
    return "\n".join([*lines, count] if heads else [count])


def as_csv(answer: Answer) -> str:
    """RFC 4180, as Athena writes it: all values in quotes, so that NULL, without them, is not the empty text."""
    return "".join(f"{','.join(map(_csv_cell, row))}\r\n" for row in [answer.columns, *answer.rows])


def as_json(answer: Answer, charge: Decimal | None = None, cutoff: int | None = None) -> str:
    """Numbers as numbers, decimals with all their digits; what JSON has no word for (NaN, dates) is a text."""
    names = _names_once(answer.columns)
    rows = [
        "{"
        + ", ".join(
            f"{json.dumps(name, ensure_ascii=False)}: {_json(value)}" for name, value in zip(names, row, strict=True)
        )
        + "}"
        for row in answer.rows
    ]
    head = {
        "name": answer.name,
        "columns": [{"name": name, "type": type_} for name, type_ in zip(names, answer.types, strict=True)],
        "bytes_read": answer.bytes_read,
        "charge_dollars": None if charge is None else format(charge, "f"),
        "cutoff_bytes": cutoff,
        "seconds": round(answer.seconds, 3),
        "id": answer.id,
    }
    body = "[\n    " + ",\n    ".join(rows) + "\n  ]" if rows else "[]"
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "{\n" + ",\n".join([*lines, f'  "rows": {body}']) + "\n}"


def cost_line(answer: Answer, charge: Decimal | None, cutoff: int | None, is_home: bool) -> str:
    """What was read, what that costs on AWS, how long it took; and the cut-off, where it was not far."""
    line = f"read {size(answer.bytes_read)} in {answer.seconds:.1f} s; Athena {_price(charge, is_home)}"
    if cutoff and answer.bytes_read >= NEAR * cutoff:
        line += f"; that is {answer.bytes_read / cutoff:.0%} of the workgroup's cut-off of {size(cutoff)}"
    return line


def _price(charge: Decimal | None, is_home: bool) -> str:
    if charge is None:
        return "charges for it, but its price in this region is not known here"
    if not charge:
        return "charges nothing for such a statement"
    return f"{'would charge' if is_home else 'charges'} ${charge:f} (for 10 MB at least)"


def queries_as_text(queries: Iterable[Query]) -> str:
    """What can be asked by name: what each answers, and what it takes."""
    parts = []
    for query in queries:
        takes = [
            f"    --param {each.name}={each.default if each.default is not None else '...'}  {each.text}"
            for each in query.parameters
        ]
        parts.append("\n".join([f"{query.name}\n    {query.description or 'it does not say what it answers'}", *takes]))
    return "\n".join(parts) if parts else "there are no named queries; add a file to queries/ and deploy"


def queries_as_json(queries: Iterable[Query]) -> str:
    told = [
        {
            "name": query.name,
            "description": query.description,
            "parameters": [
                {"name": each.name, "default": each.default, "text": each.text} for each in query.parameters
            ],
            "sql": query.sql,
        }
        for query in queries
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _fit(widths: list[int], width: int | None) -> None:
    """Takes from the widest columns until the line fits, or all are as narrow as they may be."""
    while width and sum(widths) + len(GAP) * (len(widths) - 1) > width and max(widths) > NARROWEST_CELL:
        widths[widths.index(max(widths))] -= 1


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for text, width, is_right in zip(cells, widths, right, strict=True):
        shown = cut(text, width)
        blank = " " * (width - width_of(shown))
        padded.append(blank + shown if is_right else shown + blank)
    return GAP.join(padded).rstrip()


def _csv_cell(value: Any) -> str:
    return "" if value is None else '"' + text_of(value).replace('"', '""') + '"'


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps("NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity"))
    is_json = isinstance(value, (int, float, str)) or value is None
    return json.dumps(value if is_json else text_of(value), ensure_ascii=False)


def _names_once(columns: Sequence[str]) -> list[str]:
    """Names for the fields of an object, where SQL lets two columns have the same."""
    names: list[str] = []
    for column in columns:
        number, name = 1, column
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names
