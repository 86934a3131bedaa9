"""Chance that comes out the same on any machine: numbers drawn by BLAKE2 from a seed and whatever they are for."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def draws(*of: object) -> tuple[int, ...]:
    """Sixteen numbers below 65,536 that depend on nothing but ``of``."""
    text = "/".join(map(str, of)).encode()
    return struct.unpack("<16H", blake2b(text, digest_size=32).digest())


def pick(choices: Sequence[T], draw: int) -> T:
    return choices[draw * len(choices) >> 16]


def pick_early(choices: Sequence[T], draw: int) -> T:
    """Like ``pick``, with the first choices more often."""
    return choices[draw * draw * len(choices) >> 32]


def is_among(draw: int, per_thousand: int) -> bool:
    return draw * 1000 >> 16 < per_thousand
