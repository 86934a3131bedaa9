"""Calls to S3 about more than one object: copies, and many deletions at once."""

from __future__ import annotations

from xml.etree import ElementTree

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need
from rehearsal.needs.services.s3_context import on
from rehearsal.needs.services.s3_keys import source_of
from rehearsal.needs.services.s3_tables import VERSIONED

_NO_BYPASS = "false"


def copy(ask: Ask, target: str) -> list[Need]:
    """Tags come along unless the call replaces them; then they are read and written like the object."""
    bucket, key, version = source_of(ask)
    source = f"{bucket}/{key}"
    needs = [_read(ask, "GetObject", source, version), on(ask, "PutObject", target)]
    takes_tags = ask.asked.headers.get("x-amz-tagging-directive", "COPY") == "COPY"
    if takes_tags and ask.facts.tags(f"arn:{ask.facts.partition}:s3:::{source}"):
        needs += [_read(ask, "GetObjectTagging", source, version), on(ask, "PutObjectTagging", target)]
    return needs


def part_of_copy(ask: Ask) -> list[Need]:
    bucket, key, version = source_of(ask)
    target = f"{ask.needed('Bucket')}/{ask.needed('Key')}"
    return [_read(ask, "GetObject", f"{bucket}/{key}", version), on(ask, "PutObject", target)]


def delete_all(ask: Ask) -> list[Need]:
    """One need for each object. The service answers for each by itself; here one that is denied denies them all."""
    bucket, needs = ask.needed("Bucket"), []
    for key, version in _listed(ask):
        action = "DeleteObject" if version is None else VERSIONED["DeleteObject"]
        named = {} if version is None else {"s3:versionid": version}
        needs.append(on(ask, action, f"{bucket}/{key}", named))
        if ask.asked.headers.get("x-amz-bypass-governance-retention", _NO_BYPASS).lower() != _NO_BYPASS:
            needs.append(on(ask, "BypassGovernanceRetention", f"{bucket}/{key}"))
    return needs


def _read(ask: Ask, action: str, source: str, version: str | None) -> Need:
    if version is None:
        return on(ask, action, source)
    return on(ask, VERSIONED[action], source, {"s3:versionid": version})


def _listed(ask: Ask) -> list[tuple[str, str | None]]:
    """Key and version of each object in the body. Raises NotMapped for a body that is something else."""
    body = ask.asked.body
    text = body[body.find(b"<") : body.rfind(b">") + 1]  # without the frame in which some clients send it
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ask.refusal(f"lists no objects ({error})") from error
    found: list[tuple[str, str | None]] = []
    for each in root:
        inner = {child.tag.rpartition("}")[2]: child.text or "" for child in each}
        if each.tag.rpartition("}")[2] == "Object":
            found.append((inner.get("Key", ""), inner.get("VersionId") or None))
    return found
