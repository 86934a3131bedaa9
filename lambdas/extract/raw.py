"""What a run leaves in the raw bucket: page objects and, in the end, one manifest. Nothing is ever overwritten."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from lambdas.extract.errors import Broken
from lambdas.run import PageEntry, Run
from sources.layout import manifest_key

CONFLICT_TRIES = 4


def one_line_json(value: Any) -> bytes:
    """The same bytes for the same value: no spaces, Unicode as it is, and what is not Unicode escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate becomes \udXXX, as JSON writes it


def pack(answer: Any) -> bytes:
    """An answer as a page object holds it. (``gzip.compress`` writes another header in each version of Python.)"""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(one_line_json(answer))
    return packed.getvalue()


def unpack(stored: bytes) -> Any:
    return json.loads(gzip.decompress(stored))


def digest(records: Sequence[Any]) -> str:
    """By this two pages with the same records are known, in whatever order the fields stand."""
    text = json.dumps(records, sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def entry(page: int, key: str, records: Sequence[Any], stored: bytes, part: str) -> PageEntry:
    sha256 = hashlib.sha256(stored).hexdigest()
    return PageEntry(page, key, len(records), len(stored), sha256, digest(records), part)


def manifest(run: Run, entries: Sequence[PageEntry]) -> bytes:
    """The list of a run's pages: a pure function of what the ledger holds about it.

    Raises Broken where the list is not whole, since rows would be lost without a word.
    """
    if [entry.page for entry in entries] != list(range(1, run.page)) or sum(e.rows for e in entries) != run.rows:
        raise Broken(f"the ledger lists {len(entries)} pages of {run.name}, not {run.page - 1}; read the run anew")
    pages = [_listed(entry) for entry in entries]
    about = {"source": run.name.source, "stream": run.name.stream, "run": run.name.run}
    totals = {"scheduled_at": run.scheduled_at, "rows": run.rows, "bytes": run.bytes, "ended": run.ended}
    return one_line_json({**about, **totals, "pages": pages})


def _listed(entry: PageEntry) -> dict[str, Any]:
    """A page as the manifest lists it: without the digest, and with a part where the stream has parts."""
    return {name: value for name, value in asdict(entry).items() if name != "digest" and (name != "part" or value)}


@dataclass(frozen=True)
class Shelf:
    """The raw bucket, to which things are only added."""

    client: Any
    bucket: str

    def keep(self, key: str, body: bytes, kind: str, **about: str) -> bool:
        """Store an object unless there is one; says whether it was stored. What it is ``about`` goes with it."""
        for attempt in range(1, CONFLICT_TRIES + 1):
            try:
                told = {"ContentType": kind, "Metadata": about}
                self.client.put_object(Bucket=self.bucket, Key=key, Body=body, IfNoneMatch="*", **told)
                return True
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code in ("PreconditionFailed", "412"):
                    return False
                # Somebody else is writing the same object at this moment: the next try finds it.
                if code != "ConditionalRequestConflict" or attempt == CONFLICT_TRIES:
                    raise
        raise AssertionError("the last try either returns or raises")

    def keep_page(self, key: str, body: bytes, part: str) -> bytes:
        """The page object as it is stored: this one, or the one that an earlier try has left.

        That one may have gone through the parts in another order. A page must not pass for one of another part.
        """
        about = {"part": quote(part)} if part else {}
        if self.keep(key, body, "application/gzip", **about):
            return body
        found = self.client.get_object(Bucket=self.bucket, Key=key)
        if found["Metadata"].get("part", "") != quote(part):
            raise Broken(f"the object {key} is a page of another part than {part}, left by a try that died; remove it")
        stored: bytes = found["Body"].read()
        return stored

    def keep_manifest(self, run: Run, entries: Sequence[PageEntry]) -> str:
        key = manifest_key(run.name)
        self.keep(key, manifest(run, entries), "application/json")
        return key
