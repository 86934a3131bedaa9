"""What every limit is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rehearsal.asked import Asked
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

Limit = Callable[[Asked, View, Warnings], Refusal | None]
Limits = Mapping[str, tuple[Limit, ...]]  # for each operation, in the order in which they are asked
