"""S3: what a bucket policy says of a call is not moto's to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.iam.access_control import PermissionResult


def decide_nothing(_original: Callable[..., Any]) -> Callable[..., Any]:
    """FakeBucket.get_permission. Moto passes over conditions, so a policy that demands TLS denies every call."""

    def get_permission(_bucket: Any, _action: str, _resource: str) -> PermissionResult:
        return PermissionResult.NEUTRAL

    return get_permission
