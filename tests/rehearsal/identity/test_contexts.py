from __future__ import annotations

from rehearsal.identity import contexts
from rehearsal.identity.home import Home
from rehearsal.identity.principals import DEPLOYER_KEY
from tests.rehearsal.identity.policies import ACCOUNT_ID

HOME = Home(ACCOUNT_ID, "eu-north-1")


def session(account, people, name, **more):
    role = people.role(name, **more)
    return account.principals.of(account.sessions.assume(role, "lambda.amazonaws.com", "extract").access_key)


def test_a_session_shows_the_arn_of_its_role_and_when_it_began(account, people):
    found = contexts.of_principal(account.home, session(account, people, "shown", Path="/etl/"))
    assert found["aws:PrincipalArn"] == f"arn:aws:iam::{ACCOUNT_ID}:role/etl/shown"
    assert (found["aws:PrincipalType"], found["aws:PrincipalAccount"]) == ("AssumedRole", ACCOUNT_ID)
    assert str(found["aws:userid"]).endswith(":extract")
    assert "aws:TokenIssueTime" in found
    assert "aws:username" not in found
    assert str(found["lambda:SourceFunctionArn"]).endswith(":function:extract")


def test_the_tags_of_a_role_are_tags_of_its_sessions(account, people):
    found = contexts.of_principal(account.home, session(account, people, "team", Tags=[{"Key": "t", "Value": "v"}]))
    assert found["aws:PrincipalTag/t"] == "v"


def test_a_user_has_a_name(account):
    found = contexts.of_principal(account.home, account.principals.of(DEPLOYER_KEY))
    assert (found["aws:username"], found["aws:PrincipalType"]) == ("deployer", "User")


def test_of_somebody_anonymous_hardly_anything_is_known(account):
    found = contexts.of_principal(account.home, account.principals.of(""))
    assert found == {"aws:PrincipalType": "Anonymous", "aws:PrincipalIsAWSService": "false"}


def test_nobody_has_an_address():
    assert "aws:SourceIp" not in contexts.of_call(HOME, None, "")


def test_loopback_stands_for_tls():
    assert contexts.of_call(HOME, None, "")["aws:SecureTransport"] == "true"


def test_what_a_service_does_in_the_name_of_its_caller_says_so():
    assert contexts.of_call(HOME, None, "s3.eu-north-1.amazonaws.com")["aws:ViaAWSService"] == "true"
    assert contexts.of_call(HOME, None, "athena.amazonaws.com")["aws:CalledVia"] == ["athena.amazonaws.com"]
    assert "aws:CalledVia" not in contexts.of_call(HOME, None, "s3.eu-north-1.amazonaws.com")


def test_the_time_is_that_of_the_rehearsal():
    assert contexts.of_moment(86_400.5) == {"aws:CurrentTime": "1970-01-02T00:00:00Z", "aws:EpochTime": 86_400}


def test_a_service_says_who_it_is_and_for_whom_it_acts():
    found = contexts.of_service(HOME, "s3.amazonaws.com")
    assert (found["aws:PrincipalIsAWSService"], found["aws:PrincipalServiceName"]) == ("true", "s3.amazonaws.com")
    assert contexts.of_source(HOME, "arn:aws:s3:::b") == {
        "aws:SourceAccount": ACCOUNT_ID, "aws:SourceArn": "arn:aws:s3:::b",
    }  # fmt: skip
