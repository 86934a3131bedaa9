"""The clients of one removal: those of the identity, and the account, that an environment leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.config import Config

from rehearsal.clients import make_client

# As for the deployment: one attempt, as a call that is missing here is not better the second time.
_CONFIG = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


class Clients:
    """Made once per service and region, from the variables (AWS_*) alone: the files of the user do not count."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str) -> Any:
        if (service, region) not in self._clients:
            self._clients[service, region] = make_client(
                service,
                region_name=region or self._environment.get("AWS_DEFAULT_REGION"),
                endpoint_url=self._environment["AWS_ENDPOINT_URL"],
                aws_access_key_id=self._environment["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=self._environment["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=self._environment.get("AWS_SESSION_TOKEN"),
                config=_CONFIG,
            )
        return self._clients[service, region]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
