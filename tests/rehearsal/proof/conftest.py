from __future__ import annotations

from collections.abc import Callable

import pytest

from rehearsal.proof import Seen
from tests.rehearsal.proof.small import asked


@pytest.fixture
def reads() -> Callable[..., list[Seen]]:
    """Reads of objects: ``reads("raw/a", "raw/b")``."""
    return lambda *keys: [asked("s3:GetObject", f"arn:aws:s3:::lake/{key}") for key in keys]
