"""The policies of a request, read, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.iam.document import Document, Kind, Malformed, Question
from rehearsal.iam.parse import parse
from rehearsal.iam.reading import short
from rehearsal.iam.request import Policies


@dataclass(frozen=True)
class Sides:
    """None is a side that there is not, and so does not limit. ``scps`` holds a tuple for each level."""

    identity: tuple[Document, ...]
    resource: Document | None
    boundary: Document | None
    session: tuple[Document, ...] | None
    scps: tuple[tuple[Document, ...], ...]

    def denial(self, question: Question) -> Kind | None:
        """The kind of a policy that denies. Those of the organization count for its own callers only."""
        documents = [*self._scps(question), *self.identity, *self._limits()]
        documents += [self.resource] if self.resource else []
        return next((document.kind for document in documents if document.denies(question)), None)

    def do_scps_allow(self, question: Question) -> bool:
        if not question.caller.is_under_scps:
            return True
        return all(any(document.allows(question) for document in level) for level in self.scps)

    def does_identity_allow(self, question: Question) -> bool:
        return any(document.allows(question) for document in self.identity)

    def limit(self, question: Question) -> Kind | None:
        """The kind of policy that keeps the caller's own permissions from what was asked."""
        if self.boundary and not self.boundary.allows(question):
            return "boundary"
        if self.session is not None and not any(document.allows(question) for document in self.session):
            return "session"
        return None

    def _limits(self) -> Iterator[Document]:
        yield from [self.boundary] if self.boundary else []
        yield from self.session or ()

    def _scps(self, question: Question) -> Iterator[Document]:
        if question.caller.is_under_scps:
            for level in self.scps:
                yield from level


def sides_of(policies: Policies, is_trust: bool) -> Sides:
    """Raises Malformed when one policy is."""
    session = _each(policies.session, "session")
    return Sides(
        identity=_each(policies.identity, "identity"),
        resource=None if policies.resource is None else parse(policies.resource, "trust" if is_trust else "resource"),
        boundary=None if policies.boundary is None else parse(policies.boundary, "boundary"),
        session=session or None,
        scps=_levels(policies.scps),
    )


def _each(given: Any, kind: Kind) -> tuple[Document, ...]:
    """One policy or several; none for None and for an empty list."""
    return tuple(parse(each, kind) for each in _listed(given, kind))


def _levels(given: Any) -> tuple[tuple[Document, ...], ...]:
    listed = _listed(given, "scp")
    are_lists = {_is_list(each) for each in listed}
    if are_lists == {True}:
        return tuple(_each(each, "scp") for each in listed)
    if len(are_lists) > 1:
        raise Malformed(f"scps are {short(given)}, expected policies, or a list of policies for each level")
    return (_each(listed, "scp"),) if listed else ()


def _listed(given: Any, kind: Kind) -> Sequence[Any]:
    if given is None:
        return ()
    if isinstance(given, str | Mapping):
        return (given,)
    if not _is_list(given):
        raise Malformed(f"{kind} policies are {short(given)}, expected a policy or a list of policies")
    return list(given)


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str | bytes | bytearray)
