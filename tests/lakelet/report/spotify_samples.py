"""What the queries of playlists answer after some weeks, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from dashboards import DASHBOARDS
from lakelet.answer import Answer
from lakelet.report.model import LedgerLine, Panel, Part, Report, Snapshot, Waiting
from tests.lakelet.report import samples
from tests.lakelet.report.samples import answer, run_of

FIRST, SECOND = "3cEYpjA9oz9GiPac4AsH4n", "37i9dQZF1DX0XUsuxWHRQd"
TRACKS = (
    ("Golden Harbour", "Ada Bergström", "Golden Harbour", 97),
    ('She Said "River"', "Björk Xu, Tomasz Vega", "Paper Kites", 95),
    ("Fjord, Velvet, Fjord", "Fern, Moss & Lichen", "Été", 91),
    ("最後の手紙", "東京ラジオ", "夏の花火", 88),
    ("آخر ليل", "فرقة البحر", "آخر ليل", 86),
    ("Última Corazón", "Lúcia Castaño, Quim Vega, Inês Ferreira", "Saudade", 84),
    ("#1 Dust (100 % Größte)", "Otto \"Ohm\" Ott", None, 84),
    ("Silent\nWinter", "Gösta Håkansson", "Silent Winter", 80),
    ("Ночная Звезда", "Oleksandr Ivanova", "Ночная Звезда", 77),
    ("Neon Engine 🎷🔥", "Wen Zhang", "Neon", 77),
)  # fmt: skip
ARTISTS = tuple((artist.partition(", ")[0] if "Moss" not in artist else artist) for _, artist, _, _ in TRACKS)


def answers() -> dict[str, Answer]:
    grown = [118 + 3 * day - day % 4 for day in range(9)]
    return {
        "track_durations": answer(
            "track_durations", "tracks average_seconds shortest_seconds longest_seconds",
            [(142, Decimal("213.408"), Decimal("61.020"), Decimal("512.933"))],
        ),
        "artists_by_songs": answer(
            "artists_by_songs", "artist songs", [(name, max(12 - 2 * at, 1)) for at, name in enumerate(ARTISTS)] +
            [(f"{name} Xu", 1) for name in ("Ada", "Femi", "Hanae", "Khalid", "Niamh")],
        ),
        "popularity_by_artist": answer(
            "popularity_by_artist", "artist popularity",
            [(name, Decimal(97 - 6 * at) + Decimal("0.25")) for at, name in enumerate(ARTISTS)] +
            [("NaN (7oPftvlwr6VrsViSDV7fJY)", Decimal("30.00")), ("NaN (0Cp8WN4V8Tu4QJQwCN5Md4)", Decimal("0.00"))],
        ),
        "playlist_changes_by_run": answer(
            "playlist_changes_by_run", "run songs entered gone",
            [(run_of(day), grown[day], 0 if not day else 3 + day % 3, 0 if not day else day % 4)
             for day in reversed(range(9))],
        ),
        "entries_set_aside_by_reason": answer(
            "entries_set_aside_by_reason", "reason kind records",
            [("local file", "no song", 4), ("episode", "no song", 2), ("song_id is missing", "bad record", 1)],
        ),
        "playlists_now": answer(
            "playlists_now", "playlist_id songs artists minutes popularity last_added",
            [(FIRST, 125, 98, 441, Decimal("58.31"), datetime(2026, 3, 10, 19, 4, tzinfo=UTC)),
             (SECOND, 31, 30, 109, None, None)],
        ),
        "top_tracks_with_artists_and_album": answer(
            "top_tracks_with_artists_and_album", "track artists album popularity",
            TRACKS,
        ),
        "songs_entered_and_left": answer(
            "songs_entered_and_left", "track artist change popularity playlist_id",
            [(track, artist, "entered" if at < 5 else "left", popularity, SECOND if at == 4 else FIRST)
             for at, (track, artist, _, popularity) in enumerate(TRACKS[:8])] + [(None, None, "left", None, FIRST)],
        ),
        "additions_by_month": answer(
            "additions_by_month", "month entries",
            [("2026-03", 9), ("2026-02", 31), ("2026-01", 12), ("2025-12", 44), ("2025-08", 27), ("2024-11", 33),
             (None, 3)],
        ),
        "songs_on_several_playlists": answer(
            "songs_on_several_playlists", "track artist playlists popularity",
            [(track, artist, 2, popularity) for track, artist, _, popularity in TRACKS[2:6]],
        ),
        "top_played_movers": answer(
            "top_played_movers", "track artist popularity_before popularity change",
            [(track, artist, popularity - (14 - 4 * at), popularity, 14 - 4 * at)
             for at, (track, artist, _, popularity) in enumerate(TRACKS[:9])],
        ),
        "popular_now": answer(
            "popular_now", "track artist album popularity", TRACKS,
        ),
    }  # fmt: skip


def part() -> Part:
    found, dashboard = answers(), DASHBOARDS["spotify"]
    return Part(dashboard, tuple(Panel(chart, found[chart.query]) for chart in dashboard.charts))


def both() -> Report:
    """Two sources in one lake."""
    olympics = samples.plain()
    zero = dict.fromkeys(("inserted", "updated", "deleted", "set_aside"), 0)
    notes = f"playlist {SECOND} was left out: it answered 404; new field items[].item.isrc, a text"
    entry = {"source": "spotify", "stream": "playlist", "run": run_of(8), "state": "curated", "reason": "",
             "notes": notes, "seconds": 12.5, **zero, "rows_in": 132}  # fmt: skip
    return replace(
        olympics,
        parts=(*olympics.parts, part()),
        snapshots=(*olympics.snapshots, Snapshot("songs", 1_209_811, samples.MADE - 3500, 161, run_of(8))),
        runs=(LedgerLine(entry, Decimal("0.0187")), *olympics.runs),
    )


def one_waiting() -> Report:
    """The second source has no run yet."""
    panels = tuple(replace(panel, answer=None, problem="no table", is_fault=False) for panel in part().panels)
    waiting = Part(DASHBOARDS["spotify"], panels, Waiting("No run came yet. Make the first:", "lakelet run spotify"))
    olympics = samples.plain()
    return replace(olympics, parts=(*olympics.parts, waiting))
