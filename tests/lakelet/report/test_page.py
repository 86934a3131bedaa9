"""The file itself: the same bytes each time, whole whatever comes into it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from dashboards import Kind
from lakelet.errors import UsageError
from lakelet.report.figures import SHOWN_ROWS
from lakelet.report.markup import Markup, clean, element, isolated
from lakelet.report.model import LedgerLine, Panel, Part, Report
from lakelet.report.page import page
from lakelet.report.store import default_path, path_for, store
from tests.lakelet.report import samples, spotify_samples

VOID = {"meta", "link", "br", "rect", "line", "path", "polyline"}


class Outline(HTMLParser):
    """The elements of a page, and whether they close what they opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def only(*panels: Panel) -> Report:
    dashboard = samples.plain().parts[0].dashboard
    return replace(samples.plain(), parts=(Part(dashboard, panels),))


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ")


@pytest.mark.parametrize("make", [samples.plain, samples.nasty])
def test_the_same_report_gives_the_same_bytes(make):
    assert page(make()).encode() == page(make()).encode()


@pytest.mark.parametrize("make", [samples.plain, samples.nasty])
def test_every_element_is_closed_and_nothing_can_run_or_load(make):
    outline = Outline(page(make()))
    assert outline.open == []
    tags = {tag for tag, _ in outline.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "base", "form", "u", "b", "i"}
    for _, attributes in outline.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes[ref] for _, attributes in outline.elements for ref in ("aria-labelledby",) if ref in attributes
            } <= set(ids)  # fmt: skip


def test_the_style_loads_nothing():
    assert not re.search(
        r"url\(|@import|https?:", page(samples.plain()).partition("</style>")[0].partition("<style>")[2]
    )


def test_it_says_when_and_from_which_snapshots_it_was_made():
    text = text_of(page(samples.plain()))
    assert "11 March 2026, 05:07 UTC" in text
    assert "7412908551230441209" in text and "10,929" in text
    assert "Rehearsed: the athletes are made up" in text
    assert "written to while it was asked" not in text
    assert "written to while it was asked" in text_of(page(replace(samples.plain(), moved=True)))


def test_the_last_runs_have_their_state_reason_rows_time_and_cost():
    rows = re.findall(r"<tr>.*?</tr>", page(samples.plain()).partition('id="runs"')[2].partition("</section>")[0])
    lines = [" ".join(text_of(row).split()) for row in rows]
    assert lines[0] == "Run State Stream Rows read New Changed Taken away Set aside Job took Would cost"
    assert lines[1].startswith("2026-03-11 05:00 … waiting quota: 500 of 500 calls")
    assert lines[1].endswith("– – – – – – $0.0004"), "what is not known yet is no 0"
    assert lines[2] == "2026-03-10 05:00 ✓ curated olympics/athletes 11,004 59 54 0 8 21.4 s $0.0213"
    assert "✗ failed athletes: 812 of 10900 rows are bad" in lines[4] and lines[4].endswith("8.1 s –")


def test_a_run_has_its_notes_with_it():
    row = page(spotify_samples.both()).partition('id="runs"')[2].partition("</tr>")[2].partition("</tr>")[0]
    assert "left out: it answered 404; new field items[].item.isrc, a text" in text_of(row)


def test_without_any_price_there_is_no_column_for_it():
    runs = tuple(LedgerLine(line.entry) for line in samples.runs())
    assert "Would cost" not in page(replace(samples.plain(), runs=runs))
    assert "Would cost" in page(replace(samples.plain(), runs=(LedgerLine(runs[0].entry, Decimal(0)),)))


def test_a_lake_without_runs_or_tables_says_so():
    text = text_of(page(replace(samples.plain(), runs=(), snapshots=())))
    assert "No run has come so far" in text and "No table has been made yet" in text


def test_all_names_come_out_as_they_are():
    rows = [(name, 1) for name in samples.NASTY_NAMES]
    shown = page(only(samples.panel(Kind.TABLE, rows, top=20)))
    table = shown.partition("<table>")[2].partition("</table>")[0]
    assert "&lt;script&gt;document.title=&#x27;broken&#x27;&lt;/script&gt;" in table
    assert "O&#x27;Brien &amp; &quot;Söhne&quot;" in table
    assert "🏊🏽‍♀️ 👨‍👩‍👧‍👦" in table and "محمد الأمين" in table and samples.LONG.strip() in table
    assert "a\ufffdb\ufffdc\ufffdd e" in table and "(empty)" in table and "<em>no name</em>" in table


def test_of_many_rows_the_first_are_drawn_and_the_rest_is_counted():
    rows = [(f"thing {number:05}", 10_000 - number) for number in range(10_000)]
    shown = page(only(samples.panel(Kind.BAR, rows, top=15)))
    figure = shown.partition("<figure")[2].partition("</figure>")[0]
    assert figure.count('class="bar"') == 15 and "and 9,985 more, together 49,855,105" in figure
    assert figure.count('<th scope="row">') == SHOWN_ROWS
    assert f"and {10_000 - SHOWN_ROWS:,} more; all of them: lakelet query some_query" in figure
    assert len(shown) < 100_000


