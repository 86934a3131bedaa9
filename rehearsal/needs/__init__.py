"""What a call to AWS needs: which permissions, on which resources, under which conditions a policy can look at.

A call that nobody has mapped is refused by name. Nothing here decides; see ``rehearsal.iam`` for that.
"""

from __future__ import annotations

from rehearsal.asked import Asked
from rehearsal.needs.need import Facts, Need, NotMapped

__all__ = ["FREE", "Facts", "Need", "NotMapped", "needs"]

# Whoever has credentials may ask who they are, and have them shortened, whatever the policies say.
FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})


def needs(asked: Asked, facts: Facts) -> tuple[Need, ...]:
    """All that a call must be allowed; empty only for those in ``FREE``. Raises NotMapped."""
    if f"{asked.service}:{asked.operation}" in FREE:
        return ()
    from rehearsal.needs.call import needs_of  # the reference is read when the first call is judged

    return needs_of(asked, facts)
