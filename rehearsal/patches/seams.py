"""How a patched moto finds the account that it serves, and when it tells the account's hooks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rehearsal.hooks import Hooks

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_current: Hooks | None = None
_call = threading.local()


def attend(hooks: Hooks | None) -> None:
    """From now on moto tells these hooks. With None it behaves as if it had never been patched."""
    global _current
    _current = hooks


def hooks() -> Hooks | None:
    """The hooks of the running account, or None where moto serves somebody else in this process."""
    return _current


def carry_out(work: Callable[[], Result], lock: threading.Lock | None, is_repeated: bool = False) -> Result:
    """Do the work of one call, alone if there is a lock; then, with no lock held, tell what is to be told of it.

    ``is_repeated``: it was accepted before. A thread may serve a call of its own within another.
    """
    waiting: list[Callable[[], object]] = []
    outer = {**vars(_call)}
    _call.waiting, _call.lock, _call.is_repeated = waiting, lock, is_repeated
    try:
        result = _alone(work, lock)
    finally:
        vars(_call).clear()
        vars(_call).update(outer)
    for tell in waiting:
        _tell(tell)
    return result


def is_repeated() -> bool:
    """Whether the call that this thread serves was accepted before, so that it need not be judged again."""
    return getattr(_call, "is_repeated", False)


def after_call(tell: Callable[[], object]) -> None:
    """Tell once the call that this thread serves has been carried out; at once when it serves none."""
    waiting: list[Callable[[], object]] | None = getattr(_call, "waiting", None)
    if waiting is None:
        _tell(tell)
    else:
        waiting.append(tell)


@contextmanager
def stepping_aside() -> Iterator[None]:
    """While a call only waits, others may be carried out."""
    lock: threading.Lock | None = getattr(_call, "lock", None)
    if lock is None:
        yield
        return
    lock.release()
    try:
        yield
    finally:
        lock.acquire()


def _alone(work: Callable[[], Result], lock: threading.Lock | None) -> Result:
    if lock is None:
        return work()
    with lock:
        return work()


def _tell(tell: Callable[[], object]) -> None:
    """A hook that fails does not fail the call that was already carried out; it is on the log."""
    try:
        tell()
    except Exception:
        log.exception("a hook of the account failed")
