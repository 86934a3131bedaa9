"""Who calls: the rehearsal, the deployer, or a session of a role, assumed only where its trust policy allows."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from rehearsal.errors import RehearsalError
from rehearsal.trust import trust_refusal

if TYPE_CHECKING:
    from rehearsal.account import Account

# Twenty capitals and digits, as moto wants an access key; who they are is for the record.
REHEARSAL_KEY = "REHEARSAL00000000000"
DEPLOYER_KEY = "DEPLOYER000000000000"
KNOWN = {REHEARSAL_KEY: "rehearsal", DEPLOYER_KEY: "deployer", "": "anonymous"}


class TrustRefused(RehearsalError):
    """A role does not exist, or its trust policy does not let the service assume it."""


@dataclass(frozen=True)
class Credentials:
    """Keys, and where they count."""

    access_key: str
    secret_key: str
    session_token: str
    region: str
    endpoint: str

    def environment(self) -> dict[str, str]:
        """The variables from which every AWS SDK takes its credentials, region and endpoint."""
        variables = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.session_token,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return {name: value for name, value in variables.items() if value}


class Sessions:
    """The sessions of an account's roles."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._names = dict(KNOWN)
        self._lock = threading.Lock()

    def assume(
        self, role_arn: str, service_principal: str, session_name: str, source_arn: str | None = None
    ) -> Credentials:
        """Credentials of the role for a service such as ``lambda.amazonaws.com``, acting for ``source_arn``.

        Raises TrustRefused, with the reason, unless the role's trust policy lets that service assume it.
        """
        self._check_trust(role_arn, service_principal, source_arn)
        answer = self._account.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session_name)["Credentials"]
        region, endpoint = self._account.region, self._account.endpoint
        keys = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
        return Credentials(*keys, region=region, endpoint=endpoint)

    def client(self, role_arn: str, service_principal: str, service_name: str) -> Any:
        """A boto3 client of ``service_name`` under the role, assumed for the service; made once, then given again."""
        self._check_trust(role_arn, service_principal, None)
        wanted = (role_arn, service_principal, service_name)
        with self._lock:
            if wanted not in self._clients:
                credentials = self.assume(role_arn, service_principal, service_principal.split(".")[0])
                self._clients[wanted] = self._account.client_for(service_name, credentials)
            return self._clients[wanted]

    def forget(self) -> None:
        """The account has stopped, and its sessions with it."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._names = dict(KNOWN)

    def name_of(self, access_key: str) -> str:
        """The principal that an access key belongs to: ``role/session`` for a session, "unknown" for a foreign key."""
        if access_key not in self._names and (name := self._look_up(access_key)):
            self._names[access_key] = name
        return self._names.get(access_key, "unknown")

    def _look_up(self, access_key: str) -> str | None:
        for role in reversed(sts_backends[self._account.account_id]["aws"].assumed_roles):
            if role.access_key_id == access_key:
                return f"{role.role_arn.rsplit('/', 1)[-1]}/{role.session_name}"
        held = iam_backends[self._account.account_id]["aws"].access_keys.get(access_key)
        return str(held.user_name) if held and held.user_name else None

    def _check_trust(self, role_arn: str, service_principal: str, source_arn: str | None) -> None:
        try:
            role = iam_backends[self._account.account_id]["aws"].get_role_by_arn(role_arn)
        except NotFoundException as missing:
            raise TrustRefused(f"{service_principal} cannot assume {role_arn}: there is no such role") from missing
        context = {"aws:sourceaccount": self._account.account_id}
        if source_arn:
            context["aws:sourcearn"] = source_arn
        refusal = trust_refusal(_policy(role.assume_role_policy_document), service_principal, context)
        if refusal:
            raise TrustRefused(f"{service_principal} cannot assume {role_arn}: {refusal}; look at its trust policy")


def _policy(document: str | dict[str, Any]) -> dict[str, Any]:
    found = json.loads(unquote(document)) if isinstance(document, str) else document
    return found if isinstance(found, dict) else {}
