"""One page from the API: counted against the quota, asked for with the key, tried again, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdas.extract import envelope
from lambdas.extract.client import Client
from lambdas.extract.envelope import End, Page
from lambdas.extract.errors import KeyRefused, NotThere, Unavailable
from lambdas.extract.patience import Patience
from lambdas.extract.quota import OutOfQuota, Quota
from lambdas.extract.secret import Secret
from lambdas.logs import Log
from sources.metrics import RETRIES
from sources.model import Stream

# The next minute is waited for inside the call: the rest of the sweep is worth it. The next day is left to reconcile.
LONGEST_QUOTA_WAIT_SECONDS = 60.0


@dataclass
class Reader:
    stream: Stream
    client: Client
    secret: Secret
    quota: Quota
    patience: Patience
    log: Log
    _has_new_key: bool = field(default=False, init=False)

    def read(self, page: int, cursor: str) -> Page | End:
        """The page at a cursor, or the end of the sweep. Waits: not to be had now. Broken: never."""
        params = {**self.stream.params, **self.stream.paging.params(cursor)}
        log = self.log.of(page=page)

        def say(trouble: Unavailable, pause: float) -> None:
            log.warning("trying again", {RETRIES: 1}, why=trouble, seconds=round(pause, 1))

        try:
            return self.patience.keep_trying(lambda: self._try(page, params, log), say)
        except NotThere:
            if page == 1:
                raise
            return End(f"page {page} is not there (404)")

    def _try(self, page: int, params: Mapping[str, str], log: Log) -> Page | End:
        answer = envelope.decode(self._ask(params, log))
        return envelope.check(self.stream, page, answer)

    def _ask(self, params: Mapping[str, str], log: Log) -> bytes:
        """The key may have changed since it was read: the first refusal is answered by reading it again."""
        self._spend(log)
        try:
            return self.client.get(self.stream.path, params, self.secret.key)
        except KeyRefused:
            if self._has_new_key:
                raise
        self._has_new_key = True
        log.warning("key refused, reading it again")
        self.secret.read_again()
        self._spend(log)
        return self.client.get(self.stream.path, params, self.secret.key)

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
