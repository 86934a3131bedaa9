"""What is kept of one account, and the keeping: a change is in the file before the call that made it is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rehearsal.asked import Asked
from rehearsal.kept.errors import KeptError, KeptFull
from rehearsal.kept.lock import FolderLock
from rehearsal.kept.parts import Part, parts_of
from rehearsal.kept.program import Made
from rehearsal.kept.store import Batch, Name, Store

if TYPE_CHECKING:
    from rehearsal.account import Account

DEPLOYER = "deployer"
HERE = "kept://account"  # stands for the address of the account, which is another one each time
OUTPUTS, CLOCK, ACCOUNT = Name("lake", "", "outputs"), Name("lake", "", "clock"), Name("lake", "", "account")


class Kept:
    """A folder with a lake. ``open`` it to go on with it, ``look`` at it to read only.

    ``outputs`` are the exports of the last deployment. ``note`` and ``notes`` hold records of the caller's own.
    """

    def __init__(self, folder: Path, store: Store, lock: FolderLock | None) -> None:
        self.folder = folder
        self.failure: KeptError | None = None
        self.on_failure: Callable[[KeptError], object] = lambda _: None
        self.outputs: dict[str, Any] = {}
        self._store, self._lock = store, lock
        self._account: Account | None = None
        self._parts: tuple[Part, ...] = ()
        self._made: list[Made] = []
        self._pending: dict[Name, None] = {}  # an ordered set
        self._noting = threading.Lock()
        self._writing = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> Kept:
        """The lake of a folder, made when there is none, for this process alone.

        Raises KeptBusy, KeptDamaged, KeptOfAnotherVersion, KeptFull, or KeptError where the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FolderLock(folder)
        except OSError as error:
            raise _no_folder(folder, error) from error
        try:
            return cls(folder, Store.for_writing(folder), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def look(cls, folder: Path) -> Kept:
        """The lake of a folder as it is now; another process may be changing it."""
        return cls(folder, Store.for_looking(folder), None)

    def close(self) -> None:
        """Leave the lake to others. Closing twice is harmless."""
        lock, self._lock = self._lock, None
        self._store.close()
        if lock is not None:
            lock.release()

    @property
    def moment(self) -> float:
        """The time of the lake when it was last written (epoch seconds); 0 for a new one."""
        return float(self._store.value(CLOCK) or 0)

    def of_account(self) -> tuple[str, str] | None:
        """Region and id of the account that the lake was made in; None for a new lake."""
        told = self._store.value(ACCOUNT)
        return None if told is None else (told["region"], told["id"])

    def keep(self, account: Account) -> None:
        """From now on what is changed in the account is written. Its clock goes on from where it was."""
        mine = (account.region, account.account_id)
        if (found := self.of_account()) not in (None, mine):
            raise KeptError(
                f"the lake in {self.folder} is of region and account {found}, not {mine}; take another folder"
            )
        self.attach(account)
        self._parts = parts_of(account.account_id, account.region)
        account.gate.keeper = self
        account.hooks.changed = self.changed
        account.clock.on_moved = self.commit_moment
        batch = Batch()
        batch.put(ACCOUNT, {"region": account.region, "id": account.account_id})
        self._write(batch)
        self.raise_failure()

    def attach(self, account: Account) -> None:
        """This account is the lake's: its clock is moved to where the lake's was."""
        self._account = account
        self.outputs = _with_address(self._store.value(OUTPUTS) or {}, HERE, account.endpoint)
        account.clock.advance_to(self.moment)

    def made(self) -> list[Made]:
        """The calls that made what was deployed last."""
        return [Made.from_json(told) for _, _, told in self._store.rows("program")]

    def deployed(self, outputs: Mapping[str, Any], secrets: Iterable[str]) -> None:
        """A program was deployed: put the data back into it, and write down what it is."""
        assert self._account is not None
        self.fill(self._parts, cut_off=True)
        self.outputs = dict(outputs)
        batch = Batch()
        batch.drop_part("program")
        hidden = tuple(secrets)
        for number, made in enumerate(list(self._made)):
            if not made.holds(hidden):
                batch.put(Name("program", "", f"{number:06d}"), made.to_json())
        batch.put(OUTPUTS, _with_address(self.outputs, self._account.endpoint, HERE))
        self._write(batch)
        self.changed(*(name for part in self._parts for name in part.to_write()))
        self.raise_failure()

    def fill(self, parts: Iterable[Part], cut_off: bool) -> None:
        """Fill what is there and has not been filled. No event comes of it.

        ``cut_off``: nobody else works on the lake, so a job that was running has been cut off.
        """
        assert self._account is not None
        for part in parts:
            with self._account.gate.alone(part.service):
                part.restore(self._store, cut_off)

    def note(self, kind: str, name: str, body: Mapping[str, Any]) -> None:
        """Keep a record of the caller's own, or another body for one that is there."""
        batch = Batch()
        batch.put(Name("note", kind, name), body)
        self._write(batch)
        self.raise_failure()

    def notes(self, kind: str) -> dict[str, Any]:
        """The records of a kind, in the order in which each was first written."""
        return {name: body for _, name, body in self._store.rows("note", kind)}

    def raise_failure(self) -> None:
        """Raise what has kept the lake from being written, if anything has."""
        if self.failure is not None:
            raise self.failure

    # What the gate tells and asks.

    def refusal(self, asked: Asked) -> str | None:
        """Why a call is not carried out: nothing may change any more that could not be written."""
        if self.failure is None or not self._may_change(asked):
            return None
        return str(self.failure)

    def carried_out(self, asked: Asked, answer: bytes) -> bool:
        """A call was carried out, whose service is still locked. Whether it has changed what is kept."""
        if asked.principal == DEPLOYER:
            if made := Made.of(asked):
                self._made.append(made)
            return False
        names = [name for part in self._parts if part.service == asked.service for name in part.touched(asked, answer)]
        with self._noting:
            self._pending.update(dict.fromkeys(names))
        return bool(names)

    def commit(self) -> str | None:
        """Write all that has been changed, by this call or another: what one has seen is never lost before it.

        Gives the reason when nothing can be written any more.
        """
        with self._writing:
            with self._noting:
                names, self._pending = list(self._pending), {}
            if names and self.failure is None:
                self._gather_and_write(names)
        return None if self.failure is None else str(self.failure)

    def changed(self, *names: Name) -> None:
        """What has changed by itself, outside a call, is written too."""
        with self._noting:
            self._pending.update(dict.fromkeys(Name(*name) for name in names))
        self.commit()

    def commit_moment(self) -> None:
        """The clock was moved."""
        with self._writing:
            if self._lock is not None:
                self._write(Batch())

    def _may_change(self, asked: Asked) -> bool:
        if asked.principal == DEPLOYER:
            return False
        return any(part.service == asked.service and any(part.touched(asked, b"{}")) for part in self._parts)

    def _gather_and_write(self, names: list[Name]) -> None:
        try:
            batch = self._gathered(names)
        except Exception as error:  # what cannot be written must not be answered as if it had been
            self._fail(KeptError(f"{names[0]} and what changed with it cannot be written down: {error!r}"))
        else:
            self._write(batch)

    def _gathered(self, names: list[Name]) -> Batch:
        assert self._account is not None
        batch = Batch()
        for part in self._parts:
            mine = [name for name in names if name.part in part.names]
            if mine:
                with self._account.gate.alone(part.service):
                    for name in mine:
                        part.gather(name, batch)
        return batch

    def _write(self, batch: Batch) -> None:
        """With the time: a lake's clock never goes back. The first failure is the last write."""
        if self._lock is None:
            raise KeptError(
                f"the lake in {self.folder} was opened to look at; open it with Rehearsal(keep=...) to write"
            )
        if self.failure is not None:
            return
        if self._account is not None:
            batch.put(CLOCK, self._account.clock.now())
        try:
            self._store.write(batch)
        except KeptError as error:
            self._fail(error)

    def _fail(self, error: KeptError) -> None:
        self.failure = error
        self.on_failure(error)


def _with_address(value: Any, old: str, new: str) -> Any:
    """The same, where texts that begin with one address begin with another."""
    if isinstance(value, dict):
        return {name: _with_address(each, old, new) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_address(each, old, new) for each in value]
    if isinstance(value, str) and value.startswith(f"{old}/"):
        return new + value[len(old) :]
    return value


def _no_folder(folder: Path, error: OSError) -> KeptError:
    if error.errno == 28:  # no space left on device
        return KeptFull(f"{folder} cannot be made: {error.strerror}; make room and run again")
    return KeptError(
        f"{folder} cannot hold a lake: {error.strerror}; see that it is a folder that this user may write in"
    )
