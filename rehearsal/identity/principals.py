"""Whose an access key is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from moto.iam.models import AWSManagedPolicy

from rehearsal.identity.home import Home

# Twenty capitals and digits, as moto wants an access key.
REHEARSAL_KEY = "REHEARSAL00000000000"
DEPLOYER_KEY = "DEPLOYER000000000000"

LAMBDA = "lambda.amazonaws.com"

Kind = Literal["rehearsal", "deployer", "session", "user", "anonymous", "unknown"]


@dataclass(frozen=True)
class Principal:
    """Who signs with a key. ``name`` is for the record: role/session for a session, a user's own name.

    ``service`` is the one that took the role of a session for itself; ``issued`` is when (epoch seconds) the session
    began, ``tags`` and ``policies`` what it began with. ``function_arn`` is set where the code of a function calls.
    """

    kind: Kind
    name: str
    arn: str
    user_id: str = ""
    role_arn: str = ""
    service: str = ""
    issued: float = 0.0
    tags: tuple[tuple[str, str], ...] = ()
    policies: tuple[str, ...] | None = None
    function_arn: str = ""


class Principals:
    """Those of one account. Sessions are remembered; a user's key may be taken away at any time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[str, Principal] = {}
        self._taken_for: dict[str, str] = {}
        self.forget()

    def forget(self) -> None:
        """The account has stopped, and its sessions with it."""
        own = [_of_its_own(self._home, kind, key) for kind, key in _OWN.items()]
        self._known = {**dict(own), "": Principal("anonymous", "anonymous", "*")}
        self._taken_for.clear()

    def taken_for(self, access_key: str, service: str) -> None:
        """A service such as ``lambda.amazonaws.com`` has taken a role, and has this key now."""
        self._taken_for[access_key] = service

    def of(self, access_key: str) -> Principal:
        """Kind "unknown" for a key that nobody has."""
        found = self._known.get(access_key) or self._look_up(access_key)
        if found.kind == "session":
            self._known[access_key] = found
        return found

    def name_of(self, access_key: str) -> str:
        return self.of(access_key).name

    def as_service(self, role_arn: str, service: str, session: str) -> Principal:
        """Who a service would be that takes a role, so that it can be judged before it does."""
        role = role_of(self._home, role_arn)
        name = role_arn.rsplit("/", 1)[-1]
        arn = self._home.arn("sts", f"assumed-role/{name}/{session}")
        user_id = f"{role.id}:{session}" if role else ""
        return Principal("session", f"{name}/{session}", arn, user_id, role_arn, service)

    def _look_up(self, access_key: str) -> Principal:
        for taken in reversed(self._home.global_backend("sts").assumed_roles):
            if taken.access_key_id == access_key:
                return self._session(taken)
        iam = self._home.global_backend("iam")
        held = iam.access_keys.get(access_key)
        if held is None or not held.user_name or held.status != "Active":
            return Principal("unknown", "unknown", "")
        user = iam.users[held.user_name]
        return Principal("user", str(user.name), str(user.arn), str(user.id))

    def _session(self, taken: Any) -> Principal:
        service = self._taken_for.get(taken.access_key_id, "")
        is_code = service == LAMBDA and taken.session_name != LAMBDA.split(".")[0]
        function = self._home.arn("lambda", f"function:{taken.session_name}", self._home.region) if is_code else ""
        return Principal(
            kind="session",
            name=f"{taken.role_arn.rsplit('/', 1)[-1]}/{taken.session_name}",
            arn=str(taken.arn),
            user_id=str(taken.user_id),
            role_arn=str(taken.role_arn),
            service=service,
            issued=float(getattr(taken, "issued", 0.0)),
            tags=tuple(getattr(taken, "session_tags", ())),
            policies=_given(self._home, taken),
            function_arn=function,
        )


_OWN: dict[Kind, str] = {"rehearsal": REHEARSAL_KEY, "deployer": DEPLOYER_KEY}


def role_of(home: Home, role_arn: str) -> Any | None:
    """A role as moto has it; None where there is none."""
    roles, name = home.global_backend("iam").roles.values(), role_arn.rsplit("/", 1)[-1]
    return next((role for role in list(roles) if role.name == name and role.arn == role_arn), None)


def managed_document(home: Home, arn: str) -> str:
    """The text of a managed policy, AWS's own among them; empty, which allows nothing, where there is none."""
    policy = managed_policy(home.global_backend("iam"), arn)
    if policy is None:
        return ""
    version = next(each for each in policy.versions if each.version_id == policy.default_version_id)
    return version.document if isinstance(version.document, str) else json.dumps(version.document)


def managed_policy(iam: Any, arn: str) -> Any | None:
    """A managed policy as moto has it. Those of AWS are many, so each is put there when somebody first asks for it."""
    if arn not in iam.managed_policies and arn.split(":")[4:5] == ["aws"]:
        name = arn.rsplit("/", 1)[-1]
        told = _policies_of_aws().get(name)
        if told is not None and f"policy{told['Path']}{name}" == arn.split(":", 5)[5]:
            iam.managed_policies[arn] = AWSManagedPolicy.from_data(name, iam.account_id, iam.region_name, told)
    return iam.managed_policies.get(arn)


@cache
def _policies_of_aws() -> dict[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # 3 MB, and seldom needed

    found: dict[str, Any] = json.loads(aws_managed_policies_data)
    return found


def tags_of(tags: Any) -> Mapping[str, str]:
    """Moto keeps tags as a list of pairs, or by their keys."""
    pairs = tags.values() if isinstance(tags, dict) else tags or ()
    return {pair["Key"]: pair["Value"] for pair in pairs}


def _of_its_own(home: Home, kind: Kind, key: str) -> tuple[str, Principal]:
    return key, Principal(kind, kind, home.arn("iam", f"user/{kind}"), key)


def _given(home: Home, taken: Any) -> tuple[str, ...] | None:
    """The policies that a session was begun with, None without one. One that is not there allows nothing."""
    arns = getattr(taken, "policy_arns", ())
    if not taken.policy and not arns:
        return None
    own = (str(taken.policy),) if taken.policy else ()
    return own + tuple(managed_document(home, arn) for arn in arns)
