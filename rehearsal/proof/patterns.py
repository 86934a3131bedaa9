"""From the names that were seen to patterns that will meet their like: what belongs to one run is left open."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

FEW = 3  # so many names are listed; of more, what they have in common

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_ONE_RUN = re.compile(r"\d{4}|[0-9a-f]{8}|[=.]", re.IGNORECASE)  # a date, a count, a hash, a file, a partition
_SECRET = re.compile(r"(:secretsmanager:[^:]*:[^:]*:secret:.+)-[A-Za-z0-9]{6}$")


def is_of_one_run(segment: str) -> bool:
    return _OF_ONE_RUN.search(segment) is not None


def generalised(arns: Iterable[str], stems: Sequence[str] = ()) -> list[str]:
    """Patterns that cover the resources. Whatever has a name that begins like a stem is covered by the stem."""
    named = {_of_stem(_of_kind(arn), stems) for arn in arns}
    objects = {arn for arn in named if ":s3:::" in arn and "/" in arn and not arn.endswith("*")}
    tables = {arn for arn in named if ":table/" in arn and arn.count("/") == 2 and ":glue:" in arn}
    found = (named - objects - tables) | _folders(objects) | _listed(tables)
    return sorted(pattern for pattern in found if not any(covers(other, pattern) for other in found - {pattern}))


def covers(pattern: str, narrower: str) -> bool:
    """Whether whatever the one meets is met by the other."""
    return narrower == pattern or (pattern.endswith("*") and narrower.startswith(pattern[:-1]))


def lasting_folder(names: Collection[str], most: int | None = None) -> str:
    """The folders that all names share, down to the first that is of one run; ``most`` limits how many."""
    split = [name.split("/")[:-1] for name in names]
    shared: list[str] = []
    for segments in zip(*split, strict=False):
        if len(set(segments)) > 1 or is_of_one_run(segments[0]) or len(shared) == most:
            break
        shared.append(segments[0])
    return "".join(f"{segment}/" for segment in shared)


def like(values: Collection[str]) -> str | None:
    """One pattern for the values of a key: the value itself, a folder of them, or None where they share nothing."""
    if len(values) == 1 and not any(map(is_of_one_run, next(iter(values)).split("/"))):
        return next(iter(values))
    return f"{folder}*" if (folder := lasting_folder(values)) else None


def _of_kind(arn: str) -> str:
    """As policies name what has a part that nobody chooses."""
    if ":logs:" in arn and ":log-stream:" in arn:
        return f"{arn.split(':log-stream:')[0]}:*"
    if found := _SECRET.search(arn):
        return f"{arn[: found.start()]}{found[1]}-??????"
    return _UUID.sub("*", arn)


def _of_stem(arn: str, stems: Sequence[str]) -> str:
    head, name = arn.split(":", 5)[:5], arn.split(":", 5)[-1]
    for stem in stems:
        if (at := name.find(stem)) >= 0:
            return ":".join([*head, f"{name[: at + len(stem)]}*"])
    return arn


def _folders(objects: Collection[str]) -> set[str]:
    """By bucket and first folder; an object without a folder is itself, unless it is of one run."""
    groups: dict[str, set[str]] = {}
    for arn in objects:
        bucket, _, key = arn.partition("/")
        first, slash, _ = key.partition("/")
        groups.setdefault(f"{bucket}/{first}{slash}" if slash else f"{bucket}/", set()).add(key)
    found: set[str] = set()
    for place, keys in groups.items():
        bucket = place.split("/")[0]
        if place == f"{bucket}/":
            found |= {f"{bucket}/{key}" for key in keys} if len(keys) <= FEW else {f"{bucket}/*"}
        else:
            found.add(f"{bucket}/{lasting_folder(keys)}*")
    return found


def _listed(names: Collection[str]) -> set[str]:
    """Few of a folder are listed."""
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(name.rpartition("/")[0], set()).add(name)
    return {each for folder, of in groups.items() for each in (of if len(of) <= FEW else {f"{folder}/*"})}
