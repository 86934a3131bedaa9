"""The notes of a run, as the ledger keeps them."""

from __future__ import annotations

from lambdas.ledger import Ledger
from lambdas.run import AND_MORE, MOST_NOTES, NOTE_LENGTH, PageEntry, Run, noted
from sources.layout import RunName

NAME = RunName("spotify", "playlist", "20261121T050000Z")
ENTRY = PageEntry(1, "key", 7, 70, "sha", "digest", "a-playlist")


def found(ledger: Ledger) -> Run:
    run = ledger.find(NAME)
    assert run is not None
    return run


def test_each_note_is_kept_once_and_in_order() -> None:
    assert noted(["b"], ["a", "b", "a"]) == ("b", "a")
    assert noted(noted([], ["a"]), ["a"]) == ("a",)


def test_a_note_is_one_short_line() -> None:
    (note,) = noted([], ["two\nlines " + "x" * 500])
    assert len(note) == NOTE_LENGTH and note.startswith("two lines x")


def test_where_there_are_too_many_the_last_one_says_so() -> None:
    many = noted([], map(str, range(MOST_NOTES + 1)))
    assert len(many) == MOST_NOTES and many[-2:] == (str(MOST_NOTES - 2), AND_MORE)
    assert noted(many, ["another"]) == many
    assert noted([], map(str, range(MOST_NOTES))) == tuple(map(str, range(MOST_NOTES)))


def test_a_note_comes_with_the_page_that_it_is_about(ledger: Ledger) -> None:
    run = ledger.take_lease(NAME, "2026", "me", 2_000_000_000)
    run = ledger.turn_page(run, ENTRY, "2", notes=["new field x"])
    run = ledger.turn_page(run, PageEntry(2, "key", 7, 70, "sha", "digest"), "3", notes=["new field x"])
    assert run.notes == ("new field x",) == found(ledger).notes
    assert [page.part for page in ledger.pages(NAME)] == ["a-playlist", ""]


def test_a_part_ends_with_its_note_and_without_a_page(ledger: Ledger) -> None:
    run = ledger.take_lease(NAME, "2026", "me", 2_000_000_000)
    run = ledger.turn_page(run, ENTRY, "2", notes=["first"])
    run = ledger.end_part(run, "the next part", notes=["second"])
    assert (run.page, run.cursor, run.ended, run.notes) == (2, "the next part", None, ("first", "second"))
    run = ledger.end_part(run, None, "all read")
    assert (run.cursor, run.ended, run.notes) == (None, "all read", ("first", "second"))
    assert found(ledger) == run


def test_a_run_that_starts_over_has_neither_cursor_nor_notes(ledger: Ledger) -> None:
    run = ledger.take_lease(NAME, "2026", "me", 2_000_000_000)
    ledger.start_over(ledger.end_part(run, "the next part", notes=["left out"]))
    assert (found(ledger).cursor, found(ledger).notes) == (None, ())


def test_notes_stay_when_another_takes_the_run_on(ledger: Ledger) -> None:
    run = ledger.take_lease(NAME, "2026", "me", 2_000_000_000)
    ledger.wait(ledger.end_part(run, "there", notes=["left out"]), "later", 0)
    assert ledger.take_lease(NAME, "2026", "another", 2_000_000_000).notes == ("left out",)
