"""Pages in a folder to an Iceberg table in a folder, by everything but the job's own edge."""

from __future__ import annotations

from typing import Any

import pytest

from etl import fold, work
from etl.conserve import Counts
from etl.curation import Batch, Curated, curate_all
from etl.errors import PageDiffers, RowsNotConserved, TooManyBadRows
from etl.manifests import Manifest, Page
from etl.merge import Changed
from etl.olympics import athletes
from etl.raw import parse_records, read_records
from sources.olympics import ATHLETES, OLYMPICS

R1, R2, R3 = "20261121T050000Z", "20261122T050000Z", "20261123T050000Z"


RECORD = OLYMPICS.stream("athletes").record


class Lake:
    """A database, a raw folder, and what tests ask of them."""

    def __init__(self, spark: Any, database: str, pages: Any) -> None:
        self.spark, self.database, self.pages = spark, database, pages
        self.name = f"{database}.athletes"

    def curate(self, *runs: Manifest, along: tuple[Manifest, ...] = (), transform: Any = athletes) -> Curated:
        records = read_records(self.spark, self.pages.root, (*runs, *along), "athletes")
        rows = transform(parse_records(records, RECORD))
        batch = Batch(runs, along, {"run_id": ",".join(manifest.name.run for manifest in runs)})
        return curate_all(self.spark, self.database, {ATHLETES: rows}, batch, say=lambda _: None)[ATHLETES.name]

    def rows(self) -> list[tuple[Any, ...]]:
        found = self.spark.table(self.name).select("id", "sport", "name", "country", "source_run", "source_page")
        return sorted(tuple(row) for row in found.collect())

    def snapshots(self) -> list[Any]:
        return self.spark.table(f"{self.name}.snapshots").orderBy("committed_at").collect()

    def set_aside(self) -> list[tuple[Any, ...]]:
        return sorted(tuple(row) for row in self.spark.table(f"{self.name}_set_aside").collect())


@pytest.fixture
def lake(spark, database, pages) -> Lake:
    return Lake(spark, database, pages)


def athlete(id_: str, sport: str | None = "Judo", name: str = "Ana", country: str | None = "SWE") -> dict[str, Any]:
    return {"id": id_, "name": name, "country": country, "sport": sport}


def test_runs_into_a_table_again_and_again(lake):
    first = lake.pages.write(R1, [[athlete("1"), athlete("2", None), athlete("3", "Golf")], [athlete("1")]])
    done = lake.curate(first)
    assert done.by_run == {str(first.name): Counts(rows_in=4, merged=3, duplicates=1)}
    assert done.changed == Changed(inserted=3)
    assert lake.rows() == [
        ("1", "Judo", "Ana", "SWE", R1, 2),
        ("2", "Unknown", "Ana", "SWE", R1, 1),
        ("3", "Golf", "Ana", "SWE", R1, 1),
    ]
    assert lake.snapshots()[0].summary["run_id"] == R1

    # The same again, as a replay and as a run that brings nothing new: no commit.
    same = lake.pages.write(R2, [[athlete("3", "Golf"), athlete("1")], [athlete("2", None)]])
    for again in (first, same):
        done = lake.curate(again)
        assert (done.changed, done.snapshot, done.counts.unchanged) == (Changed(), None, 3)
    assert len(lake.snapshots()) == 1

    # One renamed, one whose sport is now known, one new: only their partitions are rewritten.
    files = {row.partition.sport: row.file_path for row in lake.spark.table(f"{lake.name}.files").collect()}
    news = lake.pages.write(
        R3, [[athlete("1", name="Åsa, 🥇"), athlete("2", "Judo"), athlete("4"), athlete("3", "Golf")]]
    )
    done = lake.curate(news)
    assert done.changed == Changed(inserted=2, updated=1, deleted=1)
    assert done.by_run[str(news.name)] == Counts(rows_in=4, merged=4, unchanged=1)
    assert [row[:5] for row in lake.rows()] == [
        ("1", "Judo", "Åsa, 🥇", "SWE", R3),
        ("2", "Judo", "Ana", "SWE", R3),
        ("3", "Golf", "Ana", "SWE", R1),
        ("4", "Judo", "Ana", "SWE", R3),
    ]
    assert done.snapshot == str(lake.snapshots()[-1].snapshot_id)
    now = {row.partition.sport: row.file_path for row in lake.spark.table(f"{lake.name}.files").collect()}
    assert (now["Golf"], set(now)) == (files["Golf"], {"Golf", "Judo"})


def test_a_late_run_is_decided_with_the_newer_ones(lake):
    first, late, newest = (
        lake.pages.write(run, [[athlete("1", name=name)]]) for run, name in zip((R1, R2, R3), "ABA", strict=True)
    )
    lake.curate(first, newest)
    done = lake.curate(late, along=(newest,))
    assert lake.rows() == [("1", "Judo", "A", "SWE", R3, 1)]
    assert done.by_run == {str(late.name): Counts(rows_in=1, merged=1)}


