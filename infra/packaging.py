"""Deployment packages: the same sources give the same bytes, wherever and whenever they are built.

``python -m infra.packaging`` builds them all, after which they can be built again without a network.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from infra.errors import PackagingError
from infra.vendor import vendored

ROOT = Path(__file__).resolve().parent.parent
LIMIT_BYTES = 20_000_000  # unzipped: a small package starts fast
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
PLAIN_FILE = 0o100644 << 16
LEVEL = 6
OF_SOURCES = ("sources", "etl")  # the rooms that other programs add to

# What pip leaves behind that differs from machine to machine, or that a function has no use for.
INSTALL_NOTES = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
UNUSED_FOLDERS = ("__pycache__", "tests", "test", "bin")


@dataclass(frozen=True)
class Packager:
    """Builds from the modules under ``root`` into ``build``."""

    root: Path = ROOT  # the folder with the functions, the jobs and what they import
    build: Path = ROOT / "build"  # where packages are put
    extra: tuple[Path, ...] = ()  # folders of other programs, with sources/, etl/ and queries/ of their own

    def extract(self) -> Path:
        """The extract function, with the libraries it takes along. boto3 comes from the runtime."""
        libraries = vendored(self.root / "lambdas" / "requirements.txt", self.build)
        return self._zip("extract.zip", {**_libraries(libraries), **self._rooms("sources", "lambdas")})

    def conduct(self) -> Path:
        """The functions that move runs along; they need nothing but the runtime."""
        return self._zip("conduct.zip", self._rooms("sources", "lambdas"))

    def etl(self) -> Path:
        """What the scripts of Glue jobs import."""
        return self._zip("lake.zip", self._rooms("sources", "etl"))

    def script(self, name: str) -> Path:
        """The script of a Glue job, as it stands."""
        return self.root / "etl" / "jobs" / f"{name}.py"

    def _rooms(self, *rooms: str) -> dict[str, bytes]:
        """All modules of these rooms. What another program adds stands there as if it were ours."""
        found = _modules(self.root, rooms)
        for folder in self.extra:
            added = _modules(folder, [room for room in rooms if room in OF_SOURCES])
            for name in added:
                if name in found:
                    raise PackagingError(f"{folder / name}: there is a module {name} already; give it another name")
            found |= added
        return found

    def _zip(self, name: str, files: Mapping[str, bytes]) -> Path:
        size = sum(map(len, files.values()))
        if size > LIMIT_BYTES:
            largest = max(files, key=lambda file: len(files[file]))
            raise PackagingError(
                f"{name} has {size:,} bytes unzipped, and {LIMIT_BYTES:,} are allowed; its largest file is {largest}"
            )
        folder = self.build / self._of_others()
        folder.mkdir(parents=True, exist_ok=True)
        return _write_whole(folder / name, files)

    def _of_others(self) -> str:
        """A folder for packages with additions: two programs that are deployed at once do not take each other's."""
        added = "\n".join(str(folder.resolve()) for folder in self.extra)
        return hashlib.sha256(added.encode()).hexdigest()[:12] if added else ""


def sha256_hex(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sha256_base64(path: Path) -> str:
    """As Lambda writes the hash of a package."""
    return base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def hashed_name(path: Path) -> str:
    """``curate.py`` is ``curate-1a2b3c4d5e6f.py``: what has changed gets a new name, and so is really used."""
    return f"{path.stem}-{sha256_hex(path)[:12]}{path.suffix}"


def _modules(folder: Path, rooms: Iterable[str]) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for room in rooms
        for path in sorted((folder / room).rglob("*.py"))
    }


def _libraries(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _useful(folder)}


def _useful(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = PurePosixPath(path.relative_to(folder)).parts
        is_note = parts[0].endswith(".dist-info") and path.name in INSTALL_NOTES
        if path.is_file() and not is_note and not set(parts[:-1]) & set(UNUSED_FOLDERS):
            yield path


def _write_whole(path: Path, files: Mapping[str, bytes]) -> Path:
    """Replace ``path`` in one step: no reader sees half a package, and a cut-off build leaves the old one."""
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as package:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.create_system, entry.external_attr = 3, PLAIN_FILE
                package.writestr(entry, files[name], zipfile.ZIP_DEFLATED, LEVEL)
        Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
    return path


def main() -> None:
    packager = Packager()
    for package in (packager.extract(), packager.conduct(), packager.etl()):
        print(f"{package.relative_to(ROOT)} {package.stat().st_size:,} bytes {sha256_hex(package)[:12]}")


if __name__ == "__main__":
    main()
