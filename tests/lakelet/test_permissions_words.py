"""Statements read back as the calls that would make them."""

from __future__ import annotations

import pytest

from infra import permissions, policies
from infra.naming import Names
from infra.permissions import UNFINISHED
from lakelet.permissions.words import in_our_words

names = Names("dev", "123456789012", "eu-north-1")
SOURCES = ["chess", "golf"]


def evaluated(lines: list[str]) -> list[policies.Statement]:
    """What the lines give, as in the module where they would stand."""
    known = {
        "policies": policies,
        "names": names,
        "UNFINISHED": UNFINISHED,
        "source": "chess",
        "job": names.job("chess"),
    }
    return [eval(line, known) for line in lines]


@pytest.mark.parametrize(
    "statement",
    [
        policies.get_objects(names.bucket_arn("raw"), "manifests/chess/", "raw/chess/"),
        policies.put_objects(names.bucket_arn("curated"), "warehouse/"),
        policies.list_objects(names.bucket_arn("raw"), "raw/chess/"),
        policies.use_items(names.table_arn("pages"), ["PutItem", "Query"], "chess/*"),
        policies.use_items(names.table_arn("runs"), ["GetItem"]),
        policies.query_index(names.table_arn("runs"), UNFINISHED),
        policies.consume_messages(names.queue_arn("manifests")),
        policies.read_secret(names.secret_arn("chess")),
        policies.start_jobs(names.job_arn("chess")),
        policies.invoke(names.function_arn(names.extract("chess"))),
        policies.write_logs(*(names.log_group_arn(group) for group in names.job_logs(names.job("chess")))),
        policies.allow(["glue:GetTable"], [names.arn("glue", "catalog"), names.arn("glue", "table/lakelet_dev/*")]),
    ],
    ids=lambda statement: statement["Action"][0],
)
def test_the_words_give_the_statement_again(statement) -> None:
    assert evaluated(in_our_words([statement], names, ["chess"])) == [statement]


@pytest.mark.parametrize("role", ["start", "record", "reconcile"])
def test_the_permissions_of_this_program_read_as_they_are_written(role) -> None:
    streams = [["chess/games", "chess/players"]] if role == "reconcile" else []
    written = getattr(permissions, role)(names, ["chess"], *streams)
    assert evaluated(in_our_words(written, names, ["chess"])) == written


def test_all_streams_of_a_source_go_together() -> None:
    statement = policies.get_objects(names.bucket_arn("raw"), "raw/chess/players/")
    assert in_our_words([statement], names, SOURCES) == ['policies.get_objects(names.bucket_arn("raw"), "raw/chess/")']
    statement = policies.use_items(names.table_arn("runs"), ["GetItem"], "chess/players", "golf/holes")
    (line,) = in_our_words([statement], names, SOURCES)
    assert line == 'policies.use_items(names.table_arn("runs"), ["GetItem"], "chess/*", "golf/*")'


def test_what_has_no_function_of_its_own_is_allowed_by_name() -> None:
    statement = policies.allow(
        ["s3:GetObject"], ["arn:aws:s3:::elsewhere/*"], {"Null": {"aws:TokenIssueTime": ["true"]}}
    )
    (line,) = in_our_words([statement], names, SOURCES)
    assert evaluated([line]) == [statement]


def test_objects_of_another_bucket_are_not_left_out() -> None:
    statement = policies.allow(["s3:GetObject"], ["arn:aws:s3:::elsewhere/*"])
    assert evaluated(in_our_words([statement], names, SOURCES)) == [statement]
