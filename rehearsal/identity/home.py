"""The account whose policies are read, and moto's backends of it. Reading them is no call, and leaves no trace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from moto.backends import get_backend
from moto.utilities.utils import get_partition


@dataclass(frozen=True)
class Home:
    """One account in one region."""

    account_id: str
    region: str

    @cached_property
    def partition(self) -> str:
        return str(get_partition(self.region))

    def backend(self, service: Any, region: str = "") -> Any:
        """Moto's backend of a service, by its name in moto; that of another region where one is given."""
        return _backends(service)[self.account_id][region or self.region]

    def global_backend(self, service: Any) -> Any:
        """That of a service which knows no regions, such as IAM."""
        return _backends(service)[self.account_id][self.partition]

    def arn(self, service: str, rest: str, region: str = "") -> str:
        return f"arn:{self.partition}:{service}:{region}:{self.account_id}:{rest}"


@cache
def _backends(service: Any) -> Any:
    """Moto looks its own modules through each time."""
    return get_backend(service)
