"""Questions as lines of JSON: what ``python -m rehearsal decide`` reads and prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rehearsal.iam.lines import FIELDS, answers
from tests.rehearsal.iam.asking import OBJECT, ROLE, SESSION, USER, allow, deny, letting_in

ROOT = Path(__file__).parents[3]
ASKED: dict[str, Any] = {
    "id": "one", "principal_arn": SESSION, "action": "s3:GetObject", "resource": OBJECT, "identity_policies": [allow()],
}  # fmt: skip


def _answered(*lines: Any) -> list[dict[str, Any]]:
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(answer) for answer, _ in answers(texts)]


def _decision(**more: Any) -> str:
    return str(_answered({**ASKED, **more})[0]["decision"])


def test_a_question_is_answered_with_its_id() -> None:
    assert _answered(ASKED) == [{
        "id": "one", "decision": "Allowed",
        "reason": "because an identity-based policy allows the s3:GetObject action",
    }]  # fmt: skip


def test_each_side_is_read() -> None:
    full = {
        "account": "",
        "resource_policy": None,
        "boundary": None,
        "session_policy": None,
        "scps": None,
        "context": {},
    }
    assert _decision(**full) == "Allowed"
    assert _decision(account="444455556666") == "ImplicitlyDenied"
    assert _decision(identity_policies=None) == "ImplicitlyDenied"
    assert _decision(identity_policies=None, resource_policy=letting_in({"AWS": ROLE})) == "Allowed"
    for side in ("resource_policy", "boundary", "session_policy", "scps"):
        denying = deny(Principal="*") if side == "resource_policy" else deny()
        assert _decision(**{side: denying}) == "ExplicitlyDenied"


@pytest.mark.parametrize("side", ["identity_policies", "session_policy", "scps"])
def test_a_side_may_be_one_policy_or_several_as_objects_or_texts(side: str) -> None:
    for given in (allow(), [allow()], json.dumps(allow()), [json.dumps(allow()), deny("s3:PutObject")]):
        assert _decision(**{side: given}) == "Allowed"


def test_the_levels_of_an_organization_are_lists() -> None:
    assert _decision(scps=[[allow("*")], [allow("s3:PutObject")]]) == "ImplicitlyDenied"
    assert _decision(scps=[[allow("*")], [json.dumps(allow())]]) == "Allowed"


@pytest.mark.parametrize("value", ["5", 5, 5.0, ["5"]])
def test_values_may_be_texts_numbers_or_lists(value: Any) -> None:
    conditioned = allow(Condition={"NumericEquals": {"s3:max-keys": "5"}})
    assert _decision(identity_policies=conditioned, context={"s3:max-keys": value}) == "Allowed"


def test_a_value_may_be_a_boolean_or_nothing() -> None:
    conditioned = allow(Condition={"Bool": {"aws:SecureTransport": "true"}, "Null": {"aws:a": "true"}})
    context = {"aws:SecureTransport": True, "aws:a": None}
    assert _decision(identity_policies=conditioned, context=context) == "Allowed"


def test_without_a_resource_all_is_asked_for() -> None:
    asked = {name: value for name, value in ASKED.items() if name != "resource"}
    assert _answered(asked)[0]["decision"] == "Allowed"
    assert _answered({**asked, "identity_policies": allow("s3:*", OBJECT)})[0]["decision"] == "ImplicitlyDenied"


BAD: list[tuple[Any, Any, str]] = [
    (b"nonsense", None, "expected JSON"),
    (b"[1]", None, "expected an object"),
    (b"\xff\xfe", None, "the line is"),
    (b'{"id": 1, "id": 2}', None, "twice"),
    (b'{"id": 1, "action": NaN}', None, "not NaN"),
    ({**ASKED, "principal": USER}, "one", 'the field "principal" is not known'),
    ({"id": 7}, 7, "action is"),
    ({"id": 7, "action": "s3:GetObject"}, 7, "principal is"),
    ({**ASKED, "action": "s3:*"}, "one", "expected one action"),
    ({**ASKED, "resource": "lake"}, "one", "expected an ARN"),
    ({**ASKED, "resource": ["*"]}, "one", "resource is"),
    ({**ASKED, "account": 1}, "one", "account is 1"),
    ({**ASKED, "context": []}, "one", "context is []"),
    ({**ASKED, "context": {"aws:a": {}}}, "one", "context aws:a is {}"),
    ({**ASKED, "context": {"aws:a": "1", "AWS:A": "2"}}, "one", "each once in whatever case"),
    ({**ASKED, "identity_policies": 5}, "one", "identity policies are 5"),
    ({**ASKED, "boundary": [allow()]}, "one", "expected an object"),
    ({**ASKED, "resource_policy": allow()}, "one", "expected either Principal"),
]


@pytest.mark.parametrize(("line", "asked", "told"), BAD)
def test_a_bad_line_is_an_error_with_the_id_that_it_has(line: Any, asked: Any, told: str) -> None:
    (answer,) = _answered(line)
    assert (answer["id"], answer["decision"], told in answer["reason"]) == (asked, "Error", True), answer


def test_the_lines_after_a_bad_one_are_answered_and_blank_ones_are_none() -> None:
    assert [answer["decision"] for answer in _answered(ASKED, b"x", b"  \n", ASKED)] == ["Allowed", "Error", "Allowed"]


def test_the_example_of_the_documentation_is_answered_as_it_says() -> None:
    page = (ROOT / "docs" / "decide.md").read_text()
    asked, answered = page.split("$ cat questions.jsonl\n")[1].split("```")[0].split("$ python -m rehearsal decide")
    told = [answer for answer, _ in answers(asked.encode().splitlines())]
    assert told == answered.splitlines()[1:]
    fields = [name for name in FIELDS if f"`{name}`" in page.split("| field |")[1].split("\n\n")[0]]
    assert fields == list(FIELDS)


def _run(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rehearsal", "decide", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


def test_the_command_ends_with_0_when_all_could_be_decided_and_with_1_otherwise() -> None:
    good, bad = json.dumps(ASKED), json.dumps({**ASKED, "id": "two", "action": "s3:*"})
    ran = _run(f"{good}\n")
    assert (ran.returncode, json.loads(ran.stdout)["decision"], ran.stderr) == (0, "Allowed", "")
    ran = _run(f"{bad}\n{good}\n")
    assert ran.returncode == 1
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == ["two", "one"]
    assert _run("").returncode == 0


def test_an_answer_comes_before_the_next_question() -> None:
    command = [sys.executable, "-m", "rehearsal", "decide"]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=buffered) as running:
        assert running.stdin and running.stdout
        for each in ("one", "two"):
            running.stdin.write(json.dumps({**ASKED, "id": each}) + "\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == each
        running.stdin.close()
        assert running.wait(timeout=60) == 0


def test_a_folder_of_that_name_is_still_a_program(tmp_path: Path) -> None:
    (tmp_path / "decide").mkdir()
    command = [sys.executable, "-m", "rehearsal", "./decide"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "refused: " in ran.stderr
