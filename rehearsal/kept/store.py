"""The file: names and what belongs to them as JSON, bodies of objects as they are, in one SQLite database."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rehearsal.kept.errors import KeptDamaged, KeptError, KeptFull, KeptOfAnotherVersion

FILE = "lake.db"
FORMAT = 1
APPLICATION = 0x4C414B45  # marks the file as ours
PATIENCE_SECONDS = 10.0  # how long a transaction waits for another process that only looks

SCHEMA = (
    "CREATE TABLE kept (part TEXT, place TEXT, name TEXT, value TEXT NOT NULL, PRIMARY KEY (part, place, name))",
    "CREATE TABLE bodies (place TEXT, name TEXT, body BLOB NOT NULL, PRIMARY KEY (place, name))",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORMAT}",
)


class Name(NamedTuple):
    """What one row is about: the part of the account, the container in it, and the name in that container."""

    part: str
    place: str
    name: str


class Batch:
    """Changes that are written together or not at all."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, tuple[Any, ...]]] = []

    def put(self, name: Name, value: Any) -> None:
        """A name that is known keeps its place in the order."""
        upsert = "INSERT INTO kept VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        self.statements.append((upsert, (*name, json.dumps(value, separators=(",", ":")))))

    def put_body(self, place: str, name: str, body: bytes) -> None:
        upsert = "INSERT INTO bodies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"
        self.statements.append((upsert, (place, name, body)))

    def drop(self, name: Name) -> None:
        self.statements.append(("DELETE FROM kept WHERE part = ? AND place = ? AND name = ?", tuple(name)))

    def drop_body(self, place: str, name: str) -> None:
        self.statements.append(("DELETE FROM bodies WHERE place = ? AND name = ?", (place, name)))

    def drop_place(self, part: str, place: str) -> None:
        self.statements.append(("DELETE FROM kept WHERE part = ? AND place = ?", (part, place)))

    def drop_part(self, part: str) -> None:
        self.statements.append(("DELETE FROM kept WHERE part = ?", (part,)))


class Store:
    """An open file. Calls from several threads are taken one at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        self._lock = threading.RLock()

    @classmethod
    def for_writing(cls, folder: Path) -> Store:
        """The file of a folder, made when there is none."""
        path = folder / FILE
        if not path.exists():
            _create(path)
        return cls._opened(path)

    @classmethod
    def for_looking(cls, folder: Path) -> Store:
        """The file as it is at this moment: what others write from now on is not seen."""
        path = folder / FILE
        if not path.exists():
            raise KeptError(f"there is no lake in {folder}: {FILE} is missing; look for another folder, or make one")
        return cls._opened(path, is_snapshot=True)

    @classmethod
    def _opened(cls, path: Path, is_snapshot: bool = False) -> Store:
        connection = None
        try:
            connection = _connect(path)
            _check(path, connection)
            if is_snapshot:
                connection.execute("PRAGMA query_only = ON")
                connection.execute("BEGIN")
                connection.execute("SELECT 1 FROM kept LIMIT 1").fetchall()  # from here on it reads what is now
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise _unusable(path, error) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        return cls(path, connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def rows(self, part: str, place: str | None = None) -> Iterator[tuple[str, str, Any]]:
        """Place, name and value of all rows of a part, or of one place in it, in the order first written."""
        where, given = ("part = ?", (part,)) if place is None else ("part = ? AND place = ?", (part, place))
        query = f"SELECT place, name, value FROM kept WHERE {where} ORDER BY rowid"
        for found_place, name, value in self._read(query, given):
            yield found_place, name, json.loads(value)

    def value(self, name: Name) -> Any:
        """What belongs to a name, or None."""
        found = self._read("SELECT value FROM kept WHERE part = ? AND place = ? AND name = ?", tuple(name))
        return json.loads(found[0][0]) if found else None

    def body(self, place: str, name: str) -> bytes:
        found = self._read("SELECT body FROM bodies WHERE place = ? AND name = ?", (place, name))
        if not found:
            raise KeptDamaged(_damaged(self.path, f"the body of {place}/{name} is missing"))
        return bytes(found[0][0])

    def write(self, batch: Batch) -> None:
        """All of a batch, on the disk's side of this process when it returns. Raises KeptFull."""
        with self._lock:
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    for statement, given in batch.statements:
                        self._connection.execute(statement, given)
            except sqlite3.Error as error:
                raise _unwritable(self.path, error) from error

    def _read(self, query: str, given: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(query, given).fetchall()
            except sqlite3.Error as error:
                raise _unusable(self.path, error) from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    # A process that is killed loses nothing by NORMAL; a machine that loses power may lose the last moments.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _create(path: Path) -> None:
    """Under another name until it is whole, so that an empty file is always a damaged one."""
    unfinished = path.with_suffix(".new")
    try:
        unfinished.unlink(missing_ok=True)
        connection = _connect(unfinished)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            for statement in SCHEMA:
                connection.execute(statement)
        finally:
            connection.close()
        unfinished.replace(path)
    except (sqlite3.Error, OSError) as error:
        raise _unwritable(path, error) from error


def _check(path: Path, connection: sqlite3.Connection) -> None:
    """That it is a lake, of our format, and whole in all that is read at once; bodies are read when asked for."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise KeptDamaged(_damaged(path, "it is not the database of a lake"))
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found != FORMAT:
        age = "a newer" if found > FORMAT else "an older"
        raise KeptOfAnotherVersion(
            f"{path} was written by {age} version of this program (format {found}, this one reads {FORMAT}); "
            "use that version, or move the folder away to begin anew"
        )
    problem = connection.execute("PRAGMA quick_check(kept)").fetchone()[0]
    if problem != "ok":
        raise KeptDamaged(_damaged(path, " ".join(str(problem).split())))
    spoilt = connection.execute("SELECT part, place, name FROM kept WHERE NOT json_valid(value) LIMIT 1").fetchone()
    if spoilt:
        raise KeptDamaged(_damaged(path, f"the row {'/'.join(spoilt)} is no JSON"))


def _unusable(path: Path, error: sqlite3.Error) -> KeptError:
    said = f"{error} ({getattr(error, 'sqlite_errorname', 'no code')})"
    if "CANTOPEN" in said or "PERM" in said or "AUTH" in said or "READONLY" in said:
        return KeptError(f"{path} cannot be opened: {said}; see that this user may read and write the folder")
    return KeptDamaged(_damaged(path, said))


def _unwritable(path: Path, error: Exception) -> KeptError:
    try:
        free = f"{shutil.disk_usage(path.parent).free / 1e6:,.1f} MB free on its disk"
    except OSError:
        free = "its disk does not answer"
    said = f"{error} ({getattr(error, 'sqlite_errorname', type(error).__name__)})"
    if isinstance(error, PermissionError) or "READONLY" in said or "CANTOPEN" in said:
        return KeptError(f"{path} cannot be written: {said}; see that this user may write in the folder")
    return KeptFull(
        f"{path} cannot be written: {said}, {free}; make room and run again: it goes on from what was written before"
    )


def _damaged(path: Path, what: str) -> str:
    return f"{path} is damaged: {what}; put a copy back in its place, or move the folder away to begin anew"
