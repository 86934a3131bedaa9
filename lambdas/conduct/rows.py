"""A copy of each run for Athena: one object a run, one line of JSON in it, as the ledger has the run."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lambdas.items import Refused
from lambdas.ledger import Ledger
from lambdas.run import Run
from sources.layout import RunName, ledger_key
from sources.runs import COUNTS, UNFINISHED

LOOKS = 5  # how often a run may change under our hands; then whoever changes it writes it


@dataclass(frozen=True)
class Rows:
    """Writes copies. Two that write the same one at once leave the one that is true."""

    ledger: Ledger
    s3: Any
    curated_bucket: str

    def write(self, name: RunName) -> None:
        """Copy the run as it is now. One that has ended counts as unfinished until this is done, and not after.

        So a copy that was not written for a crash is written by the next reconcile.
        """
        run = self.ledger.find(name)
        for _ in range(LOOKS):
            if run is None:
                return
            written = line_of(run)
            self.s3.put_object(
                Bucket=self.curated_bucket, Key=ledger_key(name), Body=written, ContentType="application/json"
            )
            run = self.ledger.find(name)  # a slow writer would leave what has changed since
            if run is not None and line_of(run) == written:
                break
        if run is not None and run.state not in UNFINISHED:
            with suppress(Refused):  # it moved on, and who moved it looks after it
                self.ledger.close(run)


def line_of(run: Run) -> bytes:
    """A number that is not known yet is 0, a text that there is not is empty."""
    told = {
        "source": run.name.source,
        "stream": run.name.stream,
        "run": run.name.run,
        "scheduled_at": run.scheduled_at,
        "state": str(run.state),
        "reason": run.reason or "",
        "notes": "; ".join(run.notes),
        "pages": run.page - 1,
        **{name: int(run.counts.get(name, 0)) for name in COUNTS},
        "attempts": run.attempts,
        "seconds": round(float(sum(run.seconds.values())), 3),
        "updated_at": run.updated_at,
    }
    return (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
