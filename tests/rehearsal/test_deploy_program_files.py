"""Pulumi.yaml, Pulumi.<stack>.yaml and what is given on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rehearsal.deploy import DeployError
from rehearsal.deploy.program import read_program


def _folder(path: Path, project: str, stack: str = "") -> Path:
    (path / "Pulumi.yaml").write_text(project)
    (path / "Pulumi.dev.yaml").write_text(stack)
    (path / "__main__.py").write_text("")
    return path


def _refusal(folder: Path, **secrets: str) -> list[str]:
    with pytest.raises(DeployError) as refused:
        read_program(folder, "dev", {}, secrets)
    return refused.value.lines


def test_the_stack_wins_over_the_project_and_what_is_given_over_both(tmp_path: Path) -> None:
    project = "name: p\nruntime: python\nconfig:\n  a: {type: string, default: x}\n  b: {type: string, default: x}\n"
    folder = _folder(tmp_path, project + "  aws:region: eu-north-1\n", "config:\n  p:b: y\n  p:c: y\n  p:n: [1, two]\n")
    program = read_program(folder, "dev", {"c": "z"}, {"p:s": "hush"})
    assert program.config == {
        "p:a": "x", "p:b": "y", "p:c": "z", "p:s": "hush", "aws:region": "eu-north-1", "p:n": '[1, "two"]',
    }  # fmt: skip
    assert program.secret_keys == ("p:s",)


def test_an_encrypted_value_must_be_given(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "name: p\nruntime: python\n", "config:\n  p:key:\n    secure: AAAB\n")
    assert _refusal(folder) == ["Pulumi.dev.yaml: p:key is encrypted; give it with --secret p:key=..."]
    assert read_program(folder, "dev", {}, {"p:key": "k"}).config == {"p:key": "k"}


def test_main_names_a_folder_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "__main__.py").write_text("")
    for main in ("src", "src/__main__.py"):
        folder = _folder(tmp_path, f"name: p\nruntime: python\nmain: {main}\n")
        assert read_program(folder, "dev", {}, {}).entry == (tmp_path / "src" / "__main__.py").resolve()
    assert "nowhere does not exist" in _refusal(_folder(tmp_path, "name: p\nruntime: python\nmain: nowhere\n"))[0]


def test_what_is_no_python_program_is_refused(tmp_path: Path) -> None:
    assert _refusal(_folder(tmp_path, "name: p\nruntime: nodejs\n"))[0].endswith(
        "runtime is nodejs; only Python programs can be rehearsed"
    )
    assert "name is missing" in _refusal(_folder(tmp_path, "runtime: python\n"))[0]
    assert "cannot be read" in _refusal(_folder(tmp_path, "name: [\n"))[0]
    (tmp_path / "Pulumi.yaml").unlink()
    assert _refusal(tmp_path)[0].endswith("has no Pulumi.yaml: not a Pulumi program")


def test_a_stack_file_is_read_as_pulumi_reads_it(tmp_path: Path) -> None:
    """In an older YAML these were yes or no, and a number of minutes."""
    stack = "config:\n  p:when: {on: MON, at: 12:00, is: no, often: 2}\n"
    when = read_program(_folder(tmp_path, "name: p\nruntime: python\n", stack), "dev", {}, {}).config["p:when"]
    assert json.loads(when) == {"on": "MON", "at": "12:00", "is": "no", "often": 2}
