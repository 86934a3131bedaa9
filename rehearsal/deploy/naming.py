"""Names that Pulumi would make up. They depend on the URN only, so deploying twice gives the same account."""

from __future__ import annotations

import hashlib


def suffix(urn: str) -> str:
    """The seven hexadecimal digits that Pulumi draws at random."""
    return hashlib.sha256(urn.encode()).hexdigest()[:7]


def auto_name(logical: str, urn: str, *, limit: int = 64, lower: bool = False, ending: str = "") -> str:
    """``logical-1a2b3c4`` and the ending, cut to the limit in the logical part."""
    stem = logical.lower() if lower else logical
    tail = f"-{suffix(urn)}{ending}"
    return stem[: limit - len(tail)] + tail


def prefixed_name(prefix: str, urn: str, *, ending: str = "") -> str:
    """What ``name_prefix`` asks for."""
    return f"{prefix}{suffix(urn)}{ending}"


def stable_id(urn: str, what: str, length: int = 32) -> str:
    """An identifier that AWS would draw at random, for parts that must have one."""
    return hashlib.sha256(f"{what} {urn}".encode()).hexdigest()[:length]
