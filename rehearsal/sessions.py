"""Sessions of roles: services take a role only where its trust policy lets them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError
from rehearsal.identity.principals import role_of

if TYPE_CHECKING:
    from rehearsal.account import Account


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
    """The sessions that services have begun. ``source_arn`` is the resource for which a service takes a role."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._clients: dict[tuple[str, str, str, str | None], Any] = {}
        self._lock = threading.Lock()

    def assume(
        self, role_arn: str, service_principal: str, session_name: str, source_arn: str | None = None
    ) -> Credentials:
        """Credentials of the role for a service such as ``lambda.amazonaws.com``.

        Raises TrustRefused, with the reason, unless the role's trust policy lets that service assume it.
        """
        self._check_trust(role_arn, service_principal, source_arn, is_noted=True)
        answer = self._account.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session_name)["Credentials"]
        self._account.principals.taken_for(answer["AccessKeyId"], service_principal)
        region, endpoint = self._account.region, self._account.endpoint
        keys = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
        return Credentials(*keys, region=region, endpoint=endpoint)

    def client(self, role_arn: str, service_principal: str, service_name: str, source_arn: str | None = None) -> Any:
        """A boto3 client of ``service_name`` under the role, assumed for the service; made once, then given again."""
        self._check_trust(role_arn, service_principal, source_arn, is_noted=False)
        wanted = (role_arn, service_principal, service_name, source_arn)
        with self._lock:
            if wanted not in self._clients:
                session = service_principal.split(".")[0]
                credentials = self.assume(role_arn, service_principal, session, source_arn)
                self._clients[wanted] = self._account.client_for(service_name, credentials)
            return self._clients[wanted]

    def forget(self) -> None:
        """The account has stopped, and its sessions with it."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _check_trust(self, role_arn: str, service_principal: str, source_arn: str | None, is_noted: bool) -> None:
        if role_of(self._account.home, role_arn) is None:
            raise TrustRefused(f"{service_principal} cannot assume {role_arn}: there is no such role")
        refusal = self._account.services.assume_refusal(role_arn, service_principal, source_arn, is_noted)
        if refusal:
            raise TrustRefused(f"{service_principal} cannot assume {role_arn}: {refusal}; look at its trust policy")
