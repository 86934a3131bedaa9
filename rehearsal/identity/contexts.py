"""The keys that conditions may look at: what is known of a caller, and of any call.

``aws:SourceIp`` is not among them. The functions and jobs of a rehearsal have no address that AWS would see, so a
condition on it holds for nobody. ``aws:SecureTransport`` is "true": the way over loopback stands for TLS.
"""

from __future__ import annotations

from datetime import UTC, datetime

from rehearsal.asked import Asked
from rehearsal.iam.request import Value
from rehearsal.identity.home import Home
from rehearsal.identity.principals import Principal, role_of, tags_of

Keys = dict[str, Value | list[str]]

TYPES = {"session": "AssumedRole", "user": "User", "deployer": "User", "anonymous": "Anonymous"}
GLOBAL = frozenset({"iam", "budgets", "cloudfront", "route53"})  # their calls count as made in us-east-1

# The services that AWS lists as leaving their names in aws:CalledVia.
CALLED_VIA = frozenset({"athena", "cloudformation", "dynamodb", "kms"})


def of_principal(home: Home, principal: Principal) -> Keys:
    """What is known of who calls, whatever the call."""
    kind = TYPES.get(principal.kind)
    if kind is None:
        return {}
    if kind == "Anonymous":
        return {"aws:PrincipalType": kind, "aws:PrincipalIsAWSService": "false"}
    keys: Keys = {
        "aws:PrincipalArn": principal.role_arn or principal.arn,
        "aws:PrincipalAccount": home.account_id,
        "aws:PrincipalType": kind,
        "aws:PrincipalIsAWSService": "false",
        "aws:userid": principal.user_id,
    }
    if kind == "User":
        keys["aws:username"] = principal.name
    if principal.issued:
        keys["aws:TokenIssueTime"] = iso(principal.issued)
    if principal.function_arn:
        keys["lambda:SourceFunctionArn"] = principal.function_arn
    return keys | _tags(home, principal)


def of_service(home: Home, service: str) -> Keys:
    """What is known of a service that acts for itself."""
    return {
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:PrincipalServiceNamesList": [service],
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        "aws:ResourceAccount": home.account_id,
    }


def of_source(home: Home, source_arn: str | None) -> Keys:
    """For which of the account's resources a service acts."""
    return {"aws:SourceAccount": home.account_id, **({"aws:SourceArn": source_arn} if source_arn else {})}


def of_call(home: Home, asked: Asked | None, via: str) -> Keys:
    """What is known of a call. ``via`` is the service that makes it in the caller's name; empty for none."""
    service = asked.service if asked else ""
    keys: Keys = {
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "true" if via else "false",
        "aws:RequestedRegion": "us-east-1" if service in GLOBAL else home.region,
    }
    if via.split(".")[0] in CALLED_VIA:
        name = f"{via.split('.')[0]}.amazonaws.com"
        keys |= {"aws:CalledVia": [name], "aws:CalledViaFirst": name, "aws:CalledViaLast": name}
    if asked is not None:
        told = {"aws:UserAgent": "user-agent", "aws:Referer": "referer"}
        keys |= {key: asked.headers[header] for key, header in told.items() if asked.headers.get(header)}
    return keys


def of_moment(moment: float) -> Keys:
    """The time by the rehearsal's clock."""
    return {"aws:CurrentTime": iso(moment), "aws:EpochTime": int(moment)}


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tags(home: Home, principal: Principal) -> Keys:
    """Those of the role or user; those that a session began with win."""
    if principal.kind == "session":
        role = role_of(home, principal.role_arn)
        held = tags_of(role.tags) if role is not None else {}
    else:
        held = tags_of(home.global_backend("iam").tagger.list_tags_for_resource(principal.arn)["Tags"])
    return {f"aws:PrincipalTag/{key}": value for key, value in {**held, **dict(principal.tags)}.items()}
