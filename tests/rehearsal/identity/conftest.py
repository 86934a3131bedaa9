"""Short ways to make those who hold policies."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.sessions import Credentials
from tests.rehearsal.identity.policies import LAMBDA, arn_of, policy, trust


class People:
    """Makes roles and users in an account, and gives clients under their names."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._iam = account.client("iam")

    def role(self, name: str, *statements: dict[str, Any], service: str = LAMBDA, **more: Any) -> str:
        """The ARN of a role that a service may take, with an inline policy called "own"."""
        made = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(Service=service), **more)["Role"]
        if statements:
            self.grant(name, *statements)
        return str(made["Arn"])

    def grant(self, role: str, *statements: dict[str, Any]) -> None:
        self._iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy(*statements))

    def user(self, name: str, *statements: dict[str, Any]) -> Credentials:
        self._iam.create_user(UserName=name)
        if statements:
            self._iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        key = self._iam.create_access_key(UserName=name)["AccessKey"]
        return self._credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def session(self, told: dict[str, str]) -> Credentials:
        """From what AssumeRole answers."""
        return self._credentials(told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"])

    def as_role(self, arn: str, service: str) -> Any:
        return self.account.sessions.client(arn, LAMBDA, service)

    def as_deployer(self, service: str) -> Any:
        keys = self.account.deployer_environment()
        return self.account.client_for(
            service, self._credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"])
        )

    def _credentials(self, key: str, secret: str, token: str = "") -> Credentials:
        return Credentials(key, secret, token, self.account.region, self.account.endpoint)


@pytest.fixture(scope="module")
def people(account: Account) -> People:
    return People(account)


@pytest.fixture
def bucket(account: Account, unique: Any) -> str:
    name = str(unique("bucket"))
    account.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    return name


@pytest.fixture
def queue(account: Account, unique: Any) -> str:
    """The ARN of a queue without a policy."""
    name = str(unique("queue"))
    account.client("sqs").create_queue(QueueName=name)
    return arn_of("sqs", name)
