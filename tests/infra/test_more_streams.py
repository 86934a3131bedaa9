"""A third and a fourth stream change nothing of the first two: not what they run, nor what they may read or write."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.naming import Names
from rehearsal.account import Account
from rehearsal.deploy import deploy
from tests.copies import copy_project

LIBRARY = Path(__file__).resolve().parents[1] / "programs" / "library"
FIRST = "spotify"  # with two streams
NAMES = Names("dev", "123456789012", "eu-north-1")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake's program, to which somebody has added the source of the library."""
    copy = tmp_path_factory.mktemp("more") / "lakelet"
    copy_project(copy)
    for part in ("sources", "etl", "queries"):
        shutil.copytree(LIBRARY / part, copy / part, dirs_exist_ok=True)
    return copy


def deployed(program: Path, *sources: str) -> tuple[list[str], dict[str, Any]]:
    """The streams of an account with these sources, and all that the first source has there."""
    settings = {"lakelet:sources": json.dumps(sources)}
    keys = {f"lakelet:{source}ApiKey": "hush-hush" for source in sources}
    with Account() as account:
        made = deploy(program, "dev", account.deployer_environment(), settings, keys)
        return sorted(made.outputs["schedules"]), dict(told(account, made.outputs))


def told(account: Account, outputs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    iam, functions, glue, scheduler = (account.client(each) for each in ("iam", "lambda", "glue", "scheduler"))
    for role in (each["RoleName"] for each in iam.list_roles()["Roles"] if FIRST in each["RoleName"]):
        yield f"who may be {role}", iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            yield f"what {role} may do: {policy}", document
    function = functions.get_function_configuration(FunctionName=outputs["extract_functions"][FIRST])
    yield "the function", {each: function[each] for each in ("CodeSha256", "Handler", "Timeout", "Environment")}
    job = glue.get_job(JobName=outputs["curate_jobs"][FIRST])["Job"]
    yield "the job", {each: job[each] for each in ("Role", "Command", "DefaultArguments", "Timeout")}
    for stream, name in outputs["schedules"].items():
        if stream.startswith(f"{FIRST}/"):
            schedule = scheduler.get_schedule(Name=name, GroupName=NAMES.prefix)
            yield f"the schedule of {stream}", {each: schedule[each] for each in ("ScheduleExpression", "Target")}


@pytest.fixture(scope="module")
def two(program) -> tuple[list[str], dict[str, Any]]:
    return deployed(program, FIRST)


@pytest.fixture(scope="module")
def four(program) -> tuple[list[str], dict[str, Any]]:
    return deployed(program, FIRST, "olympics", "books")


def test_there_are_two_streams_and_then_four(two, four) -> None:
    assert two[0] == ["spotify/playlist", "spotify/popular"]
    assert four[0] == ["books/books", "olympics/athletes", *two[0]]


def test_nothing_of_the_first_is_another_for_the_others(two, four) -> None:
    """The same code, with the same settings, may do the same and is called at the same times."""
    assert len(two[1]) > 8
    assert four[1] == two[1]