@pytest.mark.parametrize("kind", list(Kind))
def test_no_rows_one_row_and_rows_without_values_are_said(kind):
    for rows in ([], [("one", 1)], [("none", None)]):
        outline = Outline(page(only(samples.panel(kind, rows))))
        assert outline.open == []
    empty = text_of(page(only(samples.panel(kind, []))))
    assert "There are no things yet." in empty or kind is Kind.NUMBER


def test_a_query_that_failed_is_told_in_its_place_and_the_rest_stands():
    good, bad = samples.panel(Kind.BAR, [("a", 1)], "Good"), samples.panel(Kind.BAR, [], "Bad")
    failed = replace(bad, answer=None, problem="some_query: Athena: <b>no</b>")
    report = only(good, failed)
    shown = page(report)
    assert '<p class="problem">some_query: Athena: &lt;b&gt;no&lt;/b&gt;</p>' in shown
    assert shown.count('class="bar"') == 1
    assert report.problems == ["some_query: Athena: <b>no</b>"]


def test_a_table_that_was_never_made_is_no_fault():
    chart = next(panel.chart for panel in samples.plain().parts[0].panels if panel.chart.title == "Set aside")
    report = only(Panel(chart, None, chart.untouched, is_fault=False))
    assert '<span class="value">0</span>' in page(report) and report.problems == []


def test_charts_whose_tables_are_to_come_are_named_and_not_drawn():
    good, later = samples.panel(Kind.BAR, [("a", 1)], "Good"), samples.panel(Kind.BAR, [], "Later")
    tile = samples.panel(Kind.NUMBER, [], "Tile")
    report = only(good, *(replace(each, answer=None, problem="no table", is_fault=False) for each in (later, tile)))
    shown = page(report)
    assert "To come, once a run has made their tables: Later, Tile." in text_of(shown)
    assert shown.count("<figure") == 1 and "no table" not in shown and report.problems == []


def test_a_source_that_waits_says_so_instead_of_its_charts():
    part = spotify_samples.one_waiting().parts[1]
    for report in (spotify_samples.one_waiting(), replace(samples.plain(), parts=(part,))):
        section = page(report).partition('<section id="spotify"')[2].partition("</section>")[0]
        assert "Make the first: <code>lakelet run spotify</code>" in section
        assert "<figure" not in section and "tile" not in section


def test_a_lake_without_a_dashboard_still_has_its_runs():
    text = text_of(page(replace(samples.plain(), parts=())))
    assert "What the lake holds" in text and "olympics/athletes" in text


def test_a_table_of_many_columns_takes_a_whole_row():
    panels = [samples.panel(Kind.TABLE, [("a", *range(fields))], f"{fields}", fields=fields) for fields in (4, 5, 4)]
    titles = re.findall(r'<figure class="wide" aria-labelledby="chart-(\d)"', page(only(*panels, panels[0])))
    assert titles == ["1", "2"], "the second, and the first that stands alone before it"


def test_a_column_that_is_missing_is_told_in_its_place():
    broken = replace(samples.panel(Kind.BAR, []), answer=samples.answer("some_query", "other", []))
    assert "query some_query gives no column name, value" in page(only(broken))


def test_markup_escapes_all_that_is_not_markup():
    assert element("p", "<b>", Markup("<i></i>"), title='"', hidden=True, lang=None) == (
        '<p title="&quot;" hidden>&lt;b&gt;<i></i></p>'
    )
    assert clean("a\x00\ud800\u2028b") == "a\ufffd\ufffd b"
    assert isolated("a\u2069b\u202e") == "\u2068ab\u2069"


def test_the_page_is_put_there_in_one_go(tmp_path):
    made = store("first", tmp_path / "new" / "page.html")
    assert store("sécond", made) == made and made.read_text(encoding="utf-8") == "sécond"
    assert [file.name for file in made.parent.iterdir()] == ["page.html"]


def test_a_folder_is_refused_before_anything_is_asked(tmp_path):
    with pytest.raises(UsageError, match=r"is a folder; name a file"):
        path_for(tmp_path, None, live=False)
    assert path_for(tmp_path / "page.html", "dev", live=False) == tmp_path / "page.html"


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    made = store("old", tmp_path / "page.html")
    with pytest.raises(UnicodeEncodeError):
        store("half \ud800", made)
    assert made.read_text() == "old" and [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_each_lake_has_its_own_page(monkeypatch, tmp_path):
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path))
    assert default_path(None, live=False) == tmp_path / "rehearsal" / "report.html"
    assert default_path(None, live=True) == tmp_path / "live" / "report.html"
    assert default_path("org/lake/dev", live=False) == tmp_path / "stack-org-lake-dev" / "report.html"
