"""Shared by the tests of the rehearsal."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from rehearsal.account import Account


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """One running account for all tests of a module; only one can run in a process."""
    with Account() as running:
        yield running


@pytest.fixture(scope="module")
def function_role(account: Account) -> str:
    """The ARN of a role that Lambda may assume, and that may do everything."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    may = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    held = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    made = account.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=policy)
    account.client("iam").put_role_policy(RoleName="function", PolicyName="may", PolicyDocument=held)
    return str(made["Role"]["Arn"])
