"""What a policy can look at in a call to S3: most keys are headers or parameters of the query by the same name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import parse_qsl

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.need import Need
from rehearsal.needs.reference import condition_keys

_TAG = re.compile(rb"<Tag>\s*<Key>(.*?)</Key>\s*<Value>(.*?)</Value>|<Tag>\s*<Key>(.*?)</Key>\s*<Value\s*/>", re.DOTALL)
_LOCATION = re.compile(rb"<LocationConstraint[^>]*>([^<]+)<")
_OF_QUERY = {"s3:prefix": "prefix", "s3:delimiter": "delimiter", "s3:max-keys": "max-keys", "s3:versionid": "versionId"}
_OF_HEADER = {
    "s3:if-match": "if-match",
    "s3:if-none-match": "if-none-match",
    "s3:object-lock-mode": "x-amz-object-lock-mode",
    "s3:object-lock-retain-until-date": "x-amz-object-lock-retain-until-date",
    "s3:object-lock-legal-hold": "x-amz-object-lock-legal-hold",
}


def on(ask: Ask, action: str, target: str, more: Context | None = None) -> Need:
    """An action of S3 on a bucket, or on "bucket/key"."""
    name = f"s3:{action}"
    resource = target if target == "*" else f"arn:{ask.facts.partition}:s3:::{target}"
    return ask.need(name, resource, {**_context(ask, name, resource), **(more or {})})


def context(ask: Ask) -> Context:
    """What every call to S3 shows, whatever its action."""
    by_query = "X-Amz-Signature" in ask.asked.query
    found: dict[str, str | Sequence[str]] = {"s3:ResourceAccount": ask.facts.account_id}
    if ask.asked.access_key:
        found["s3:authType"] = "REST-QUERY-STRING" if by_query else "REST-HEADER"
        found["s3:signatureversion"] = "AWS4-HMAC-SHA256"
    if content := ask.asked.headers.get("x-amz-content-sha256"):
        found["s3:x-amz-content-sha256"] = content
    return found


def tags_of(ask: Ask) -> dict[str, str]:
    """The tags that a call gives to an object, in a header or in its body."""
    if header := ask.asked.headers.get("x-amz-tagging"):
        return dict(parse_qsl(header, keep_blank_values=True))
    if "tagging" not in ask.asked.query:
        return {}
    pairs = ((key or alone, value) for key, value, alone in _TAG.findall(ask.asked.body))
    return {key.decode(): value.decode() for key, value in pairs}


@cache
def _sources(action: str) -> tuple[tuple[str, str, str], ...]:
    """Key, where it is, and its name there, of all that the action looks at."""
    keys = condition_keys(action)
    versioned = {"s3:versionid"} if "Version" in action else set()
    found = [(key, "query", _OF_QUERY[key]) for key in _OF_QUERY if key in keys | versioned]
    found += [(key, "header", _OF_HEADER[key]) for key in _OF_HEADER if key in keys]
    found += [(key, "header", key.removeprefix("s3:")) for key in sorted(keys) if key.startswith("s3:x-amz-")]
    return tuple(found)


def _context(ask: Ask, action: str, resource: str) -> Context:
    found = dict(context(ask))
    places = {"query": ask.asked.query, "header": ask.asked.headers}
    for key, place, name in _sources(action):
        if (value := places[place].get(name)) is not None:
            found[key] = value
    if "s3:x-amz-copy-source" in found:
        found["s3:x-amz-copy-source"] = str(found["s3:x-amz-copy-source"]).lstrip("/")
    keys = condition_keys(action)
    if "s3:RequestObjectTagKeys" in keys and (tags := tags_of(ask)):
        found["s3:RequestObjectTagKeys"] = list(tags)
        found.update({f"s3:RequestObjectTag/{name}": value for name, value in tags.items()})
    if "s3:ExistingObjectTag/<key>" in keys:
        held = ask.facts.tags(resource)
        found.update({f"s3:ExistingObjectTag/{name}": value for name, value in held.items()})
    if "s3:locationconstraint" in keys and (location := _LOCATION.search(ask.asked.body)):
        found["s3:locationconstraint"] = location[1].decode()
    return found
