"""Least privilege, shown: good days and bad ones are played once, and the tests look at what was recorded."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from infra.naming import Names
from lakelet.permissions import render
from lakelet.permissions.play import Played, play
from lakelet.permissions.scenarios import ORDINARY, SCENARIOS
from lakelet.permissions.stage import open_stages
from lakelet.permissions.trials import KINDS
from lakelet.progress import Progress
from rehearsal.proof import Held, Place, Proof, prove_record
from rehearsal.proof.account import DEPLOYER
from rehearsal.proof.applies import applies

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = ROOT / "docs" / "deployer-policy.json"
README = ROOT / "README.md"
NAMES = Names("dev", "123456789012", "eu-north-1")
ROLES = {"extract-olympics", "start", "record", "reconcile", "curate-olympics", "olympics-athletes-schedule",
         "reconcile-schedule", "extract-spotify", "curate-spotify", "spotify-playlist-schedule",
         "spotify-popular-schedule", "upkeep", "upkeep-schedule"}  # fmt: skip


@pytest.fixture(scope="module")
def played() -> Played:
    with Progress(io.StringIO()) as progress:
        return play(progress)


def again(proof: Proof, held: Held) -> Proof:
    """The record as it is, decided under other policies."""
    return prove_record(proof.record, held, applies)


def changed(held: Held, role: str, at: int, **elements: object) -> Held:
    """One statement of a role says something else."""
    place = Place(f"role/{NAMES.of(role)}", "statements", at)
    return held.with_statement(place, {**dict(held.statements())[place], **elements})


def test_every_scenario_came_to_what_it_is_about(played) -> None:
    assert played.trouble == ()
    assert len(played.scenarios) == len(SCENARIOS)


def test_no_call_was_denied(played) -> None:
    assert [str(each) for each in played.proof.denied] == []


def test_nothing_is_granted_that_was_never_needed(played) -> None:
    assert [f"{grant} and was never needed" for grant in played.proof.unused] == []


def test_nothing_can_be_taken_away(played) -> None:
    assert [f"{each.place.title}: {each}" for each in played.proof.survivors] == []
    assert len(played.proof.mutants) > 80


def test_all_roles_of_the_lake_are_in_the_proof(played) -> None:
    assert {grant.place.title for grant in played.proof.grants} >= {NAMES.of(role) for role in ROLES}


def test_some_grants_are_for_bad_days_only(played) -> None:
    deletes = {grant.place.title: grant.during for grant in played.proof.grants if grant.action == "s3:DeleteObject"}
    assert deletes == {
        NAMES.of("curate-olympics"): ("changed rows, 429, a commit in between",),
        NAMES.of("curate-spotify"): ("changed rows, 429, a commit in between",),
        NAMES.of("upkeep"): ("the week's upkeep",),
    }
    bad = {f"{grant.place.title} {grant.action}" for grant in played.proof.grants if ORDINARY not in grant.during}
    assert f"{NAMES.of('reconcile')} glue:StartJobRun" in bad


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutant_that_is_tried_for_real_is_denied_what_was_foretold(played, kind) -> None:
    trial = played.trials[KINDS.index(kind)]
    assert len(played.trials) == len(KINDS)
    assert trial.agrees, trial
    assert f"not authorized to perform: {trial.action}" in trial.denied


def test_a_needless_action_would_be_found(played) -> None:
    queue = [NAMES.queue_arn("manifests")]
    actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:PurgeQueue", "sqs:ReceiveMessage"]
    proof = again(played.proof, changed(played.proof.held, "start", 0, Action=actions, Resource=queue))
    assert f"lakelet-dev-start: sqs:PurgeQueue on {queue[0]} is granted and was never needed" in proof.failures()


def test_a_needless_resource_would_be_found(played) -> None:
    proof = again(played.proof, changed(played.proof.held, "record", 0, Resource=[NAMES.job_arn("olympics"), "*"]))
    assert not proof.is_clean
    assert any(line.startswith("lakelet-dev-record: resource") for line in proof.failures())


def test_a_needless_statement_would_be_found(played) -> None:
    role = f"role/{NAMES.of('reconcile')}"
    extra = {"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": NAMES.table_arn("runs")}
    held = played.proof.held
    policies = {**held.identities[role], "extra": json.dumps({"Version": "2012-10-17", "Statement": [extra]})}
    proof = again(played.proof, Held({**held.identities, role: policies}, held.resources, held.boundaries, held.given))
    assert f"lakelet-dev-reconcile: dynamodb:Scan on {NAMES.table_arn('runs')} is granted and was never needed" in (
        proof.failures()
    )


def test_a_missing_action_would_be_found(played) -> None:
    """Whatever statement of whatever role is dropped: what is denied then names role, action and resource."""
    place = Place(f"role/{NAMES.of('start')}", "statements", 2)
    lines = sorted(again(played.proof, played.proof.held.with_statement(place, None)).failures())
    assert len(lines) == 2
    for line, source in zip(lines, ("olympics", "spotify"), strict=True):
        assert line.startswith(f"lakelet-dev-start: glue:StartJobRun on {NAMES.job_arn(source)} was allowed, and is")
        assert "no identity-based policy allows the glue:StartJobRun action" in line


def test_the_documented_policy_of_the_deployer_is_the_smallest(played) -> None:
    """To write it anew: lakelet permissions --deployer > docs/deployer-policy.json"""
    assert render.as_policy(played) == DOCUMENTED.read_text()


def test_nothing_of_it_can_be_taken_away(played) -> None:
    proof = prove_record(played.deployer, Held({DEPLOYER: {"documented": DOCUMENTED.read_text()}}), applies)
    assert proof.failures() == []


def test_under_that_policy_the_program_is_deployed_and_destroyed() -> None:
    with open_stages(deployer_policy=DOCUMENTED.read_text()) as (stage, *_):
        assert stage.rehearsal.account.judge.deployer_policy == DOCUMENTED.read_text()
        stage.rehearsal.destroy(stage.deployment)
        calls = stage.rehearsal.account.calls.since(principal="deployer")
    assert len(calls) > 200
    assert [call.decision.reason for call in calls if call.decision.kind == "denied"] == []


def test_the_whole_is_told_as_text_and_as_json(played) -> None:
    text, told = render.as_text(played), json.loads(render.as_json(played))
    assert text.endswith("least privilege is shown")
    assert (told["is_clean"], told["failures"], told["scenarios"]) == (True, [], list(played.scenarios))


def test_the_readme_shows_what_each_role_may_do(played) -> None:
    """How often each grant was used, and when first, differs a little from run to run."""
    assert grants_in(README.read_text()) == [
        line for line in grants_in(render.as_text(played)) if "sts:AssumeRole by" not in line
    ]


def grants_in(text: str) -> list[str]:
    """The titles, and behind each the lines of its grants without number and first scenario."""
    title = re.compile(r"^(?:role|sqs|lambda|sns) \S+$")
    grant = re.compile(rf"^ *[\d,]+  .{{{render.WIDTH}}}  ?(\S.*)$")
    found = (title.match(line) or grant.match(line) for line in text.splitlines())
    return [each[each.lastindex or 0] for each in found if each]


def test_the_smallest_permissions_are_in_the_words_of_the_program(played) -> None:
    text = render.as_permissions(played)
    assert 'policies.get_objects(names.bucket_arn("raw"), "raw/olympics/")' in text
    assert "policies.start_jobs(names.job_arn(source)" in text
