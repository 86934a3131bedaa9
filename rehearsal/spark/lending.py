"""Javas that many processes share: one lends them, the others borrow each for one run, over a socket.

A connection is a loan, and its first line is the kind of Java that is asked for. Whoever hangs up without a word has
the Java ended and removed: nothing is left by a process that was killed.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from typing import cast

from rehearsal.errors import RehearsalError
from rehearsal.spark import jvm
from rehearsal.spark.java import Java
from rehearsal.spark.javas import Javas, Kind
from rehearsal.spark.machine import AnyMachine
from rehearsal.spark.settings import Size

ADDRESS = "REHEARSAL_JAVAS"  # the variable that tells rehearsals where Javas are lent
END, BACK = b"end\n", b"back\n"  # of a loan: Java is to end and its folder to stay, or it may serve others


class NotLent(RehearsalError):
    """A Java was asked for where they are lent, and there was none."""


class Borrowed(AnyMachine):
    """A Java of the lender's, and the connection that is its loan."""

    def __init__(self, address: str, kind: Kind) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(address)
        self._words = self._connection.makefile("rwb")
        self._ending = threading.Lock()
        self._send(to_line(kind))
        told = json.loads(self._words.readline())
        if "problem" in told:
            raise NotLent(told["problem"])
        super().__init__(Path(told["folder"]), told["runs"])

    @property
    def is_alive(self) -> bool:
        return self.folder.exists() and jvm.told_end(self.folder) is None

    def close(self) -> None:
        self._tell(END)

    def give_back(self) -> None:
        self._tell(BACK)
        self.remove()

    def remove(self) -> None:
        with self._ending, suppress(OSError), self._connection:
            self._words.close()

    def _tell(self, word: bytes) -> None:
        """Waits until it is done. A lender that is gone has taken its Javas along."""
        with self._ending, suppress(OSError, ValueError):
            self._send(word)
            self._words.readline()

    def _send(self, line: bytes) -> None:
        self._words.write(line)
        self._words.flush()


class Borrowing:
    """What ``Javas`` is to a rehearsal, where they are another process's."""

    are_kept = True

    def __init__(self, address: str) -> None:
        self._address = address

    def take(self, kind: Kind) -> Borrowed:
        return Borrowed(self._address, kind)

    def give_back(self, _kind: Kind, machine: AnyMachine) -> None:
        cast(Borrowed, machine).give_back()

    def close(self) -> None:
        """Those that were borrowed go back with their runs."""


class _Loan(StreamRequestHandler):
    """The lender's end of a loan."""

    server: _Lender

    def handle(self) -> None:
        javas, kind = self.server.javas, from_line(self.rfile.readline())
        try:
            machine = javas.take(kind)
        except Exception as error:
            self._say({"problem": f"no Java could be lent: {error}"})
            return
        try:
            self._say({"folder": str(machine.folder), "runs": machine.runs})
            for word in self.rfile:
                if word == BACK:
                    machine.runs += 1
                    javas.give_back(kind, machine)
                    self._say({})
                    return
                machine.close()
                self._say({})
        except OSError:  # nobody listens any more
            pass
        machine.remove()

    def _say(self, told: dict[str, object]) -> None:
        self.wfile.write(json.dumps(told).encode() + b"\n")


class _Lender(ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, address: str, javas: Javas) -> None:
        self.javas = javas
        super().__init__(address, _Loan)


@contextmanager
def lending(most_waiting: int) -> Iterator[None]:
    """Meanwhile this process and those that it starts borrow, and what a run has left clean serves the next."""
    javas = Javas(most_waiting)
    with tempfile.TemporaryDirectory(prefix="javas-") as folder:
        address = f"{folder}/socket"
        with _Lender(address, javas) as server:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            os.environ[ADDRESS] = address
            try:
                yield
            finally:
                del os.environ[ADDRESS]
                server.shutdown()
                javas.close()


def for_rehearsal() -> Javas | Borrowing:
    """Javas of its own, unless others lend it theirs."""
    address = os.environ.get(ADDRESS)
    return Borrowing(address) if address else Javas()


def to_line(kind: Kind) -> bytes:
    java, size = kind.java, kind.size
    written = {"java": [str(java.home), java.major, java.version], "size": vars(size), "iceberg": kind.with_iceberg}
    return json.dumps(written).encode() + b"\n"


def from_line(line: bytes) -> Kind:
    told = json.loads(line)
    home, major, version = told["java"]
    return Kind(Java(Path(home), major, version), Size(**told["size"]), told["iceberg"])
