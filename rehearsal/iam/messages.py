"""The words in which IAM says no."""

from __future__ import annotations

from rehearsal.iam.request import Judgement, Request

NAMES = {
    "identity": "identity-based policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scp": "service control policy",
}


def explicit(kind: str) -> str:
    if kind == "trust":
        return "with an explicit deny in the role trust policy"
    return f"with an explicit deny in {'an' if kind == 'identity' else 'a'} {NAMES[kind]}"


def implicit(kind: str, action: str) -> str:
    return f"because no {NAMES[kind]} allows the {action} action"


def allowed(kind: str, action: str) -> str:
    return f"because {'an' if kind == 'identity' else 'a'} {NAMES[kind]} allows the {action} action"


def message(request: Request, judgement: Judgement) -> str:
    """The whole sentence of an AccessDenied."""
    user = "anonymous" if request.principal == "*" else request.principal
    wanted = f"{request.action} on resource: {request.resource}"
    if judgement.is_allowed:
        return f"User: {user} is authorized to perform: {wanted} {judgement.reason}"
    if judgement.decision == "Error":
        return f"User: {user} is not authorized to perform: {wanted} because it could not be judged: {judgement.reason}"
    return f"User: {user} is not authorized to perform: {wanted} {judgement.reason}"
