"""One page from the API: counted against the quota, asked for as ours, tried again, and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lambdas.extract import envelope
from lambdas.extract.asked import Asked
from lambdas.extract.auth import Auth
from lambdas.extract.client import Client
from lambdas.extract.envelope import End, Page
from lambdas.extract.errors import Refused, Unavailable
from lambdas.extract.patience import Patience
from lambdas.extract.quota import OutOfQuota, Quota
from lambdas.logs import Log
from sources.metrics import RETRIES

# The next minute is waited for inside the call: the rest of the sweep is worth it. The next day is left to reconcile.
LONGEST_QUOTA_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Unreadable:
    """A part of the stream that the API does not give, by the status that it answers."""

    status: int


@dataclass(frozen=True)
class Reader:
    """``mask`` takes out of an answer what must not be stored."""

    client: Client
    auth: Auth
    quota: Quota
    patience: Patience
    mask: Callable[[bytes], bytes]
    log: Log

    def read(self, asked: Asked, cursor: str) -> Page | End | Unreadable:
        """The page at a cursor, or why there is none. Waits: not to be had now. Broken: never."""
        log = self.log.of(page=asked.page)

        def say(trouble: Unavailable, pause: float) -> None:
            log.warning("trying again", {RETRIES: 1}, why=trouble, seconds=round(pause, 1))

        try:
            return self.patience.keep_trying(lambda: self._try(asked, cursor, log), say)
        except Refused as refusal:
            return _without_page(asked, refusal)

    def _try(self, asked: Asked, cursor: str, log: Log) -> Page | End:
        return envelope.check(asked, envelope.decode(self.mask(self._ask(asked, cursor, log))))

    def _ask(self, asked: Asked, cursor: str, log: Log) -> bytes:
        """A refusal of our credentials is answered by getting others, once."""
        try:
            return self._get(asked, cursor, log)
        except Refused as refusal:
            if not self.auth.is_refused_by(refusal):
                raise
            log.warning("credentials refused, getting others", status=refusal.status)
            self.auth.renew(refusal)
        try:
            return self._get(asked, cursor, log)
        except Refused as refusal:
            if not self.auth.is_refused_by(refusal):
                raise
            raise self.auth.given_up(refusal) from refusal

    def _get(self, asked: Asked, cursor: str, log: Log) -> bytes:
        credentials = self.auth.headers()  # first, since that may take a while: what is counted is sent at once
        self._spend(log)
        params = {**asked.params, **asked.stream.paging.params(cursor)}
        return self.client.get(asked.path, params, credentials)

    def _spend(self, log: Log) -> None:
        while True:
            try:
                return self.quota.spend()
            except OutOfQuota as out:
                pause = out.resume_at - self.patience.clock.now()
                if pause > LONGEST_QUOTA_WAIT_SECONDS or not self.patience.can_wait(pause):
                    raise
                log.info("out of quota, waiting", seconds=round(pause, 1))
                self.patience.clock.sleep(pause)


def _without_page(asked: Asked, refusal: Refused) -> End | Unreadable:
    """What it means that a page is refused. Where no page says that it is the last, the one after that may be a 404."""
    if refusal.status == 404 and not asked.is_first and asked.stream.paging.ends_by_repeating:
        return End(f"page {asked.page} is not there (404)")
    if refusal.status in (403, 404) and asked.part:
        return Unreadable(refusal.status)
    raise refusal
