from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.identity.principals import DEPLOYER_KEY, REHEARSAL_KEY
from tests.rehearsal.identity.policies import ACCOUNT_ID, allow, policy, trust


def test_the_rehearsal_and_the_deployer_are_users_of_their_own(account):
    assert account.principals.of(REHEARSAL_KEY).arn == f"arn:aws:iam::{ACCOUNT_ID}:user/rehearsal"
    assert account.principals.of(DEPLOYER_KEY).arn == f"arn:aws:iam::{ACCOUNT_ID}:user/deployer"


def test_sts_tells_the_deployer_who_it_is(people):
    assert people.as_deployer("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:user/deployer"


def test_a_session_has_the_arn_of_its_session_and_of_its_role(account, people):
    role = people.role("worker", Path="/etl/")
    credentials = account.sessions.assume(role, "lambda.amazonaws.com", "run-1")
    found = account.principals.of(credentials.access_key)
    assert (found.kind, found.name) == ("session", "worker/run-1")
    assert found.arn == f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/worker/run-1"
    assert found.role_arn == f"arn:aws:iam::{ACCOUNT_ID}:role/etl/worker"


def test_a_session_knows_when_it_began_by_the_clock_of_the_rehearsal(account, people):
    role = people.role("timed")
    credentials = account.sessions.assume(role, "lambda.amazonaws.com", "run")
    assert abs(account.principals.of(credentials.access_key).issued - account.clock.now()) < 60


def test_the_code_of_a_function_is_told_from_lambda_itself(account, people):
    role = people.role("coded")
    code = account.sessions.assume(role, "lambda.amazonaws.com", "extract")
    itself = account.sessions.assume(role, "lambda.amazonaws.com", "lambda")
    assert account.principals.of(code.access_key).function_arn.endswith(":function:extract")
    assert account.principals.of(itself.access_key).function_arn == ""


def test_a_session_keeps_the_tags_and_the_policies_that_it_began_with(account, people):
    ana = people.user("ana", allow("sts:*"))
    role = people.role("tagged")
    account.client("iam").update_assume_role_policy(
        RoleName="tagged",
        PolicyDocument=policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:user/ana"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }
        ),
    )
    own = policy(allow("s3:GetObject"))
    told = account.client_for("sts", ana).assume_role(
        RoleArn=role, RoleSessionName="me", Policy=own, Tags=[{"Key": "team", "Value": "blue"}],
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}],
    )["Credentials"]  # fmt: skip
    found = account.principals.of(told["AccessKeyId"])
    assert found.tags == (("team", "blue"),)
    assert found.policies is not None
    assert found.policies[0] == own
    assert "s3:Get*" in found.policies[1]


def test_a_user_is_found_by_its_key_until_the_key_is_taken_away(account, people):
    bo = people.user("bo")
    assert account.principals.of(bo.access_key).arn == f"arn:aws:iam::{ACCOUNT_ID}:user/bo"
    account.client("iam").update_access_key(UserName="bo", AccessKeyId=bo.access_key, Status="Inactive")
    assert account.principals.of(bo.access_key).kind == "unknown"


def test_no_key_is_anonymous_and_a_foreign_one_unknown(account):
    assert account.principals.of("").kind == "anonymous"
    assert account.principals.of("AKIAIOSFODNN7EXAMPLE").kind == "unknown"


def test_a_user_assumes_a_role_only_where_its_trust_policy_names_it(account, people):
    cy = people.user("cy", allow("sts:AssumeRole"))
    role = people.role("closed")
    with pytest.raises(ClientError, match=r"AccessDenied.*not authorized to perform: sts:AssumeRole"):
        account.client_for("sts", cy).assume_role(RoleArn=role, RoleSessionName="me")
    account.client("iam").update_assume_role_policy(RoleName="closed", PolicyDocument=trust(AWS=ACCOUNT_ID))
    told = account.client_for("sts", cy).assume_role(RoleArn=role, RoleSessionName="me")
    assert told["AssumedRoleUser"]["Arn"].endswith("assumed-role/closed/me")


def test_a_role_that_is_not_there_cannot_be_assumed_over_sts(people):
    with pytest.raises(ClientError, match="AccessDenied"):
        people.as_deployer("sts").assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/nobody", RoleSessionName="me")
