"""Why rows were set aside: the one part of a status that has to read rows.

What reads them (pyiceberg, pyarrow) takes as long to import as all the rest of the command, so it does that in a
process of its own meanwhile.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType

from lakelet.errors import LakeletError

CountReasons = Callable[[Mapping[str, str], str, Sequence[str], Sequence[str]], dict[str, int]]


class NotCounted(LakeletError):
    """The tables of rows that were set aside cannot be read."""


def count_reasons(
    properties: Mapping[str, str], database: str, tables: Sequence[str], runs: Sequence[str]
) -> dict[str, int]:
    """How many rows of these runs stand in these tables for each reason, the most frequent first.

    The tables are partitioned by run, so no file of another run is read.
    """
    from lakelet.tables import open_catalog, open_table

    wanted = f"source_run in ({', '.join(repr(run) for run in runs)})"
    catalog, counted = open_catalog(properties), Counter[str]()
    for table in tables:
        found = open_table(catalog, database, table)
        if found is not None:
            reasons = found.scan(row_filter=wanted, selected_fields=("reason",)).to_arrow()
            counted.update(reasons.column("reason").to_pylist())
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


class Reader:
    """A process that counts reasons. It starts at once; leaving the ``with`` block ends it, asked or not.

    Credentials reach it by its standard input only.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(),
        )  # fmt: skip

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def count(
        self, properties: Mapping[str, str], database: str, tables: Sequence[str], runs: Sequence[str]
    ) -> dict[str, int]:
        """As ``count_reasons`` does."""
        assert self._process.stdin and self._process.stdout
        asked = [dict(properties), database, list(tables), list(runs)]
        with suppress(BrokenPipeError):  # why it is gone is in what it has written
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        if told := self._process.stdout.readline():
            counted: dict[str, int] = json.loads(told)
            return counted
        _, trouble = self._process.communicate()
        why = (trouble.strip().splitlines() or ["it gives no reason"])[-1]
        raise NotCounted(f"the rows set aside in {', '.join(tables)} cannot be read: {why}")


def _environment() -> dict[str, str]:
    """It is told who asks, so no profile is looked for; and a lake at home is not behind the user's proxy."""
    kept = {name: value for name, value in os.environ.items() if name not in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")}
    no_proxy = ",".join(filter(None, [kept.pop("no_proxy", ""), kept.pop("NO_PROXY", ""), "127.0.0.1"]))
    return {**kept, "NO_PROXY": no_proxy, "no_proxy": no_proxy}


def main() -> None:
    """Import first, then answer: a line of JSON in, a line out, until there are no more."""
    import pyarrow.dataset  # noqa: F401
    import pyiceberg.catalog.glue
    import pyiceberg.io.pyarrow  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(count_reasons(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
