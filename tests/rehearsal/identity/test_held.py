from __future__ import annotations

from rehearsal.identity.held import held_by, roles
from rehearsal.identity.principals import DEPLOYER_KEY
from tests.rehearsal.identity.policies import allow, policy, trust


def held(account, role):
    return held_by(account.home, account.principals.as_service(role, "lambda.amazonaws.com", "s"))


def test_a_role_holds_its_inline_and_its_attached_policies_by_name(account, people):
    role = people.role("both", allow("s3:GetObject"))
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="shared", PolicyDocument=policy(allow("sqs:*")))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="both", PolicyArn=arn)
    assert dict(held(account, role).identity) == {"own": policy(allow("s3:GetObject")), arn: policy(allow("sqs:*"))}


def test_a_new_default_version_of_a_policy_is_what_counts(account, people):
    role = people.role("versioned")
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="changing", PolicyDocument=policy(allow("sqs:*")))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="versioned", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("sns:*")), SetAsDefault=True)
    assert list(held(account, role).identity.values()) == [policy(allow("sns:*"))]


def test_a_policy_of_aws_can_be_attached(account, people):
    role = people.role("basic")
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    account.client("iam").attach_role_policy(RoleName="basic", PolicyArn=arn)
    assert "logs:PutLogEvents" in held(account, role).identity[arn]


def test_a_boundary_is_read_and_one_that_is_missing_allows_nothing(account, people):
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="edge", PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    bound = people.role("bound", PermissionsBoundary=arn)
    lost = people.role("lost", PermissionsBoundary="arn:aws:iam::123456789012:policy/nowhere")
    assert held(account, bound).boundary == policy(allow("s3:*"))
    assert held(account, lost).boundary == ""
    assert held(account, people.role("free")).boundary is None


def test_a_user_holds_what_its_groups_do(account, people):
    key = people.user("dee", allow("s3:*")).access_key
    iam = account.client("iam")
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="read", PolicyDocument=policy(allow("sqs:*")))
    iam.add_user_to_group(GroupName="readers", UserName="dee")
    found = held_by(account.home, account.principals.of(key)).identity
    assert found == {"own": policy(allow("s3:*")), "readers/read": policy(allow("sqs:*"))}


def test_the_deployer_holds_what_it_was_given(account):
    deployer = account.principals.of(DEPLOYER_KEY)
    assert "*" in held_by(account.home, deployer).identity["deployer"]
    assert held_by(account.home, deployer, "less").identity == {"deployer": "less"}


def test_whoever_signs_nothing_holds_nothing(account):
    assert held_by(account.home, account.principals.of("")).identity == {}


def test_all_roles_are_told_with_their_trust(account, people):
    people.role("told", allow("s3:GetObject"))
    found = {role.name: role for role in roles(account.home)}["told"]
    assert found.trust == trust(Service="lambda.amazonaws.com")
    assert list(found.held.identity) == ["own"]
