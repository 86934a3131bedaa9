from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.identity.judge import VIA_HEADER, Judge
from rehearsal.identity.principals import DEPLOYER_KEY
from rehearsal.needs import Need
from tests.rehearsal.identity.policies import ACCOUNT_ID, allow, deny, policy


def last(account):
    return account.calls.since()[-1]


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response


@pytest.fixture
def shelf(account, bucket):
    """A bucket with one object."""
    account.client("s3").put_object(Bucket=bucket, Key="a/one", Body=b"1")
    return bucket


def test_a_role_may_what_its_policy_allows(account, people, shelf):
    role = people.role("may-read", allow("s3:GetObject", f"arn:aws:s3:::{shelf}/a/*"))
    assert people.as_role(role, "s3").get_object(Bucket=shelf, Key="a/one")["Body"].read() == b"1"
    call = last(account)
    assert (call.decision.kind, call.principal_arn) == (
        "allowed", f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/may-read/lambda",
    )  # fmt: skip
    assert [(each.action, each.resource) for each in call.decision.requests] == [
        ("s3:GetObject", f"arn:aws:s3:::{shelf}/a/one")
    ]


def test_a_role_may_nothing_else_and_the_answer_is_iams_own_sentence(account, people, shelf):
    role = people.role("may-not-write", allow("s3:GetObject"))
    response = refusal(people.as_role(role, "s3").put_object, Bucket=shelf, Key="a/two", Body=b"2")
    assert response["Error"]["Code"] == "AccessDenied"
    assert response["Error"]["Message"].startswith(
        f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/may-not-write/lambda is not authorized to perform: "
        f"s3:PutObject on resource:"
    )
    assert (last(account).decision.kind, last(account).status) == ("denied", 403)
    assert "Contents" not in account.client("s3").list_objects_v2(Bucket=shelf, Prefix="a/two")


def test_the_denied_request_is_named_among_all(account, people, shelf):
    role = people.role("half", allow("s3:PutObject"))
    refusal(people.as_role(role, "s3").put_object, Bucket=shelf, Key="a/two", Tagging="a=b")
    assert last(account).decision.refused.action == "s3:PutObjectTagging"
    assert {each.action for each in last(account).decision.requests} == {"s3:PutObject", "s3:PutObjectTagging"}


def test_a_changed_policy_counts_at_once(people, shelf):
    role = people.role("changing")
    s3 = people.as_role(role, "s3")
    refusal(s3.get_object, Bucket=shelf, Key="a/one")
    people.grant("changing", allow("s3:GetObject"))
    s3.get_object(Bucket=shelf, Key="a/one")


def test_a_bucket_may_shut_out_the_deployer(account, people, shelf):
    closed = policy({**deny("s3:DeleteObject", f"arn:aws:s3:::{shelf}/*"), "Principal": "*"})
    account.client("s3").put_bucket_policy(Bucket=shelf, Policy=closed)
    message = refusal(people.as_deployer("s3").delete_object, Bucket=shelf, Key="a/one")["Error"]["Message"]
    assert "explicit deny in a resource-based policy" in message


def test_a_policy_that_demands_tls_lets_loopback_through(account, people, shelf):
    only_tls = deny("s3:*", f"arn:aws:s3:::{shelf}/*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    account.client("s3").put_bucket_policy(Bucket=shelf, Policy=policy({**only_tls, "Principal": "*"}))
    people.as_deployer("s3").get_object(Bucket=shelf, Key="a/one")


def test_the_rehearsal_itself_is_not_decided(account, shelf):
    closed = policy({**deny("s3:GetObject", f"arn:aws:s3:::{shelf}/*"), "Principal": "*"})
    account.client("s3").put_bucket_policy(Bucket=shelf, Policy=closed)
    account.client("s3").get_object(Bucket=shelf, Key="a/one")
    assert last(account).decision.kind == "not decided"


def test_a_key_that_nobody_has_is_refused_as_such(account, people):
    stranger = account.client_for("sqs", people._credentials("AKIAIOSFODNN7EXAMPLE", "x"))
    assert refusal(stranger.list_queues)["Error"]["Code"] == "InvalidClientTokenId"
    assert (last(account).principal, last(account).principal_arn) == ("unknown", "")


def test_an_operation_that_nobody_has_mapped_is_denied_by_its_name(account, people):
    role = people.role("everything", allow("*"))
    message = refusal(people.as_role(role, "codeartifact").list_repositories)["Error"]["Message"]
    assert "NotMapped: codeartifact:ListRepositories" in message
    assert last(account).decision.kind == "denied"


def test_a_session_may_only_what_its_own_policies_allow_too(account, people, shelf):
    role = people.role("wide", allow("s3:*"))
    account.client("iam").update_assume_role_policy(
        RoleName="wide",
        PolicyDocument=policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT_ID}, "Action": "sts:AssumeRole"}),
    )
    told = people.as_deployer("sts").assume_role(
        RoleArn=role, RoleSessionName="narrow", Policy=policy(allow("s3:ListBucket"))
    )["Credentials"]
    s3 = account.client_for("s3", people.session(told))
    s3.list_objects_v2(Bucket=shelf)
    assert "session policy" in refusal(s3.get_object, Bucket=shelf, Key="a/one")["Error"]["Message"]


