"""What a lake has is found by name, in the first folder on the path. Each lake is looked at in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = """
from sources.model import Api, HeaderKey, Source
{constant} = Source("{name}", Api("https://api.invalid", HeaderKey("x-key"), ()), ())
"""
STAND_IN = """
from stand_ins.api import Api
class {name}(Api): pass
"""
SHOW = "import json, sys\nfrom sources import *\n{code}\nprint(json.dumps(shown))"


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., Any]:
    """``shown("shown = ...", first={"sources/horses.py": ...})``: what the code shows, with that folder before ours."""

    def show(code: str, first: dict[str, str], then: dict[str, str] | None = None) -> Any:
        for place, files in (("first", first), ("then", then or {})):
            for name, text in files.items():
                (tmp_path / place / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / place / name).write_text(text)
        path = os.pathsep.join(map(str, (tmp_path / "first", tmp_path / "then", ROOT)))
        call = [sys.executable, "-c", SHOW.format(code=code)]
        done = subprocess.run(
            call, env={**os.environ, "PYTHONPATH": path}, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return show


def source(name: str, constant: str = "") -> str:
    return SOURCE.format(name=name, constant=constant or name.upper())


def test_the_lakes_sources_are_those_of_the_first_folder(shown) -> None:
    code = "from sources import SOURCES; shown = list(SOURCES)"
    files = {"sources/horses.py": source("horses"), "sources/cows.py": source("cows")}
    assert shown(code, files, {"sources/pigs.py": source("pigs")}) == ["cows", "horses"]


def test_without_sources_of_its_own_a_program_has_those_of_the_next_folder(shown) -> None:
    code = "from sources import SOURCES; shown = list(SOURCES)"
    first = {"etl/horses.py": ""}
    assert {"olympics", "spotify"} <= set(shown(code, first))
    assert shown(code, first, {"sources/pigs.py": source("pigs")}) == ["pigs"]


def test_what_the_other_folders_have_can_be_imported(shown) -> None:
    code = "import etl.errors, etl.horses, sources.olympics, sources.pigs; shown = sources.pigs.PIGS.name"
    first = {"etl/horses.py": "", "sources/horses.py": source("horses")}
    assert shown(code, first, {"sources/pigs.py": source("pigs")}) == "pigs"


def test_a_module_without_a_source_of_its_name_is_none(shown) -> None:
    files = {
        "sources/horses.py": source("horses"),
        "sources/cows.py": "COWS = 'moo'\n",
        "sources/pigs.py": source("pigs", constant="SWINE"),
        "sources/notes.py": "",
    }
    assert shown("from sources import SOURCES; shown = list(SOURCES)", files) == ["horses"]


def test_nobody_loads_a_source_that_was_not_asked_for(shown) -> None:
    code = "from sources import find_source; shown = [find_source('horses').name, *sorted(set(sys.modules) & {OTHERS})]"
    files = {"sources/horses.py": source("horses"), "sources/cows.py": source("cows")}
    assert shown(code.replace("{OTHERS}", "{'sources.cows', 'sources.olympics'}"), files) == ["horses"]


@pytest.mark.parametrize("name", ["olympics", "model", "pigs", "../horses", "horses.HORSES"])
def test_what_is_no_source_of_the_lake_is_refused_with_those_there_are(shown, name) -> None:
    code = f"from sources import find_source\ntry: find_source({name!r})\nexcept KeyError as error: shown = error.args"
    files = {"sources/horses.py": source("horses"), "sources/cows.py": source("cows")}
    assert shown(code, files) == [f"no source {name!r}; there are: cows, horses"]


def test_stand_ins_and_dashboards_are_found_in_the_same_way(shown) -> None:
    code = "import dashboards, stand_ins; shown = [list(stand_ins.START), list(dashboards.DASHBOARDS)]"
    files = {
        "stand_ins/race_horses.py": STAND_IN.format(name="RaceHorses"),
        "stand_ins/cows.py": STAND_IN.format(name="Herd"),
        "stand_ins/api.py": "",
        "stand_ins/__main__.py": "",
        "dashboards/horses.py": "HORSES = None\n",
    }
    assert shown(code, files) == [["race_horses"], []]
    assert shown("import stand_ins; shown = 'stand_ins.__main__' in sys.modules", files) is False
