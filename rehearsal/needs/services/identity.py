"""IAM and STS: ARNs carry paths, which calls leave out; changes look at the boundary of whom they change."""

from __future__ import annotations

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.need import Need
from rehearsal.needs.reference import ResourceType
from rehearsal.needs.service import Service

# The member that names one of a kind.
NAMED = {"group": "GroupName", "instance-profile": "InstanceProfileName", "role": "RoleName", "user": "UserName"}
_MADE = ("CreateGroup", "CreateInstanceProfile", "CreateRole", "CreateUser")
_POLICIES = ("AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy", "DetachGroupPolicy", "DetachRolePolicy",
             "DetachUserPolicy")  # fmt: skip
_OF_SESSION = ("ExternalId", "RoleSessionName", "SourceIdentity")
_BOUNDARIES = ("PutRolePermissionsBoundary", "PutUserPermissionsBoundary", "CreateRole", "CreateUser")


def iam_rule(ask: Ask) -> list[Need]:
    action = action_of(ask, IAM)
    kinds = [kind for kind in action.resource_types if kind.is_required]
    if len(kinds) != 1 or kinds[0].name not in NAMED:
        return [ask.need(need.action, need.resource, _iam_context(ask, "")) for need in generally(ask, IAM)]
    arn = _arn(ask, kinds[0])
    needs = [ask.need(action.name, arn, _iam_context(ask, arn))]
    if ask.operation == "AddRoleToInstanceProfile":
        role = _held(ask, "role", ask.needed("RoleName"))
        needs.append(ask.need("iam:PassRole", role, {"iam:PassedToService": "ec2.amazonaws.com"}))
    return needs


def assume(ask: Ask) -> list[Need]:
    """The role's trust policy has a say as well; it is the policy of this resource."""
    context = {f"sts:{name}": value for name in _OF_SESSION if (value := ask.one(name))}
    role = ask.needed("RoleArn")
    needs = [ask.need("sts:AssumeRole", role, context)]
    if ask.one("SourceIdentity"):
        needs.append(ask.need("sts:SetSourceIdentity", role, context))
    return needs


def from_elsewhere(ask: Ask) -> list[Need]:
    raise ask.refusal("trusts a provider of identities outside, of which the account has none")


def _arn(ask: Ask, kind: ResourceType) -> str:
    name = ask.needed(NAMED[kind.name])
    if ask.operation in _MADE:
        return ask.arn(f"{kind.name}{ask.one('Path') or '/'}{name}", is_global=True)
    return _held(ask, kind.name, name)


def _held(ask: Ask, kind: str, name: str) -> str:
    """One that does not exist is taken to be without a path."""
    return ask.facts.iam_arn(kind, name) or ask.arn(f"{kind}/{name}", is_global=True)


def _iam_context(ask: Ask, arn: str) -> Context:
    found: dict[str, str] = {}
    if ask.operation in _POLICIES and (policy := ask.one("PolicyArn")):
        found["iam:PolicyARN"] = policy
    held = ask.facts.boundary(arn) if arn else None
    boundary = ask.one("PermissionsBoundary") if ask.operation in _BOUNDARIES else held
    if boundary:
        found["iam:PermissionsBoundary"] = boundary
    return found


def create_policy(ask: Ask) -> list[Need]:
    path = ask.one("Path") or "/"
    return [ask.need("iam:CreatePolicy", ask.arn(f"policy{path}{ask.needed('PolicyName')}", is_global=True))]


IAM = Service(
    model="iam",
    places={
        "policy": ("PolicyArn",),
        "oidc-provider": ("OpenIDConnectProviderArn",),
        "saml-provider": ("SAMLProviderArn",),
        "CreateSAMLProvider:saml-provider": ("Name",),
        "server-certificate": ("ServerCertificateName",),
        "mfa": ("SerialNumber",),
    },
    rule=iam_rule,
    rules={"CreatePolicy": create_policy},
)

STS = Service(
    model="sts",
    places={"federated-user": ("Name",)},
    rules={"AssumeRole": assume, "AssumeRoleWithSAML": from_elsewhere, "AssumeRoleWithWebIdentity": from_elsewhere},
)
