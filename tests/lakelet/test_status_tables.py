"""What a table's metadata says of it, and how that is shown."""

from __future__ import annotations

from typing import Any

from lakelet.status.model import QuotaStatus, SourceStatus, Status, TableStatus
from lakelet.status.render import as_text
from lakelet.status.tables import read_metadata


def snapshot(id: int, **summary: str) -> dict[str, Any]:
    return {"snapshot-id": id, "sequence-number": id, "timestamp-ms": id * 1000, "summary": summary}


def totals(**counts: int) -> dict[str, str]:
    return {f"total-{name.replace('_', '-')}": str(count) for name, count in counts.items()}


def metadata(*snapshots: dict[str, Any]) -> dict[str, Any]:
    return {"current-snapshot-id": snapshots[-1]["snapshot-id"], "snapshots": list(snapshots)}


def test_rows_that_a_delete_file_names_are_not_counted():
    has = totals(records=10, position_deletes=3, data_files=4, delete_files=2, files_size=5_000)
    found = read_metadata("songs", metadata(snapshot(1, run_id="r1", **has)))
    assert found == TableStatus("songs", 7, 4, 5_000, 1, "1", "1970-01-01T00:00:01+00:00", "r1", delete_files=2)


def test_upkeep_does_not_make_a_table_look_newer_than_its_runs():
    merged, folded = snapshot(1, run_id="r1", **totals(data_files=9)), snapshot(2, **totals(data_files=1))
    found = read_metadata("songs", metadata(merged, folded))
    assert (found.files, found.snapshot) == (1, "2")
    assert (found.newest, found.newest_run) == ("1970-01-01T00:00:01+00:00", "r1")


def test_a_table_without_a_snapshot_of_a_run_is_as_new_as_its_last():
    assert read_metadata("songs", metadata(snapshot(1), snapshot(2))).newest == "1970-01-01T00:00:02+00:00"


def text_of(table: TableStatus) -> list[str]:
    source = SourceStatus("spotify", (), (QuotaStatus(1, 60, 1, ""),), (table,), {}, ())
    return as_text(Status("here", "2026-03-02T05:00:00+00:00", False, (), (source,), (), ())).splitlines()


def test_delete_files_are_shown_where_there_are_any():
    text = "\n".join(text_of(TableStatus("songs", 7, 4, 5_000, 1, delete_files=2)))
    assert "4    5.0 kB         1  -\n    with 2 delete files to fold in\n" in text
    assert "delete file" not in "".join(text_of(TableStatus("songs", 7, 4, 5_000, 1)))
