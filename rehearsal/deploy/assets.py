"""The bytes of Pulumi assets and archives. Zips are reproducible: same files, same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi

_MOMENT = (1980, 1, 1, 0, 0, 0)  # The earliest that zip knows: file times would change the package's hash.


class AssetError(Exception):
    """An asset that cannot be read: a missing file, or one that lies on another machine."""


def asset_bytes(source: Any) -> bytes:
    """The content of an asset; of an archive, its zip."""
    if isinstance(source, pulumi.FileAsset):
        return _read(Path(source.path))
    if isinstance(source, pulumi.StringAsset):
        return source.text.encode()
    if isinstance(source, pulumi.FileArchive) and Path(source.path).is_file():
        return _read(Path(source.path))
    if isinstance(source, pulumi.FileArchive | pulumi.AssetArchive):
        return _zip(sorted(_members(source, "")))
    raise AssetError(f"{type(source).__name__} is fetched from elsewhere; a rehearsal reads local files only")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {error.strerror}") from error


def _members(source: Any, name: str) -> Iterator[tuple[str, bytes]]:
    """Name in the zip, and content, of each file below the source."""
    if isinstance(source, pulumi.AssetArchive):
        for part, inner in source.assets.items():
            yield from _members(inner, f"{name}/{part}" if name else part)
    elif isinstance(source, pulumi.FileArchive) and Path(source.path).is_dir():
        root = Path(source.path)
        for path in root.rglob("*"):
            if path.is_file():
                yield "/".join(filter(None, (name, path.relative_to(root).as_posix()))), _read(path)
    elif isinstance(source, pulumi.FileArchive):
        yield from _unzipped(_read(Path(source.path)), name, source.path)
    else:
        yield name, asset_bytes(source)


def _unzipped(content: bytes, name: str, path: str) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                if not member.endswith("/"):
                    yield "/".join(filter(None, (name, member))), archive.read(member)
    except zipfile.BadZipFile as error:
        raise AssetError(f"{path} is neither a folder nor a zip file") from error


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    if not members:
        raise AssetError("the archive holds no file")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()
