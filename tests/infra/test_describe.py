"""The page on components is what the code says, and its example declares what it says it does."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field, fields

import pulumi
import pytest

import infra
from infra import components, describe
from infra.describe import BEGIN, PAGE, ROOT, arguments, described, main, page


@dataclass(frozen=True)
class BookArgs:
    """A book."""

    title: str  # as on its cover
    pages: int = 7
    notes: dict[str, str] = field(default_factory=dict)  # by page


def test_the_page_is_what_the_code_says():
    written = PAGE.read_text(encoding="utf-8")
    assert page(written) == written, "run: python -m infra.describe --write"
    assert main([]) == 0


def test_a_page_that_is_out_of_date_is_told_and_brought_up_to_date(tmp_path, monkeypatch, capsys):
    old = tmp_path / "components.md"
    old.write_text(f"By hand.\n\n{BEGIN}\n\nnonsense\n")
    monkeypatch.setattr(describe, "PAGE", old)
    assert main([]) == 1
    assert "python -m infra.describe --write" in capsys.readouterr().err
    assert main(["--write"]) == 0
    made = old.read_text()
    assert made.startswith(f"By hand.\n\n{BEGIN}\n\n## ") and "nonsense" not in made
    assert main([]) == 0


def test_an_argument_says_its_type_its_default_and_what_it_is():
    title, pages, notes = arguments(BookArgs)
    assert (title.name, title.type, title.default, title.text) == ("title", "str", "", "as on its cover")
    assert (pages.default, pages.text) == ("7", "")
    assert (notes.type, notes.default, notes.text) == ("dict[str, str]", "{}", "by page")


@pytest.mark.parametrize("kind", [args or kind for kind, args in described()])
def test_every_argument_says_what_it_is(kind):
    found = arguments(kind)
    assert [argument.name for argument in found] == [each.name for each in fields(kind)]
    assert [argument.name for argument in found if not argument.text] == []


def test_all_components_of_the_house_are_on_the_page():
    """Those that only the lake itself has use for are named here."""
    own = {"AlarmTopic", "LakeBudget", "LakeDashboards"}
    declared = {
        node.name
        for file in (ROOT / "infra").glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and any("ComponentResource" in ast.unparse(base) for base in node.bases)
    }
    shown = {kind.__name__ for kind, _ in described() if issubclass(kind, pulumi.ComponentResource)}
    assert declared - own == shown


def test_what_is_exported_is_there_and_nothing_else():
    assert [getattr(infra, name) for name in components.__all__] == [getattr(components, n) for n in components.__all__]
    with pytest.raises(AttributeError, match="'infra' has no attribute 'LakeBoat'"):
        _ = infra.LakeBoat


def test_names_and_permissions_need_no_pulumi():
    code = "import sys; from infra import permissions, naming, policies; sys.exit('pulumi' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True)


def test_the_example_of_the_page_is_a_program(declare):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    declared = declare(lambda: exec(compile(example, str(PAGE), "exec"), {}))
    assert declared.one("Bucket", "loans")["bucket"] == "books-dev-loans-123456789012"
    assert declared.one("Bucket", "loans")["forceDestroy"] is False
    assert declared.one("Bucket", "loans")["tags"]["project"] == "books"
    redrive = json.loads(declared.one("Queue", "returned")["redrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":books-dev-returned-dead")
