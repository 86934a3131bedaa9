"""To take something away can only change what it had let through."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.iam import decide
from rehearsal.proof import Held, distinct, prove
from rehearsal.proof.decisions import allows
from rehearsal.proof.parts import lessened
from rehearsal.proof.smallest import smallest
from tests.rehearsal.proof.small import QUEUE, READER, allow, asked, text

ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
ARNS = [f"arn:aws:s3:::lake/{key}" for key in ("raw/a/1", "raw/b/2", "out/a/3")]
PATTERNS = [*ARNS, "arn:aws:s3:::lake/raw/*", "arn:aws:s3:::lake/*", "*"]

some = st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True)
statements = st.lists(
    st.builds(allow, some, st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3, unique=True)), max_size=4
)
records = st.lists(st.builds(asked, st.sampled_from(ACTIONS), st.sampled_from(ARNS)), max_size=8)


@given(records, statements)
@settings(max_examples=60, deadline=None)
def test_a_mutant_misses_exactly_what_deciding_everything_again_would_deny(seen, held_statements) -> None:
    held = Held({"role/reader": {"own": text(*held_statements)}} if held_statements else {"role/reader": {}})
    proof = prove(seen, held)
    before = [one for one in proof.record if allows(one, held, decide)]
    for mutant in proof.mutants:
        after = {id(one) for one in before if not allows(one, mutant.of(held), decide)}
        assert {id(one) for one in mutant.missed} == after


@given(records, statements)
@settings(max_examples=60, deadline=None)
def test_a_grant_that_was_never_needed_can_be_taken_away(seen, held_statements) -> None:
    held = Held({"role/reader": {"own": text(*held_statements)}} if held_statements else {"role/reader": {}})
    proof = prove(seen, held)
    unused = {(grant.place, grant.action) for grant in proof.unused}
    used = {(grant.place, grant.action) for grant in proof.grants if grant.needed_by}
    for mutant in proof.mutants:
        if mutant.kind == "action" and (mutant.place, mutant.part) in unused - used:
            assert mutant.survives


@given(records)
@settings(max_examples=60, deadline=None)
def test_the_smallest_policy_lets_the_whole_record_through(seen) -> None:
    record = distinct(seen, Held())
    held = Held({"role/reader": {"own": text(*smallest(record))}} if record else {})
    proof = prove(seen, held)
    assert not proof.denied and not proof.unused


def test_a_statement_loses_each_of_its_parts_in_turn() -> None:
    statement = allow(["s3:GetObject", "s3:PutObject"], ARNS[:2], {"StringLike": {"s3:prefix": ["a", "b"]}})
    assert [(kind, part) for kind, part, _ in lessened(statement)] == [
        ("statement", ""),
        ("action", "s3:GetObject"),
        ("action", "s3:PutObject"),
        ("resource", ARNS[0]),
        ("resource", ARNS[1]),
        ("value", "s3:prefix a"),
        ("value", "s3:prefix b"),
    ]


def test_of_a_part_that_stands_alone_there_is_nothing_less() -> None:
    assert [kind for kind, _, _ in lessened(allow("s3:GetObject", ARNS[0]))] == ["statement"]


def test_a_policy_of_a_resource_is_not_asked_where_the_caller_may_already() -> None:
    """A queue that lets its reader in, who may anyway: neither is needed, as long as there is the other."""
    let_in = {"Principal": {"AWS": READER}} | allow("sqs:SendMessage", QUEUE)
    held = Held({"role/reader": {"own": text(allow("sqs:SendMessage", QUEUE))}}, {QUEUE: text(let_in)})
    proof = prove([asked("sqs:SendMessage", QUEUE)], held)
    assert [mutant.survives for mutant in proof.mutants] == [True, True]


def test_what_another_policy_lets_through_needs_no_grant_that_is_about_something_else() -> None:
    let_in = {"Principal": {"AWS": READER}} | allow("sqs:SendMessage", QUEUE)
    held = Held({"role/reader": {"own": text(allow("sqs:SendMessage", f"{QUEUE}-dead"))}}, {QUEUE: text(let_in)})
    assert [grant.place.holder for grant in prove([asked("sqs:SendMessage", QUEUE)], held).unused] == ["role/reader"]


def test_the_policy_of_a_role_speaks_of_taking_it_and_of_nothing_else() -> None:
    role = "arn:aws:iam::123456789012:role/reader"
    held = Held(resources={role: text(allow("sts:AssumeRole", "*"))})
    assert (held.owner_of("sts:AssumeRole", role), held.owner_of("iam:PassRole", role)) == (role, None)
