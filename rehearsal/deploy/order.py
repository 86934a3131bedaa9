"""One resource to be made: its inputs, its names, and the clients to make it with."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config

from rehearsal.clients import make_client
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.naming import auto_name, prefixed_name

PARTITION = "aws"


class Cloud:
    """The clients of one deployment, made once per service and region."""

    # Calls that moto lacks answer 5xx; botocore would repeat each of them for seconds.
    _CONFIG = Config(retries={"total_max_attempts": 1}, max_pool_connections=32, s3={"addressing_style": "path"})

    def __init__(self, region: str) -> None:
        self.region = region
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._account_id = ""
        self._claimed: set[str] = set()

    def client(self, service: str, region: str = "") -> Any:
        key = (service, region or self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = make_client(service, region_name=key[1], config=self._CONFIG)
            return self._clients[key]

    def is_first(self, what: str) -> bool:
        """True once for each thing that there can be only one of."""
        with self._lock:
            is_first = what not in self._claimed
            self._claimed.add(what)
        return is_first

    @property
    def account_id(self) -> str:
        if not self._account_id:
            self._account_id = self.client("sts").get_caller_identity()["Account"]
        return self._account_id


@dataclass(frozen=True)
class Order:
    """What a handler gets."""

    cloud: Cloud
    type: str
    name: str
    urn: str
    inputs: Inputs
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return self.cloud.client(service, self.region)

    @property
    def account_id(self) -> str:
        return self.cloud.account_id

    def arn(self, service: str, rest: str) -> str:
        return f"arn:{PARTITION}:{service}:{self.region}:{self.account_id}:{rest}"

    @property
    def tags(self) -> dict[str, str]:
        """The tags of the resource over the provider's default tags."""
        return {**self.default_tags, **self.inputs.value("tags", {})}

    def tag_list(self, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
        return [{key: name, value: text} for name, text in sorted(self.tags.items())]

    def physical_name(self, *, limit: int = 64, lower: bool = False, ending: str = "", key: str = "name") -> str:
        """The name given, or from ``name_prefix``, or one made up as Pulumi does."""
        if key in self.inputs:
            return str(self.inputs[key])
        prefix = f"{key}Prefix"
        if prefix in self.inputs:
            return prefixed_name(self.inputs[prefix], self.urn, ending=ending)
        return auto_name(self.name, self.urn, limit=limit, lower=lower, ending=ending)
