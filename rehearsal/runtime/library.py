"""What a function finds beside its own zip: boto3, and AWS's runtime client where there is one. Nothing else.

A folder of links to the distributions installed here, since their own folder holds everything else too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

LAMBDA = ("boto3", "awslambdaric")  # awslambdaric has no wheels for other systems than Linux
CLOCK = ("time-machine",)


def distributions(with_aws_client: bool) -> tuple[str, ...]:
    return LAMBDA if with_aws_client else LAMBDA[:1]


def link(wanted: Iterable[str], folder: Path) -> Path:
    """Fill a folder with links to these distributions and all that they require; one not installed is left out."""
    folder.mkdir(parents=True)
    for target in _targets(tuple(wanted)):
        (folder / target.name).symlink_to(target)
    return folder


@cache
def _targets(wanted: tuple[str, ...]) -> frozenset[Path]:
    """Looked for once: what is installed does not change under a process."""
    return frozenset(path for name in closure(wanted) for path in _top_level(metadata.distribution(name)))


def closure(wanted: Iterable[str]) -> set[str]:
    """The distributions and, without extras, what they require. Names are normalised."""
    found: set[str] = set()
    open_names = [_normal(name) for name in wanted]
    while open_names:
        name = open_names.pop()
        if name in found or not _is_installed(name):
            continue
        found.add(name)
        open_names += [_required(line) for line in metadata.requires(name) or () if "extra ==" not in line]
    return found


def _top_level(distribution: metadata.Distribution) -> set[Path]:
    names = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
    return {Path(str(distribution.locate_file(name))) for name in names}


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _required(line: str) -> str:
    return _normal(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
