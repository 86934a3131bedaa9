"""Sentences and figures computed from the data."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dashboards import Chart, Field, Fold, Form, Kind
from lakelet.report.series import ColumnMissing, Series, series_of
from lakelet.report.words import caption, cut_at, in_order, rest
from lakelet.report.writing import as_moment, as_number, short, written

SPORT = Field("sport", "Sport", none="no sport", stand_in="Unknown")
COUNT = Field("athletes", "Athletes", Form.WHOLE, adds_up=True)


def series(rows, kind=Kind.BAR, label=SPORT, values=(COUNT,), **chart):
    declared = Chart("Athletes", "q", kind, "sports", values, "See.", label=label, **chart)
    columns = [field.column for field in declared.fields]
    return series_of(declared, columns, rows)


def plain(text):
    return text.replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ").replace("\u2011", "-")


SAID = {
    "none": ([], "There are no sports yet."),
    "one": ([("Judo", 12)], "One of the sports: Judo with 12."),
    "all the same": ([("Judo", 2), ("Golf", 2)], "All 2 sports have 2."),
    "few": ([("Judo", 60), ("Golf", 40)], "Of 2 sports, Judo has most: 60, 60 % of all. Golf has fewest: 40."),
    "ties": (
        [("Judo", 5), ("Golf", 5), ("Chess", 1), ("Darts", 1), ("Polo", 1)],
        "Of 5 sports, Judo and 1 more have most: 5, 38 % of all. Chess and 2 more have fewest: 1.",
    ),
    "a middle": (
        [("A", 9), ("B", 5), ("C", 4), ("D", 2), ("E", 1)],
        "Of 5 sports, A has most: 9, 43 % of all. E has fewest: 1. Half have 4 or more.",
    ),
    "nobody": (
        [("Unknown", 90), ("Judo", 6), (None, 4)],
        "One of the sports: Judo with 6. A further 90 stand under Unknown. A further 4 stand under no sport.",
    ),
    "unsorted": ([("Golf", 1), ("Judo", 99)], "Of 2 sports, Judo has most: 99, 99 % of all. Golf has fewest: 1."),
    "negative": ([("Golf", -1), ("Judo", 9)], "Of 2 sports, Judo has most: 9. Golf has fewest: −1."),
    "no values": ([("Golf", None), ("Judo", "x")], "2 sports, none of them with a value."),
    "tiny share": ([("A", 0), ("B", 0), ("C", 0)], "All 3 sports have 0."),
}


@pytest.mark.parametrize("case", SAID)
def test_a_bar_chart_says_most_fewest_and_middle(case):
    rows, said = SAID[case]
    assert plain(caption(series(rows))) == said


def test_measures_that_are_no_counts_are_high_and_low():
    mean = Field("mean", "Mean", Form.DECIMAL)
    said = plain(caption(series([("Judo", Decimal("9.5")), ("Golf", Decimal(3))], values=(mean,))))
    assert said == "Of 2 sports, Judo has the highest: 9.50. Golf has the lowest: 3.00."


def test_a_name_in_a_sentence_cannot_turn_the_sentence_around():
    said = caption(series([("\u202eשלום\u2069", 2)]))
    assert said == "One of the sports: \u2068שלום\u2069 with 2."


def test_a_long_name_is_short_in_a_sentence():
    assert len(caption(series([("x" * 500, 2)]))) < 110


def test_a_line_says_where_it_ends_and_where_it_began():
    run = Field("run", "Run", Form.RUN)
    rows = [("20260304T050000Z", 9), ("20260302T050000Z", 12), ("20260303T050000Z", None)]
    assert plain(caption(series(rows, Kind.LINE, run))) == (
        "9 athletes at 2026-03-04 05:00, 3 fewer than at 2026-03-02 05:00, 2 points in all."
    )
    assert plain(caption(series(rows[:1], Kind.LINE, run))) == "One point so far: 9 athletes at 2026-03-04 05:00."
    assert in_order(series(rows, Kind.LINE, run)).labels == tuple(sorted(run for run, _ in rows))


def test_a_line_over_no_times_keeps_the_order_of_the_answer():
    assert in_order(series([("b", 1), ("a", 2)], Kind.LINE)).labels == ("b", "a")


def test_a_stack_says_the_sums_of_its_parts():
    parts = (Field("new", "New", Form.WHOLE), Field("gone", "Gone", Form.WHOLE))
    assert caption(series([("a", 3, 1), ("b", 4, None)], Kind.STACKED, values=parts)) == (
        "2 sports, together 7 new and 1 gone."
    )


def test_a_bar_that_hides_all_others_is_cut_and_that_is_said():
    long = series([("first", 1000), ("second", 8), ("third", 4)], Kind.STACKED)
    assert cut_at(long) == 10
    assert caption(long).endswith("The longest bar is cut, so that the others can be seen.")
    assert cut_at(series([("first", 60), ("second", 8)], Kind.STACKED)) is None
    assert cut_at(series([("first", 1000), ("second", -8)], Kind.STACKED)) is None
    assert cut_at(series([("first", 1000), ("second", 8)], Kind.BAR)) is None, "bars are for comparing"


def test_what_is_not_drawn_is_counted():
    many = series([(f"s{at}", 100 - at) for at in range(5)], top=2)
    assert rest(many) == "and 3 more, together 291"
    assert rest(series([("a", 1), ("b", 2)], top=2)) == ""


FIGURES = {
    Fold.SUM: (Decimal(7), Decimal(0)),
    Fold.COUNT: (3, 0),
    Fold.FIRST: (4, None),
}


@pytest.mark.parametrize("fold", FIGURES)
def test_a_number_is_the_sum_the_count_or_the_first(fold):
    rows = [(4,), (None,), (3,)]
    found = [series(each, Kind.NUMBER, None, fold=fold).figure() for each in (rows, [])]
    assert tuple(found) == FIGURES[fold]


def test_a_column_that_the_query_does_not_give_is_named():
    chart = Chart("t", "by_sport", Kind.BAR, "sports", (COUNT,), "See.", label=SPORT)
    with pytest.raises(ColumnMissing, match="query by_sport gives no column athletes; it gives sport, n"):
        series_of(chart, ("sport", "n"), [])


def test_columns_are_found_by_name_wherever_they_stand():
    chart = Chart("t", "q", Kind.BAR, "sports", (COUNT,), "See.", label=SPORT)
    found = series_of(chart, ("athletes", "x", "sport"), [(7, None, "Judo")])
    assert found == Series(chart, ("Judo",), ((7,),))


WRITTEN = [
    (None, Form.WHOLE, "–"),
    (0, Form.WHOLE, "0"),
    (1234567, Form.WHOLE, "1,234,567"),
    (-1234, Form.WHOLE, "−1,234"),
    (Decimal("1234.50"), Form.DECIMAL, "1,234.50"),
    (2 / 3, Form.DECIMAL, "0.67"),
    (Decimal("12.5"), Form.PERCENT, "12.50 %"),
    (float("nan"), Form.DECIMAL, "nan"),
    ("many", Form.WHOLE, "many"),
    (True, Form.WHOLE, "True"),
    (9.96, Form.SECONDS, "10.0 s"),
    (131.4, Form.SECONDS, "2 min 11 s"),
    (999, Form.BYTES, "999 bytes"),
    (48_213, Form.BYTES, "48.2 kB"),
    (5 * 10**15, Form.BYTES, "5,000.0 TB"),
    ("20260302T050000Z", Form.RUN, "2026-03-02 05:00"),
    ("20260302T050000Z,20260303T050000Z", Form.RUN, "2026-03-03 05:00 + 1"),
    ("99999999T999999Z", Form.RUN, "99999999T999999Z"),
    ("", Form.RUN, ""),
    (date(2026, 3, 2), Form.MOMENT, "2026-03-02"),
    (datetime(2026, 3, 2, 5, tzinfo=UTC), Form.MOMENT, "2026-03-02 05:00"),
    (5, Form.TEXT, "5"),
]


@pytest.mark.parametrize(("value", "form", "text"), WRITTEN)
def test_values_are_written_for_a_reader(value, form, text):
    assert written(value, form).replace("\u00a0", " ") == text


def test_a_huge_number_is_written_by_its_power_of_ten():
    assert short(-(10**30), Form.WHOLE).replace("\u00a0", " ") == "−1.00 × 10³⁰"
    assert written(10**30, Form.WHOLE) == "1" + ",000" * 10
    assert written(Decimal("1E+400"), Form.DECIMAL).replace("\u00a0", " ") == "1.00 × 10⁴⁰⁰"


def test_only_numbers_are_drawn():
    assert [as_number(value) for value in (1, 0.1, Decimal("2.5"), True, "1", None, float("inf"), Decimal("NaN"))] == [
        1, Decimal("0.1"), Decimal("2.5"), None, None, None, None, None,
    ]  # fmt: skip


def test_times_are_told_from_other_texts():
    assert as_moment("2026-03-02T06:00:00+01:00") == datetime(2026, 3, 2, 5, tzinfo=UTC)
    assert [as_moment(text) for text in ("Judo", "2026", "", None, 5)] == [None] * 5
