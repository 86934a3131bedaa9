"""Which program a command is about: ours, or the one that it names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lakelet import lake, program
from lakelet.cli import COMMANDS, main, make_parser
from lakelet.errors import UsageError
from lakelet.place import home
from lakelet.request import Request
from sources import SOURCES
from stand_ins import DEFAULT_KEY, START


@pytest.fixture(autouse=True)
def as_before(monkeypatch) -> None:
    """What is chosen is chosen for a whole process."""
    monkeypatch.setattr(program, "_named", "")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("LAKELET_HOME")


def make_program(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: library\nruntime: python\n")
    return folder


def test_every_command_takes_another_program() -> None:
    names = [command.__name__.rsplit(".", 1)[-1] for command in COMMANDS]
    needed = {"query": ["x"], "export": ["x", "--csv", "-"], "retry": ["x"], "redrive": ["given-up"]}
    parsed = [make_parser().parse_args([name, *needed.get(name, []), "--program", "there"]) for name in names]
    assert {arguments.program for arguments in parsed} == {"there"}


@pytest.mark.parametrize("name", ["none", "empty"])
def test_what_is_no_program_is_one_line_and_exit_code_2(tmp_path, capsys, name) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["run", "--program", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        f"lakelet: --program {tmp_path / name} has no Pulumi.yaml; give the folder of a Pulumi Python program\n",
    )


def test_a_program_that_is_no_lake_is_one_line_and_exit_code_2(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path / "home"))
    there = make_program(tmp_path / "library")
    (there / "__main__.py").write_text("")
    assert main(["run", "--program", str(there)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == f"lakelet: {there} is not a lake: it must export what infra/exports.py has"


def test_its_folder_stands_first_on_the_path_and_ours_after_it(tmp_path) -> None:
    there = make_program(tmp_path / "library")
    program.choose(str(there))
    assert sys.path[:2] == [str(there), str(program.OWN)]
    assert program.folder() == there


def test_each_program_has_data_of_its_own(tmp_path, monkeypatch) -> None:
    assert home() == program.OWN / ".lakelet" / "rehearsal"
    there = make_program(tmp_path / "library")
    program.choose(str(there))
    assert home(live=True) == there / ".lakelet" / "live"
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path))
    one = home()
    program.choose(str(make_program(tmp_path / "elsewhere" / "library")))
    other = home()
    program.choose(str(program.OWN))
    assert (one.parent.parent, other.parent.parent, home().parent) == (tmp_path, tmp_path, tmp_path)
    assert one != other


def test_a_next_step_names_the_program(tmp_path, monkeypatch) -> None:
    make_program(tmp_path / "my library")
    monkeypatch.chdir(tmp_path)
    program.choose("my library")
    assert Request().command("books") == "lakelet run books --program 'my library'"


def test_a_source_without_a_stand_in_must_be_read_elsewhere(monkeypatch) -> None:
    monkeypatch.delitem(START, "spotify")
    with pytest.raises(
        UsageError, match=r"'spotify' has no stand-in: write stand_ins/spotify.py, or .* --live or --api"
    ):
        Request().chosen()
    assert [source.name for source in Request(("olympics",)).chosen()] == ["olympics"]
    elsewhere = Request(("spotify",), api="http://127.0.0.1:1")
    assert [source.name for source in elsewhere.chosen()] == ["spotify"]
    assert elsewhere.key_of("spotify") == DEFAULT_KEY


def test_nothing_is_deployed_that_would_read_its_real_api(monkeypatch) -> None:
    monkeypatch.delitem(START, "spotify")
    assert [source.name for source in lake._all(())] == ["olympics"]
    assert [source.name for source in lake._all((SOURCES["spotify"],))] == ["olympics", "spotify"]


def test_a_lake_without_sources_is_refused(monkeypatch) -> None:
    for name in reversed(list(SOURCES)):
        monkeypatch.delitem(SOURCES, name)
    with pytest.raises(UsageError, match=r"declares no source; docs/add-a-source.md says how"):
        Request().chosen()
