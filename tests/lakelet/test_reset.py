from __future__ import annotations

from pathlib import Path

import pytest

from lakelet.place import home
from lakelet.reset import reset


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    folder = home()
    folder.mkdir(parents=True)
    (folder / "lake.db").write_bytes(b"x" * 2_500_000)
    return folder


@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_whoever_does_not_agree_keeps_the_lake(lake, answer) -> None:
    asked: list[str] = []
    assert reset(live=False, is_sure=False, ask=lambda text: asked.append(text) or answer) == "nothing was removed"
    assert asked == [f"remove {lake} (2.5 MB) with all that it holds? [y/N] "]
    assert lake.exists()


def test_whoever_agrees_does_not(lake) -> None:
    assert reset(live=False, is_sure=False, ask=lambda _: "yes") == f"removed {lake} (2.5 MB)"
    assert not lake.exists()


def test_the_lake_that_was_fetched_live_is_another_one(lake) -> None:
    assert reset(live=True, is_sure=True) == f"there is no lake in {home(live=True)}; nothing was removed"
    assert lake.exists()
