"""`lakelet rehearsal`, on notes as runs leave them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakelet.cli import main
from lakelet.errors import UsageError
from lakelet.rehearsed.gather import NothingRan, Shown, choose, shown
from lakelet.rehearsed.notes import keep_deployment, keep_executed
from lakelet.rehearsed.render import as_text
from rehearsal.deploy import Deployed, Deployment, Ignored
from rehearsal.kept import Kept
from rehearsal.strict.warnings import Warned

FIRST, SECOND, OTHER = "shop/sales/20260301T050000Z", "shop/sales/20260302T050000Z", "gym/visits/20260301T050000Z"
VERSIONS = {"python": "3.11.7", "moto": "5.2.5"}
JOBS = [Deployed("aws:glue/job:Job", name, f"urn:{name}", name) for name in ("curate", "load")]
DEPLOYMENT = Deployment(
    JOBS, {}, [Ignored('Job "curate"', "jobRunQueuingEnabled", True)], 1.0,
    recorded=[Ignored(f'Job "{each.name}"', "maxRetries", 2, "not tried again") for each in JOBS],
)  # fmt: skip
Told = Callable[..., tuple[int, str, str]]


class Notes:
    """As a kept lake has them."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[str, Any]] = {}

    def note(self, kind: str, name: str, body: Any) -> None:
        self.kinds.setdefault(kind, {})[name] = json.loads(json.dumps(body))

    def notes(self, kind: str) -> dict[str, Any]:
        return self.kinds.get(kind, {})


def jobs(name: str, **states: int) -> dict[str, dict[str, dict[str, int]]]:
    return {"jobs": {name: states}}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """``told("--json")`` is how the command ends, and what it prints, on a lake of two streams and three runs."""
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path))
    kept = Kept.open(tmp_path / "rehearsal")
    keep_deployment(kept, DEPLOYMENT)
    for run, count in ((SECOND, 2), (FIRST, 1), (OTHER, 5)):
        keep_executed(kept, run, jobs("curate", SUCCEEDED=count), VERSIONS)
    kept.close()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["rehearsal", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_newest_run_of_each_stream_counts(told: Told) -> None:
    code, out, _ = told("--json")
    found = json.loads(out)
    assert (code, [each["run"] for each in found["runs"]]) == (0, [OTHER, SECOND])
    assert found["executed"] == jobs("curate", SUCCEEDED=7)


def test_a_run_or_a_source_may_be_named(told: Told) -> None:
    assert json.loads(told(FIRST, "--json")[1])["executed"] == jobs("curate", SUCCEEDED=1)
    assert json.loads(told("shop", "--json")[1])["executed"] == jobs("curate", SUCCEEDED=2)


def test_json_tells_each_resource_and_value(told: Told) -> None:
    found = json.loads(told("--json")[1])
    assert found["resources"] == {"aws:glue/job:Job": 2}
    assert found["recorded"][0] == {
        "resource": 'Job "curate"', "property": "maxRetries", "value": 2, "why": "not tried again",
    }  # fmt: skip
    assert [each["property"] for each in found["ignored"]] == ["jobRunQueuingEnabled"]
    assert "Glue workers" in [each["on_aws"] for each in found["stood_in_for"]]
    assert "networks" in [each["on_aws"] for each in found["not_rehearsed"]]
    assert found["versions"] == VERSIONS


def test_text_tells_it_in_parts_and_properties_once_for_all_resources(told: Told) -> None:
    _, out, _ = told()
    parts = [part.splitlines() for part in out.split("\n\n")]
    assert [part[0] for part in parts[1:]] == [
        "executed", "not delivered", "advised against", "stood in for, by python 3.11.7, moto 5.2.5",
        "recorded, without effect", "ignored", "not rehearsed",
    ]  # fmt: skip
    assert parts[0][1:] == [f"run {OTHER}", f"run {SECOND}"]
    assert parts[1][1:] == ["  jobs  curate  7 SUCCEEDED"]
    assert parts[5][1:] == ["  not tried again  Job maxRetries (2)"]
    assert parts[6][1:] == ["  nobody reads it  Job jobRunQueuingEnabled (1)"]
    assert max(map(len, out.splitlines()[1:])) <= 120


def test_many_to_which_the_same_happened_share_a_line() -> None:
    judged: dict[str, dict[str, int]] = {name: {"judged": 1} for name in "abcd"}
    told = Shown("the lake", {FIRST: {"alarms": {**judged, "e": {"changed": 2, "judged": 1}}}}, VERSIONS, {}, [], [])
    assert as_text(told).split("\n\n")[1].splitlines() == [
        "executed", "  alarms  4 alarms  each 1 judged", "  alarms  e         2 changed, 1 judged",
    ]  # fmt: skip


def test_text_has_no_links() -> None:
    told = as_text(Shown("the lake", {}, VERSIONS, {"aws:athena/workgroup:Workgroup": 1}, [], []))
    assert "not known to answer alike" in " ".join(told.split())
    assert "](" not in told


def test_a_run_that_goes_on_adds_to_what_ran_before() -> None:
    notes = Notes()
    for _ in range(2):
        keep_executed(notes, FIRST, jobs("curate", FAILED=1), VERSIONS)
    assert notes.notes("ran")[FIRST]["executed"] == jobs("curate", FAILED=2)


def test_a_lake_without_a_word_of_what_ran_says_what_to_do() -> None:
    with pytest.raises(NothingRan, match="run it again: lakelet run"):
        shown("the lake", Notes(), None, "lakelet run")


def test_a_lake_that_is_not_there_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path / "nowhere"))
    assert main(["rehearsal"]) == 1
    assert capsys.readouterr().err.strip().endswith("make one first: lakelet run")


def test_an_unknown_run_is_a_wrong_call_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=f"'tea'.*{OTHER}, {FIRST}"):
        choose([FIRST, OTHER], "tea")


LOST = {"name": "raw-bucket", "target": "arn:aws:sqs:eu-north-1:123456789012:manifests", "reason": "it may not send"}


def test_what_could_not_be_delivered_is_named_with_its_reason() -> None:
    notes = Notes()
    keep_deployment(notes, DEPLOYMENT)
    keep_executed(notes, FIRST, {}, VERSIONS, [LOST])
    keep_executed(notes, FIRST, {}, VERSIONS)
    text = as_text(shown("the lake", notes, None, "run it again"))
    lines = text[text.index("not delivered") :].splitlines()[1].split("  ")
    assert [each.strip() for each in lines if each] == [LOST["name"], LOST["target"], LOST["reason"]]


def test_what_aws_advises_against_is_told_of_the_deployment() -> None:
    notes = Notes()
    keep_deployment(notes, DEPLOYMENT, [Warned("queue work", "hide messages for six times the time-out")])
    keep_executed(notes, FIRST, {}, VERSIONS)
    text = as_text(shown("the lake", notes, None, "run it again"))
    assert "advised against\n  queue work  hide messages for six times the time-out" in text


def test_where_everything_arrived_the_report_says_so() -> None:
    notes = Notes()
    keep_deployment(notes, DEPLOYMENT)
    keep_executed(notes, FIRST, {}, VERSIONS)
    text = as_text(shown("the lake", notes, None, "run it again"))
    assert "not delivered\n  nothing" in text and "advised against\n  nothing" in text
