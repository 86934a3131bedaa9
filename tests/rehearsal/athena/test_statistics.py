from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rehearsal.athena.prune import Bound
from rehearsal.athena.statistics import may_match

ROWS = pa.table({"n": [*range(10), *range(10, 20), *[None] * 10], "s": [*"a" * 10, *"b" * 10, *"c" * 10]})


@pytest.fixture(scope="module")
def footer():
    """Three row groups of ten: n is 0-9, 10-19, and nothing but NULL; s is a, b, c."""
    sink = pa.BufferOutputStream()
    pq.write_table(ROWS, sink, row_group_size=10)
    return pq.read_metadata(pa.BufferReader(sink.getvalue()))


def kept(footer, bound):
    groups = [footer.row_group(position) for position in range(footer.num_row_groups)]
    found = [{"n": group.column(0).statistics, "s": group.column(1).statistics} for group in groups]
    return [
        i for i, (group, known) in enumerate(zip(groups, found, strict=True)) if may_match(bound, known, group.num_rows)
    ]


@pytest.mark.parametrize(
    ("kind", "values", "groups"),
    [
        ("=", (10,), [1]), ("<>", (10,), [0, 1]), ("<", (10,), [0]), ("<", (0,), []), ("<=", (10,), [0, 1]),
        (">", (9,), [1]), (">=", (9,), [0, 1]), (">", (19,), []), ("in", (3, 40), [0]), ("null", (), [2]),
        ("not null", (), [0, 1]), ("=", ("of another kind",), [0, 1]),
    ],
)  # fmt: skip
def test_a_row_group_is_left_out_only_where_no_row_can_match(footer, kind, values, groups):
    assert kept(footer, Bound(kind, None, "n", values)) == groups


def test_conditions_are_joined(footer):
    low, b = Bound("<", None, "n", (5,)), Bound("=", None, "s", ("b",))
    assert kept(footer, Bound("and", parts=(low, b))) == []
    assert kept(footer, Bound("or", parts=(low, b))) == [0, 1]
    assert kept(footer, Bound("=", None, "unknown", (1,))) == [0, 1, 2]
    assert kept(footer, Bound("<>", None, "s", ("b",))) == [0, 2]
