"""The table of runs. Every write to it is here, and each has a condition: who comes late, or twice, changes nothing.

An item holds a run's lease, cursor and state, so that these can never disagree. A write whose condition does not hold
raises Lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from lambdas import items
from lambdas.clock import Clock, iso
from lambdas.items import Refused
from lambdas.run import PageEntry, Run, noted
from sources.layout import RunName
from sources.model import DAY
from sources.runs import MAX_ATTEMPTS, State

UNFINISHED = "unfinished"  # attribute and index: closed runs lose the one and leave the other
PAGES_KEPT_SECONDS = 90 * DAY

LEASE = ("lease_until", "lease_owner")
CLAIM = ("batch", "claimed_at")

# What a new holder of the lease must find: nothing at all, or a run not yet extracted that nobody is reading.
IS_FREE = (
    "attribute_not_exists(#state) OR (attribute_exists(#unfinished) AND attribute_not_exists(#manifest) AND ("
    "(#state = :extracting AND #lease_until < :now) OR (#state = :waiting AND #resume_at <= :now)"
    " OR (#state = :failed AND #attempts < :most)))"
)
IS_MINE = "#version = :version AND #state = :extracting"
IS_IN_BATCH = "#batch = :batch AND #state = :curating"
HAS_NO_JOB = "attribute_not_exists(#job_run_id)"
IS_AS_SEEN = "#state = :seen AND #version = :version AND #attempts = :attempts"


class Held(Refused):
    """The lease is not to be had. ``run`` is the run as it is: held by another, not due yet, or past extraction."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"the run {run.name} is {run.state}", [0])
        self.run = run


