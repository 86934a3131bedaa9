"""Reports made by hand: one as a lake gives it, one with all that can go wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dashboards import DASHBOARDS, Chart, Dashboard, Field, Form, Kind
from lakelet.answer import Answer
from lakelet.report.model import LedgerLine, Panel, Part, Report, Snapshot

FIRST = datetime(2026, 3, 2, 5, tzinfo=UTC)
MADE = (FIRST + timedelta(days=9, minutes=7)).timestamp()
SPORTS = (
    ("Athletics", 2018), ("Swimming", 854), ("Football", 621), ("Rowing", 502), ("Hockey", 412), ("Judo", 393),
    ("Shooting", 340), ("Sailing", 330), ("Handball", 328), ("Volleyball", 288), ("Rugby Sevens", 286),
    ("Basketball", 284), ("Fencing", 264), ("Unknown", 251), ("Boxing", 248), ("Wrestling", 246),
    ("Artistic Gymnastics", 191), ("Table Tennis", 175), ("Golf", 120), ("Surfing", 48), ("Breaking", 33),
)  # fmt: skip
COUNTRIES = (
    ("USA", 648, 39), ("FRA", 606, 38), ("AUS", 477, 34), ("GER", 457, 31), ("JPN", 431, 33), ("ITA", 407, 29),
    ("CHN", 398, 36), ("ESP", 391, 28), ("GBR", 347, 26), ("CAN", 339, 27), ("BRA", 289, 30), ("NED", 285, 22),
    ("POL", 221, 20), ("NZL", 207, 19), ("HUN", 185, 17), (None, 140, 21), ("EGY", 149, 16), ("SWE", 119, 15),
    ("ALB", 8, 4), ("BHU", 3, 2),
)  # fmt: skip


def run_of(day: int) -> str:
    return (FIRST + timedelta(days=day)).strftime("%Y%m%dT%H%M%SZ")


def answer(name: str, columns: str, rows: Sequence[Sequence[Any]]) -> Answer:
    names = tuple(columns.split())
    return Answer(name, "SELECT 1", names, ("varchar",) * len(names), [tuple(row) for row in rows], 48_213, 0.2, name)


def answers() -> dict[str, Answer]:
    grown = [10_611 + 37 * day + (day % 3) * 11 for day in range(9)]
    commits = [(run_of(day), 37 + day % 3 * 11 if day else 10_611, 22 * day % 61, day % 2 * 3, grown[day])
               for day in reversed(range(9))]  # fmt: skip
    several = [
        ("Ana Žižić", "MNE", 3, "Athletics, Cycling Road, Triathlon"),
        ("O'Brien, Cáit", "IRL", 2, "Rowing, Rugby Sevens"),
        ("محمد الأمين", "EGY", 2, "Fencing, Modern Pentathlon"),
        ("Li Wei", "CHN", 2, "Open Water, Swimming"),
        ("王 小明", None, 2, "Shooting, Table Tennis"),
    ]
    return {
        "athletes_by_sport": answer("athletes_by_sport", "sport athletes", SPORTS),
        "athletes_by_country": answer("athletes_by_country", "country athletes sports", COUNTRIES),
        "countries_by_sports": answer(
            "countries_by_sports", "country sports athletes",
            sorted(((name, sports, count) for name, count, sports in COUNTRIES if name), key=lambda row: -row[1]),
        ),
        "athletes_in_several_sports": answer("athletes_in_several_sports", "name country sports sport_names", several),
        "changes_by_commit": answer("changes_by_commit", "runs inserted updated deleted athletes", commits),
        "last_run_by_sport": answer(
            "last_run_by_sport", "sport athletes new_or_changed percent",
            [(name, count, changed, Decimal("1.00")) for changed, (name, count) in zip(
                (14, 9, 7, 4, 3, 1, 1, 1, 1, *([0] * 12)), SPORTS, strict=True)],
        ),
        "set_aside_by_reason": answer(
            "set_aside_by_reason", "reason records runs last_run",
            [("name is missing", 31, 4, run_of(8)), ("id is not text", 6, 2, run_of(3))],
        ),
    }  # fmt: skip


def runs() -> tuple[LedgerLine, ...]:
    def line(day: int, state: str, cost: str | None, **counts: Any) -> LedgerLine:
        zero = dict.fromkeys(("rows_in", "inserted", "updated", "deleted", "set_aside"), 0)
        entry = {"source": "olympics", "stream": "athletes", "run": run_of(day), "state": state, "reason": "",
                 "seconds": 0.0, **zero, **counts}  # fmt: skip
        return LedgerLine(entry, Decimal(cost) if cost else None)

    return (
        line(9, "waiting", "0.0004", reason="quota: 500 of 500 calls a day are made; goes on at 2026-03-12 00:00"),
        line(8, "curated", "0.0213", rows_in=11_004, inserted=59, updated=54, set_aside=8, seconds=21.4),
        line(7, "curated", "0.0213", rows_in=10_931, inserted=48, updated=32, deleted=3, set_aside=4, seconds=19.9),
        line(6, "failed", None, rows_in=10_900, reason="athletes: 812 of 10900 rows are bad (7.4%, limit 5.0%)",
             seconds=8.1),
        line(0, "curated", "0.0298", rows_in=10_630, inserted=10_611, set_aside=19, seconds=131.2),
    )  # fmt: skip


def plain() -> Report:
    """What a healthy lake gives after nine days."""
    found, dashboard = answers(), DASHBOARDS["olympics"]
    panels = tuple(Panel(chart, found[chart.query]) for chart in dashboard.charts)
    snapshots = (
        Snapshot("athletes", 7_412_908_551_230_441_209, MADE - 3600, 10_929, run_of(8)),
        Snapshot("athletes_set_aside", 221_908_114_230_441_877, MADE - 3700, 37, run_of(8)),
    )
    note = "Rehearsed: the athletes are made up by the stand-in API, and the times are those of the rehearsal's clock."
    return Report("the lake at home", MADE, (Part(dashboard, panels),), snapshots, runs(), note)


TEXT = Field("name", "Name <b>&\"'", none="no name")
VALUE = Field("value", "Value", Form.WHOLE, adds_up=True)
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 6
NASTY_NAMES = (
    "<script>document.title='broken'</script>", '"><img src=http://127.0.0.1:9/x onerror=alert(1)>', "</style></title>",
    "O'Brien & \"Söhne\"", "🏊🏽‍♀️ 👨‍👩‍👧‍👦", "محمد الأمين", "שלום 123", "\u202eevil\u202c",
    "a\x00b\x07c\ud800d\ne", LONG, "x" * 400, "", None,
)  # fmt: skip


def panel(kind: Kind, rows: Sequence[Sequence[Any]], title: str = "A chart", fields: int = 1, **chart: Any) -> Panel:
    """A chart of one kind over rows of a name and ``fields`` values."""
    values = tuple(
        Field(f"value{number}" if number else "value", f"Value {number + 1}", Form.WHOLE, adds_up=True)
        for number in range(fields)
    )
    declared = Chart(
        title, "some_query", kind, "things", values, "Look here.", label=None if kind is Kind.NUMBER else TEXT, **chart
    )
    columns = "name " + " ".join(field.column for field in values)
    return Panel(declared, answer("some_query", columns, rows))


def nasty() -> Report:
    """Names, numbers and lengths that break pages, in charts of each kind."""
    names = [(name, 100 - 7 * at) for at, name in enumerate(NASTY_NAMES)]
    numbers = [("minus", -1234), ("zero", 0), ("none", None), ("huge", 10**30), ("vast", Decimal("1E+400")),
               ("nan", float("nan")), ("inf", float("inf")), ("tiny", Decimal("0.0001")), ("text", "many")]  # fmt: skip
    many = [(f"thing {number:05}", 10_000 - number) for number in range(10_000)]
    panels = [
        panel(kind, rows, f"{kind.value} {title}")
        for title, rows in (("names", names), ("numbers", numbers), ("many", many), ("one", many[:1]), ("empty", []))
        for kind in Kind
    ]
    negative = [(f"day {day}", day - 3, 2 - day, day * day) for day in range(6)]
    panels.append(panel(Kind.STACKED, negative, "signs", fields=3))
    panels.append(Panel(panels[0].chart, None, "Athena: <b>TABLE_NOT_FOUND</b>: " + "x" * 300))
    dashboard = Dashboard("nasty", "<i>Names</i> & " + LONG, LONG, tuple(each.chart for each in panels))
    odd = {"source": "<b>", "stream": LONG, "run": None, "state": "<u>odd</u>", "reason": NASTY_NAMES[0]}
    parts = (Part(dashboard, tuple(panels)), Part(DASHBOARDS["olympics"], ()))
    snapshot = Snapshot("<table>", 1, MADE, None)
    return Report(NASTY_NAMES[0] + LONG, MADE, parts, (snapshot,), (LedgerLine(odd),), NASTY_NAMES[1])
