"""A browser for the tests that look at the page as a reader would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lakelet.report.model import Report
from lakelet.report.page import page
from tests.chromium import HOW, Chromium, find

Shown = Callable[..., Chromium]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if find() is None:
        pytest.skip(HOW)
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def show(chromium: Chromium, tmp_path: Path) -> Shown:
    """``show(report, width=320, dark=True)`` opens the report's page."""

    def opened(report: Report, **how: object) -> Chromium:
        file = tmp_path / "report.html"
        file.write_text(page(report), encoding="utf-8")
        chromium.show(file, **how)  # type: ignore[arg-type]
        return chromium

    return opened