class Ledger:
    """The runs, and for extract the pages they have brought."""

    def __init__(self, client: Any, runs: str, pages: str = "", clock: Clock | None = None) -> None:
        self._client, self._runs, self._pages = client, runs, pages
        self._clock = clock or Clock()

    # Reading

    def find(self, name: RunName) -> Run | None:
        answer = self._client.get_item(TableName=self._runs, Key=_key(name), ConsistentRead=True)
        return Run.of(items.unpack_item(answer["Item"])) if "Item" in answer else None

    def unfinished(self) -> Iterator[Run]:
        """All runs that somebody has still to do something about, oldest first. They may have moved on since."""
        having = {":yes": {"S": "yes"}}
        asked = {"IndexName": UNFINISHED, "KeyConditionExpression": f"{UNFINISHED} = :yes"}
        for item in self._query(self._runs, ExpressionAttributeValues=having, **asked):
            yield Run.of(item)

    def pages(self, name: RunName) -> list[PageEntry]:
        """The pages stored so far, in order."""
        names, having = {"#run": "run"}, {":run": {"S": str(name)}}
        found = self._query(
            self._pages,
            KeyConditionExpression="#run = :run",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=having,
            ConsistentRead=True,
        )
        return [PageEntry.of(item) for item in found]

    # Extract: the holder of the lease

    def take_lease(self, name: RunName, scheduled_at: str, owner: str, until: int) -> Run:
        """Become the one who reads this run, up to ``until``; Held where that cannot be."""
        now = self._clock.now()
        try:
            return self._update(
                name,
                when=IS_FREE,
                having={
                    "now": int(now),
                    "extracting": State.EXTRACTING,
                    "waiting": State.WAITING,
                    "failed": State.FAILED,
                    "most": MAX_ATTEMPTS,
                },
                put={"state": State.EXTRACTING, UNFINISHED: "yes", "lease_owner": owner, "lease_until": until},
                first={"scheduled_at": scheduled_at, "started_at": iso(now), **_NOTHING_YET},
                add={"version": 1},
                drop=("resume_at", "reason", "nudged_at"),
            )
        except Refused as refused:
            held = Run.of(refused.item or {})
            if held.lease_owner == owner:  # the answer to our first try was lost on the way, and it was tried again
                return held
            raise Held(held) from refused

    def turn_page(
        self, run: Run, entry: PageEntry, cursor: str | None, ended: str | None = None, notes: Iterable[str] = ()
    ) -> Run:
        """Note a stored page and move the cursor behind it, both or neither. Without a cursor, say why it ``ended``."""
        after = replace(_moved(run, cursor, ended, notes), page=run.page + 1)
        turned = items.change(
            when=f"{IS_MINE} AND #page = :page",
            having=_mine(run) | {"page": run.page},
            put={"page": after.page, "updated_at": self._now(), **_place(after)},
            add={"rows": entry.rows, "bytes": entry.bytes},
            drop=() if cursor is not None else ("cursor",),
        )
        page = asdict(entry) | {"run": str(run.name), "expires": int(self._clock.now()) + PAGES_KEPT_SECONDS}
        note = {"Put": {"TableName": self._pages, "Item": items.pack_item(page)}}
        items.transact(self._client, [self._in_transaction(run.name, turned), note], self._clock)
        return replace(after, rows=run.rows + entry.rows, bytes=run.bytes + entry.bytes)

    def end_part(self, run: Run, cursor: str | None, ended: str | None = None, notes: Iterable[str] = ()) -> Run:
        """Move the cursor on without a page: a part has no more of them. Without a cursor, say why it ``ended``."""
        after = _moved(run, cursor, ended, notes)
        return self._before(run, put=_place(after), drop=() if cursor is not None else ("cursor",))

    def start_over(self, run: Run) -> Run:
        """Forget where a run was that has brought nothing yet."""
        return self._before(run, put={}, drop=("cursor", "notes"))

    def wait(self, run: Run, reason: str, resume_at: int) -> Run:
        """Give the lease back in good order."""
        put = {"state": State.WAITING, "reason": reason, "resume_at": resume_at}
        return self._as_holder(run, put=put, drop=LEASE)

    def fail_extract(self, run: Run, reason: str) -> Run:
        return self._as_holder(run, put={"state": State.FAILED, "reason": reason}, add={"attempts": 1}, drop=LEASE)

    def extracted(self, run: Run, manifest: str) -> Run:
        """The manifest is stored. Where a batch has claimed the run already, it stays as it is."""
        try:
            return self._as_holder(run, put={"state": State.EXTRACTED, "manifest": manifest}, drop=LEASE)
        except Refused as refused:
            if refused.item and "manifest" in refused.item:
                return Run.of(refused.item)
            raise

    # Conduct: a batch claims runs, and its job settles them

    def claim(self, runs: Sequence[Run], batch: str, manifests: Mapping[RunName, str]) -> None:
        """All these runs for one batch, or none of them; Refused where one is not as it was seen."""
        claims = [
            items.change(
                when=f"{IS_AS_SEEN} AND attribute_exists(#unfinished) AND attribute_not_exists(#batch)",
                having=_as_seen(run),
                put={
                    "state": State.CURATING,
                    "batch": batch,
                    "claimed_at": int(self._clock.now()),
                    "manifest": manifests[run.name],
                    "updated_at": self._now(),
                },
                drop=(*LEASE, "resume_at", "job_name", "job_run_id"),
            )
            for run in runs
        ]
        writes = [self._in_transaction(run.name, claim) for run, claim in zip(runs, claims, strict=True)]
        items.transact(self._client, writes, self._clock)

    def release(self, name: RunName, batch: str, back_to: State = State.EXTRACTED) -> Run:
        """Take a claim back, as if it had not been: no attempt is counted."""
        return self._without_job(name, batch, put={"state": back_to})

    def release_forgotten(self, run: Run) -> Run:
        """Take a claim back whose maker is gone; not one that was made again in the meantime."""
        having = _in_batch(run.batch or "") | {"claimed": run.claimed_at}
        when = f"{IS_IN_BATCH} AND {HAS_NO_JOB} AND #claimed_at = :claimed"
        return self._update(run.name, when=when, having=having, put={"state": State.EXTRACTED}, drop=CLAIM)

    def release_broken(self, name: RunName, batch: str, reason: str) -> Run:
        """Take a claim back whose job could not be started, and count that."""
        return self._without_job(name, batch, put={"state": State.FAILED, "reason": reason}, add={"attempts": 1})

    def job_started(self, name: RunName, batch: str, job_name: str, job_run_id: str) -> Run:
        put = {"job_name": job_name, "job_run_id": job_run_id}
        return self._update(name, when=IS_IN_BATCH, having=_in_batch(batch), put=put)

    def curated(self, name: RunName, batch: str, job_run_id: str, counts: Any, seconds: Any) -> Run:
        put = {"state": State.CURATED, "counts": counts, "seconds": seconds, "job_run_id": job_run_id}
        return self._by_job(name, batch, job_run_id, put=put, drop=("reason", "resume_at", "nudged_at"))

    def job_failed(self, name: RunName, batch: str, job_run_id: str, reason: str) -> Run:
        put = {"state": State.FAILED, "reason": reason, "job_run_id": job_run_id}
        return self._by_job(name, batch, job_run_id, put=put, add={"attempts": 1}, drop=CLAIM)

    # Conduct: what stopped

    def lapse(self, run: Run, reason: str) -> Run:
        """A holder did not come back: its lease has run out. Counted, so that a run which always breaks gets parked."""
        return self._update(
            run.name,
            when=f"{IS_AS_SEEN} AND #lease_until < :now AND attribute_not_exists(#manifest)",
            having=_as_seen(run) | {"now": int(self._clock.now())},
            put={"state": State.FAILED, "reason": reason},
            add={"attempts": 1},
            drop=LEASE,
        )

    def nudge(self, run: Run) -> Run:
        """Say that this run is being taken up again, so that nobody else does so too."""
        was = "#nudged_at = :nudged" if run.nudged_at is not None else "attribute_not_exists(#nudged_at)"
        having = {"nudged": run.nudged_at} if run.nudged_at is not None else {}
        put = {"nudged_at": int(self._clock.now())}
        return self._update(run.name, when=f"{IS_AS_SEEN} AND {was}", having=_as_seen(run) | having, put=put)

    def park(self, run: Run) -> Run:
        """Leave a run that broke too often to a person; what it broke of stays in it."""
        return self._update(run.name, when=IS_AS_SEEN, having=_as_seen(run), put={"state": State.PARKED})

    def close(self, run: Run) -> None:
        """Nobody has to look at this run any more: it has ended, and all that follows from that is done."""
        request = items.change(when=IS_AS_SEEN, having=_as_seen(run), drop=(UNFINISHED,))
        items.update(self._client, {"TableName": self._runs, "Key": _key(run.name), **request})

    # A person

    def unpark(self, name: RunName) -> Run:
        """Have a parked run tried again, with as many attempts as a new one; Refused where it is not parked."""
        return self._update(
            name,
            when="#state = :parked",
            having={"parked": State.PARKED},
            put={"state": State.FAILED, UNFINISHED: "yes", "attempts": 0},
            add={"unparked": 1},
            drop=("nudged_at",),
        )

    # How

    def _before(self, run: Run, **changes: Any) -> Run:
        """As the holder, and before any other page is stored."""
        having = _mine(run) | {"page": run.page}
        return self._update(run.name, when=f"{IS_MINE} AND #page = :page", having=having, **changes)

    def _as_holder(self, run: Run, **changes: Any) -> Run:
        return self._update(run.name, when=IS_MINE, having=_mine(run), **changes)

    def _without_job(self, name: RunName, batch: str, **changes: Any) -> Run:
        when = f"{IS_IN_BATCH} AND {HAS_NO_JOB}"
        return self._update(name, when=when, having=_in_batch(batch), drop=CLAIM, **changes)

    def _by_job(self, name: RunName, batch: str, job_run_id: str, **changes: Any) -> Run:
        # Between the start of a job and the note of its id the batch alone says whose job it is.
        when = f"{IS_IN_BATCH} AND ({HAS_NO_JOB} OR #job_run_id = :job)"
        return self._update(name, when=when, having=_in_batch(batch) | {"job": job_run_id}, **changes)

    def _update(self, name: RunName, put: Mapping[str, Any], **changes: Any) -> Run:
        request = items.change(put={**put, "updated_at": self._now()}, **changes)
        return Run.of(items.update(self._client, {"TableName": self._runs, "Key": _key(name), **request}))

    def _in_transaction(self, name: RunName, request: Mapping[str, Any]) -> dict[str, Any]:
        return {"Update": {"TableName": self._runs, "Key": _key(name), **request}}

    def _query(self, table: str, **asked: Any) -> Iterator[items.Item]:
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(TableName=table, **asked, **start)
            yield from map(items.unpack_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _now(self) -> str:
        return iso(self._clock.now())


_NOTHING_YET = {"page": 1, "rows": 0, "bytes": 0, "attempts": 0}


def _key(name: RunName) -> dict[str, Any]:
    return items.pack_item({"stream": f"{name.source}/{name.stream}", "run": name.run})


def _moved(run: Run, cursor: str | None, ended: str | None, notes: Iterable[str]) -> Run:
    return replace(run, cursor=cursor, ended=None if cursor is not None else ended, notes=noted(run.notes, notes))


def _place(run: Run) -> dict[str, Any]:
    """What the item of a run says about where it is, and what was seen on the way."""
    place = {"cursor": run.cursor} if run.cursor is not None else {"ended": run.ended}
    return place | ({"notes": run.notes} if run.notes else {})


def _mine(run: Run) -> dict[str, Any]:
    return {"version": run.version, "extracting": State.EXTRACTING}


def _in_batch(batch: str) -> dict[str, Any]:
    return {"batch": batch, "curating": State.CURATING}


def _as_seen(run: Run) -> dict[str, Any]:
    return {"seen": run.state, "version": run.version, "attempts": run.attempts}
