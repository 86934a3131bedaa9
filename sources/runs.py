"""The life of a run, as the ledger keeps it.

extracting -> extracted -> curating -> curated
    |  ^                      |  ^
    v  |                      v  |
   waiting                   failed -> parked        (an extract that breaks fails too, and is tried again)
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    EXTRACTING = "extracting"  # a function holds the lease and is reading pages
    WAITING = "waiting"  # stopped in good order (time, quota, API down); goes on at `resume_at`
    EXTRACTED = "extracted"  # all pages and the manifest are stored
    CURATING = "curating"  # claimed by a batch; its Glue job is starting or running
    CURATED = "curated"  # in the tables
    FAILED = "failed"  # broke; tried again until MAX_ATTEMPTS
    PARKED = "parked"  # broke too often; a person decides


UNFINISHED = frozenset(State) - {State.CURATED, State.PARKED}
MAX_ATTEMPTS = 3

# What is counted of a run: where its rows went, and what the job that took it in did to its tables.
OF_A_RUN = ("rows_in", "merged", "duplicates", "set_aside")
BAD = "bad"  # those of a run's rows set aside that are a fault: not what a table expects
OF_A_TABLE = ("inserted", "updated", "deleted", "unchanged")
COUNTS = (*OF_A_RUN, *OF_A_TABLE)

# Places that a row came from, kept with each row: together a total order, in which later is newer.
ORDER = ("source_run", "source_page", "source_position")