def test_bad_rows_are_set_aside_once(lake):
    manifest = lake.pages.write(R1, [[athlete(str(n)) for n in range(38)], [athlete("", name="No id"), None]])
    for _ in range(2):
        done = lake.curate(manifest)
        assert done.by_run[str(manifest.name)].set_aside == 2
        assert lake.set_aside() == [
            (manifest.pages[1].key, 0, 0, "no id", '{"id":"","name":"No id","country":"SWE","sport":"Judo"}', R1),
            (manifest.pages[1].key, 1, 0, "unreadable", "null", R1),
        ]
    assert lake.spark.table(f"{lake.name}_set_aside.snapshots").count() == 1


def test_a_run_with_too_many_bad_rows_is_left_out_where_it_is_read_along_and_fails_by_itself(lake):
    late = lake.pages.write(R1, [[athlete("1")]])
    bad = lake.pages.write(R2, [[athlete("2", name=" "), athlete("3", name=""), athlete("1", name="Bad")]])
    lake.curate(late, along=(bad,))
    assert (lake.rows(), lake.set_aside()) == ([("1", "Judo", "Ana", "SWE", R1, 1)], [])
    with pytest.raises(
        TooManyBadRows, match=r"2 of 3 rows are bad \(66.7%, limit 5.0%\), most often 'no name' \(2 times\)"
    ):
        lake.curate(bad)
    assert lake.rows() == [("1", "Judo", "Ana", "SWE", R1, 1)]
    assert [row[1:4] for row in lake.set_aside()] == [(0, 0, "no name"), (1, 0, "no name")]


def test_what_was_set_aside_before_a_record_could_have_several_rows_is_known(lake):
    """Such a table has no column ``element`` when the job starts, and null in the rows of old."""
    lake.spark.sql(
        f"CREATE TABLE {lake.name}_set_aside (object string, position int, reason string, record string,"
        " source_run string) USING iceberg PARTITIONED BY (source_run)"
    )
    manifest = lake.pages.write(R1, [[athlete(str(n)) for n in range(39)], [athlete("")]])
    lake.spark.sql(f"INSERT INTO {lake.name}_set_aside VALUES ('{manifest.pages[1].key}', 0, 'no id', '{{}}', '{R1}')")
    lake.curate(manifest)
    assert [row[1] for row in lake.set_aside()] == [0]


def test_a_page_that_differs_from_its_manifest_stops_the_job(lake):
    manifest = lake.pages.write(R1, [[athlete("1")]])
    promised = Manifest(manifest.name, 2, (Page(1, manifest.pages[0].key, 2),))
    with pytest.raises(PageDiffers, match="holds 1 rows, its manifest says 2"):
        lake.curate(promised)
    assert lake.rows() == []


def test_a_transform_that_loses_or_invents_rows_publishes_nothing(lake):
    manifest = lake.pages.write(R1, [[athlete("1"), athlete("2")]])
    for wrong in (lambda rows: rows.where("id <> '2'"), lambda rows: rows.unionByName(rows)):
        with pytest.raises(PageDiffers, match="unless its transform loses or invents rows"):
            lake.curate(manifest, transform=lambda records, wrong=wrong: wrong(athletes(records)))
    assert lake.rows() == []


def test_a_decision_that_loses_rows_publishes_nothing(lake, monkeypatch):
    manifest = lake.pages.write(R1, [[athlete("1"), athlete("2")]])
    decide = fold.decide
    monkeypatch.setattr(fold, "decide", lambda *given: decide(*given).where("id <> '2'"))
    with pytest.raises(RowsNotConserved, match=r"2 rows in, but 1 merged \+ 0 duplicates \+ 0 set aside = 1"):
        lake.curate(manifest)
    assert lake.rows() == []


def test_a_run_without_rows_succeeds_and_commits_nothing(lake):
    empty = lake.pages.write(R1, [])
    done = lake.curate(empty)
    assert done == Curated({str(empty.name): Counts()})
    assert lake.snapshots() == []


def test_a_manifest_that_comes_up_meanwhile_is_merged_along(lake, monkeypatch):
    """Between the listing and the commit a newer run arrives, and its job decides on the table before the commit."""
    first, late, newest = (
        lake.pages.write(run, [[athlete("1", name=name)]]) for run, name in zip((R1, R2, R3), "ABA", strict=True)
    )
    manifests = {manifest.name: manifest for manifest in (first, late, newest)}
    lake.curate(first)
    listings = iter([[], [newest.name], [newest.name]])
    monkeypatch.setattr(work, "newer_runs", lambda *_: next(listings))
    monkeypatch.setattr(work, "read_manifest", lambda _s3, _bucket, name: manifests[name])
    here = work.Lake(None, "raw", lake.pages.root, lake.database)
    done = work.curate_runs(lake.spark, here, "olympics", [late.name], {}, say=lambda _: None)["athletes"]
    assert lake.rows() == [("1", "Judo", "A", "SWE", R3, 1)]
    assert (done.changed, done.by_run) == (Changed(updated=2), {str(late.name): Counts(rows_in=1, merged=1)})
