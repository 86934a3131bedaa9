"""The page on settings is what the code reads, and its examples can be used as they stand."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra import chosen, settings
from sources import SOURCES
from sources.configured import configured
from sources.model import Weekly
from sources.olympics import OLYMPICS
from sources.spotify import SPOTIFY

PAGE = (Path(__file__).resolve().parents[2] / "docs/settings.md").read_text(encoding="utf-8")
BY_NAME = r'(?:values\.\w+|get|api_urls|structure)\(\s*"(\w+)"'


def test_every_setting_that_is_read_is_on_the_page_and_no_other():
    read = re.findall(BY_NAME, inspect.getsource(settings.read) + inspect.getsource(chosen))
    shown = re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)
    own = [name for name in shown if name not in SOURCES and name != "spotify"]
    assert sorted(own) == sorted(read)


def test_every_option_of_every_source_is_on_the_page():
    options = [(source.name, option) for source in (OLYMPICS, SPOTIFY) for option in source.options]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(.*?)` \| (.*) \|$", PAGE, flags=re.MULTILINE)
    assert sorted(rows) == sorted((source, each.name, default(each.default), each.text) for source, each in options)


def default(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"


def test_the_example_is_taken_as_it_stands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SOURCES, "spotify", SPOTIFY)
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    said: dict[str, Any] = yaml.safe_load(example)["config"]
    texts = {"protectData": "false", "spotify": json.dumps(said["lakelet:spotify"])}
    *_, found = settings.read("dev", texts.get).sources
    assert found == configured(SPOTIFY, said["lakelet:spotify"])
    playlist, popular = found.streams
    assert (playlist.parts, popular.parts) == (("3cEYpjA9oz9GiPac4AsH4n",), ("2022-2023", "2024"))
    assert popular.schedule == Weekly("MON", "06:00", zone="Europe/Stockholm")
