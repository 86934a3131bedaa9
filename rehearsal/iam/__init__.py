"""What IAM decides: one action on one resource, under the policies that have a say. Pure functions, no AWS."""

from rehearsal.iam.decide import decide
from rehearsal.iam.document import Document, Malformed
from rehearsal.iam.messages import message
from rehearsal.iam.parse import parse
from rehearsal.iam.patterns import action_matches, arn_matches, has_wildcards, matches, resource_matches
from rehearsal.iam.request import Judgement, Policies, Request

__all__ = [
    "Document",
    "Judgement",
    "Malformed",
    "Policies",
    "Request",
    "action_matches",
    "arn_matches",
    "decide",
    "has_wildcards",
    "matches",
    "message",
    "parse",
    "resource_matches",
]
