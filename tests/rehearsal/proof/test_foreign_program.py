"""A program of a stranger, in which a role may too much and not enough: the proof names both, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.proof import Proof, prove
from rehearsal.proof.account import held_in, seen_in
from rehearsal.proof.applies import applies
from rehearsal.proof.proof import suggested
from rehearsal.session import Rehearsal

PROGRAM = Path(__file__).parents[1] / "programs" / "surplus_and_gap"


def played(clean: bool) -> tuple[Proof, dict[str, str]]:
    with Rehearsal() as rehearsal:
        outputs = rehearsal.deploy(PROGRAM, "dev", {"clean": "true"} if clean else {}).outputs
        rehearsal.account.client("s3").put_object(Bucket=outputs["bucket"], Key="letters/one.txt", Body=b"hello")
        rehearsal.settle()
        calls = list(rehearsal.account.calls)
        return prove(seen_in(calls), held_in(rehearsal.account, calls), applies), outputs


@pytest.fixture(scope="module")
def judged() -> tuple[Proof, dict[str, str]]:
    return played(clean=False)


def test_the_surplus_is_named(judged) -> None:
    proof, outputs = judged
    surplus = f"indexer: s3:DeleteObject on arn:aws:s3:::{outputs['bucket']}/* is granted and was never needed"
    assert [line for line in proof.failures() if "granted" in line] == [surplus]


def test_the_gap_is_named_with_the_sentence_of_iam(judged) -> None:
    proof, outputs = judged
    (line,) = [line for line in proof.failures() if "denied" in line]
    assert line.startswith(f"indexer: sns:Publish on {outputs['topic']} was denied ")
    assert "because no identity-based policy allows the sns:Publish action" in line


def test_nothing_else_is(judged) -> None:
    assert len(judged[0].failures()) == 2


def test_a_star_that_stands_for_one_action_is_suggested(judged) -> None:
    assert "indexer: instead of Action dynamodb:*, dynamodb:PutItem would have done" in map(
        suggested, judged[0].suggestions
    )


def test_the_same_program_with_what_it_needs_is_clean() -> None:
    proof, _ = played(clean=True)
    assert proof.grants
    assert proof.failures() == []
