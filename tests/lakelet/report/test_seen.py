"""The page as Chromium shows it: whole, quiet, readable by everyone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.lakelet.report import samples, spotify_samples

REPORTS = {
    "plain": samples.plain,
    "nasty": samples.nasty,
    "two sources": spotify_samples.both,
    "one without a run": spotify_samples.one_waiting,
}
LOOKS = {
    "wide": {"width": 1280},
    "dark": {"width": 1280, "dark": True},
    "phone": {"width": 320, "height": 640},
    "print": {"width": 800, "media": "print"},
}
# Text nodes whose contrast to what is behind them is under 4.5, as [contrast, text].
FAINT = """(() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(linear).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => { for (let e = node; e; e = e.parentElement) {
    const color = rgb(getComputedStyle(e).backgroundColor); if (color.length === 3 || color[3] > 0) return color; }
    return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement, style = getComputedStyle(e);
    if (!node.textContent.trim() || !e.getClientRects().length || style.fontSize === "0px") continue;
    const [a, b] = [light(rgb(style.color)), light(behind(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push([contrast.toFixed(2), node.textContent.slice(0, 40)]);
  }
  return found;
})()"""
# The same of bars and lines, which need 3: ask for a mark's own colour instead of the text's.
FAINT_MARKS = (
    FAINT.replace("SHOW_TEXT", "SHOW_ELEMENT")
    .replace("const e = node.parentElement", "const e = node")
    .replace("!node.textContent.trim()", "!e.matches('rect, polyline')")
    .replace("rgb(style.color)", "rgb(e.matches('rect') ? style.fill : style.stroke)")
    .replace("contrast < 4.5", "contrast < 3")
    .replace("node.textContent.slice(0, 40)", "e.outerHTML")
)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("report", REPORTS)
def test_it_fits_asks_for_nothing_and_has_no_error(show, report, look):
    browser = show(REPORTS[report](), **LOOKS[look])
    assert [each.partition(":")[0] for each in browser.requests] == ["file"], "only the page itself is loaded"
    assert browser.errors == []
    assert browser.js("document.title") != "broken"
    assert (
        browser.js("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        == [LOOKS[look]["width"]] * 2
    ), "it is wider than the screen"


@pytest.mark.parametrize("look", LOOKS)
def test_every_chart_can_be_seen(show, look):
    browser = show(samples.plain(), **LOOKS[look])
    sizes = browser.js(
        "[...document.querySelectorAll('figure, .tile, svg.bar, svg.plot')].map(e => e.getBoundingClientRect())"
        ".map(r => [r.width, r.height])"
    )
    assert len(sizes) == 4 + 8 + 15 + 15 + 12 + 9 + 10 + 2 + 1, "tiles, figures, bars, a line"
    assert min(min(size) for size in sizes) > 8
    (longest,) = browser.js(
        "[[...document.querySelector('figure').querySelectorAll('rect')].map(e => e.getBoundingClientRect().width)]"
    )
    assert longest == sorted(longest, reverse=True) and longest[0] > 100 and longest[-1] > 10


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("report", [spotify_samples.both, spotify_samples.one_waiting])
def test_what_is_written_and_drawn_stands_out(show, report, dark):
    browser = show(report(), dark=dark)
    assert browser.js(FAINT) == []
    assert browser.js(FAINT_MARKS) == []


def test_dark_mode_changes_the_colours_of_page_text_and_bars(show):
    looks = """[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
        getComputedStyle(document.querySelector('rect.c1')).fill]"""
    browser = show(samples.plain())
    light = browser.js(looks)
    browser.look(dark=True)
    dark = browser.js(looks)
    assert all(before != after for before, after in zip(light, dark, strict=True))
    assert sum(map(int, light[0][4:-1].split(","))) > 3 * 200 > 3 * 60 > sum(map(int, dark[0][4:-1].split(",")))


def test_a_phone_shows_text_that_can_be_read(show):
    browser = show(samples.plain(), width=320, height=640)
    smallest = browser.js("""Math.min(...[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
        && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e =>
        parseFloat(getComputedStyle(e).fontSize)))""")
    assert smallest >= 12


def test_a_screen_reader_is_told_what_the_charts_say(show):
    browser = show(samples.plain())
    told = browser.read_aloud()
    assert browser.js("document.documentElement.lang") == "en"
    headings = [name for role, name in told if role == "heading"]
    assert headings[:2] == ["Olympic athletes", "Olympic athletes"] and "The last runs" in headings
    images = [name for role, name in told if role == "image"]
    drawn = [panel.chart for panel in samples.plain().parts[0].panels if panel.chart.kind not in ("number", "table")]
    assert [name.partition(". ")[0] for name in images] == [chart.title for chart in drawn]
    assert "\u2068Athletics\u2069 has most: 2,018, 25\u00a0% of all" in images[0]
    assert {"main", "banner", "contentinfo", "region"} <= {role for role, _ in told}


def test_the_keyboard_reaches_the_charts_and_opens_their_data(show):
    browser = show(samples.plain())
    browser.press("Tab")
    assert browser.js("document.activeElement.textContent") == "To the charts"
    for _ in range(20):
        browser.press("Tab")
        if browser.js("document.activeElement.tagName") == "SUMMARY":
            break
    assert browser.js("document.activeElement.closest('details').open") is False
    browser.press("Enter")
    assert browser.js("document.activeElement.closest('details').open") is True
    rows = browser.js("document.activeElement.closest('details').querySelectorAll('tbody tr').length")
    assert rows == len(samples.SPORTS)
    browser.press("Tab")
    assert browser.js("document.activeElement.getAttribute('role')") == "region", "a long table scrolls by keyboard"


def test_a_lake_of_two_sources_has_a_way_to_each_part(show):
    browser = show(spotify_samples.both())
    assert browser.js("[...document.querySelectorAll('nav a')].map(a => a.textContent)") == [
        "Olympic athletes", "Spotify playlists", "The last runs", "Where this comes from"]  # fmt: skip
    places = browser.js("""[...document.querySelectorAll('nav a')].map(
        a => document.querySelector(a.getAttribute('href')).getBoundingClientRect().top)""")
    assert places == sorted(places) and places[0] > 0
    assert browser.js("document.querySelectorAll('nav').length") == 1
    assert show(samples.plain()).js("document.querySelectorAll('nav').length") == 0, "one part needs no way to it"


@pytest.mark.parametrize("width", [1280, 320])
def test_a_large_figure_stands_on_one_line(show, width):
    browser = show(replace(spotify_samples.both(), parts=(spotify_samples.part(),)), width=width)
    heights = browser.js("[...document.querySelectorAll('.value')].map(e => e.getBoundingClientRect().height)")
    assert len(heights) == 8 and len(set(heights)) == 1