def test_a_boundary_cuts_off_what_a_role_holds(account, people, shelf):
    edge = account.client("iam").create_policy(PolicyName="edge", PolicyDocument=policy(allow("s3:ListBucket")))
    role = people.role("bounded", allow("s3:*"), PermissionsBoundary=edge["Policy"]["Arn"])
    message = refusal(people.as_role(role, "s3").get_object, Bucket=shelf, Key="a/one")["Error"]["Message"]
    assert "permissions boundary" in message


def test_what_athena_does_for_a_caller_is_known_as_such(account, people, shelf):
    via = {"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}
    role = people.role("by-athena", allow("s3:GetObject", Condition=via))
    s3 = people.as_role(role, "s3")
    refusal(s3.get_object, Bucket=shelf, Key="a/one")
    s3.meta.events.register("before-call", lambda params, **_: params["headers"].update({VIA_HEADER: "athena.x"}))
    s3.get_object(Bucket=shelf, Key="a/one")


class TestMissingObjects:
    def test_look_forbidden_to_who_may_not_list(self, account, people, shelf):
        role = people.role("reads-only", allow("s3:GetObject"))
        assert refusal(people.as_role(role, "s3").get_object, Bucket=shelf, Key="no")["Error"]["Code"] == "AccessDenied"
        assert refusal(people.as_role(role, "s3").head_object, Bucket=shelf, Key="no")["Error"]["Code"] == "403"
        call = last(account)
        assert (call.decision.kind, call.status) == ("allowed", 403)
        assert [(each.action, each.resource) for each in call.decision.probes] == [
            ("s3:ListBucket", f"arn:aws:s3:::{shelf}")
        ]

    def test_are_missing_to_who_may_list(self, people, shelf):
        role = people.role("lists-too", allow("s3:GetObject"))
        people.grant("lists-too", allow("s3:GetObject"), allow("s3:ListBucket", f"arn:aws:s3:::{shelf}"))
        assert refusal(people.as_role(role, "s3").get_object, Bucket=shelf, Key="no")["Error"]["Code"] == "NoSuchKey"

    def test_look_forbidden_to_who_may_list_a_prefix_only(self, people, shelf):
        prefix = {"StringLike": {"s3:prefix": "a/*"}}
        role = people.role("lists-part", allow("s3:GetObject"))
        people.grant("lists-part", allow("s3:GetObject"), allow("s3:ListBucket", Condition=prefix))
        code = refusal(people.as_role(role, "s3").get_object, Bucket=shelf, Key="a/no")["Error"]["Code"]
        assert code == "AccessDenied"

    def test_a_bucket_that_is_not_there_is_told_of(self, people):
        role = people.role("reads-nowhere", allow("s3:GetObject"))
        code = refusal(people.as_role(role, "s3").get_object, Bucket="no-such-bucket", Key="k")["Error"]["Code"]
        assert code == "NoSuchBucket"


def test_the_deployer_may_be_given_less(account):
    judge = Judge(account.home, account.principals, account.clock.now, policy(allow("s3:*")))
    deployer = account.principals.of(DEPLOYER_KEY)
    assert judge.all_of(deployer, (Need("s3:ListAllMyBuckets", "*"),)).kind == "allowed"
    assert judge.all_of(deployer, (Need("sqs:ListQueues", "*"),)).kind == "denied"


def test_the_policy_of_the_deployer_is_given_to_its_account():
    assert Account(deployer_policy=policy(allow("s3:*"))).judge.deployer_policy == policy(allow("s3:*"))
