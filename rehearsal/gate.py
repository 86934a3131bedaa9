"""The one way into the account: every call passes here, is decided, carried out, and put on record."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from rehearsal.answers import Answer, Application, answer_of, broken, denied, not_rehearsed, unknown_key
from rehearsal.asked import Asked, read
from rehearsal.calls import Call, CallRecord, Decision
from rehearsal.errors import RehearsalError
from rehearsal.patches.seams import carry_out
from rehearsal.strict import Strict

# Moto checks and writes in two steps: of two such calls at once, both could pass the check. AWS's are atomic.
ONE_AT_A_TIME = frozenset({"dynamodb", "s3", "sqs", "glue", "scheduler", "events", "iam", "secretsmanager", "logs",
                           "cloudwatch"})  # fmt: skip

# What moto's S3 takes for another operation, such as a list of objects, instead of refusing it.
TAKEN_FOR_ANOTHER = tuple(
    re.compile(pattern)
    for pattern in (
        r".+Bucket(Analytics|IntelligentTiering|Metrics|Metadata)\w*Configurations?$",
        r".+(BucketRequestPayment|BucketAbac|ObjectAnnotations?|ObjectTorrent|ObjectEncryption|DirectoryBuckets)$",
        r"(CreateSession|RenameObject|WriteGetObjectResponse)$",
    )
)


class Keeper(Protocol):
    """Makes what is changed last. Apart from ``carried_out`` it is called with no lock of a service held."""

    def refusal(self, asked: Asked) -> str | None:
        """Why a call must not be carried out, or None."""

    def carried_out(self, asked: Asked, answer: bytes) -> bool:
        """A call was carried out, whose service is still locked. Whether it changed what is kept."""

    def commit(self) -> str | None:
        """Keep what has changed, before it is answered. Why it cannot be kept, or None."""


class Gate:
    """WSGI middleware. ``who`` gives the name of the principal that an access key belongs to."""

    def __init__(
        self, application: Application, account_id: str, record: CallRecord, who: Callable[[str], str]
    ) -> None:
        self._application, self._account_id, self._record, self._who = application, account_id, record, who
        self.strict = Strict(account_id)
        self.keeper: Keeper | None = None
        self.prepare: Callable[[str], object] = lambda _: None  # told the service before a call is carried out
        self.settings_refusal: Callable[[Asked], Answer | None] = lambda _: None  # what is set must work on AWS
        self.arn_of: Callable[[str], str] = lambda _: ""  # of the principal that an access key belongs to
        self._locks = {service: threading.Lock() for service in ONE_AT_A_TIME}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = _read_body(environ)
        asked = read(environ, body, self._who)
        try:
            decision = self._record.decide(asked)
        except Exception as error:  # closed, not open, when nobody can tell
            decision = Decision("denied", f"{asked.service}:{asked.operation} could not be decided: {error!r}")
        if decision.kind == "denied":
            say = unknown_key if decision.is_stranger else denied
            answer = say(asked.protocol, decision.reason, asked.service)
        else:
            answer = self._carry_out(asked, environ, body)
            decision, answer = self._record.conceal(asked, decision, answer)
        self._note(asked, decision, answer)
        start_response(answer.status, answer.headers)
        return [] if asked.method == "HEAD" else [answer.body]

    def alone(self, service: str) -> AbstractContextManager[object]:
        """In this block no call of the service is carried out. A thread must not ask for it twice."""
        return self._locks.get(service) or nullcontext()

    def repeat(self, environ: dict[str, Any]) -> Answer:
        """Carry out a call that was decided and answered before, off the record."""
        return carry_out(lambda: answer_of(self._application, environ), None, is_repeated=True)

    def _carry_out(self, asked: Asked, environ: dict[str, Any], body: bytes) -> Answer:
        try:
            self.prepare(asked.service)
        except RehearsalError as error:
            return broken(asked.protocol, str(error))
        try:
            refused = self.settings_refusal(asked)
        except Exception as error:  # closed, not open, when nobody can tell
            return not_rehearsed(asked.protocol, _refusal(asked, error))
        if refused is not None:
            return refused
        keeper = self.keeper
        if keeper and (reason := keeper.refusal(asked)):
            return broken(asked.protocol, reason)
        answer, is_changed = self._try(asked, environ, body, keeper)
        if keeper and is_changed and (reason := keeper.commit()):
            return broken(asked.protocol, reason)
        return answer

    def _try(self, asked: Asked, environ: dict[str, Any], body: bytes, keeper: Keeper | None) -> tuple[Answer, bool]:
        """The answer, and whether something has changed that is kept."""
        if asked.service == "s3" and any(pattern.match(asked.operation) for pattern in TAKEN_FOR_ANOTHER):
            return not_rehearsed(asked.protocol, _refusal(asked)), False
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account_id
        environ["wsgi.input"] = io.BytesIO(body)
        is_changed = False

        def work() -> Answer:
            nonlocal is_changed
            if refused := self.strict.refusal(asked):
                return refused
            answer = answer_of(self._application, environ)
            if keeper and not 400 <= answer.code < 500:
                is_changed = keeper.carried_out(asked, answer.body)
            return answer

        try:
            answer = carry_out(work, self._locks.get(asked.service))
        except Exception as error:
            return not_rehearsed(asked.protocol, _refusal(asked, error)), is_changed
        if _is_no_answer(asked, answer):
            return not_rehearsed(asked.protocol, _refusal(asked)), is_changed
        return answer, is_changed

    def _note(self, asked: Asked, decision: Decision, answer: Answer) -> None:
        call = Call(
            principal=asked.principal,
            service=asked.service,
            operation=asked.operation,
            resource=asked.resource,
            status=answer.code,
            request_bytes=len(asked.body),
            response_bytes=0 if asked.method == "HEAD" else len(answer.body),
            decision=decision,
            moment=time.time(),
            units=self._record.measure(asked, answer),
            principal_arn=self.arn_of(asked.access_key),
        )
        self._record.append(call)


def _read_body(environ: dict[str, Any]) -> bytes:
    """All of the body, by its length or, when it comes in chunks, to its end."""
    source = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = bytes(source.read())
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return body
    length = environ.get("CONTENT_LENGTH") or "0"
    return bytes(source.read(int(length))) if int(length) else b""


def _is_no_answer(asked: Asked, answer: Answer) -> bool:
    """Moto speaks HTML, or says nothing, where it does not know an operation. AWS does neither."""
    if answer.code not in (404, 405, 500, 501):
        return False
    if answer.header("content-type").startswith("text/html") and answer.body[:9].lower() == b"<!doctype":
        return True
    return answer.code == 404 and not answer.body and asked.method != "HEAD" and asked.service != "s3"


def _refusal(asked: Asked, error: Exception | None = None) -> str:
    call = f"{asked.service}:{asked.operation}"
    if error is None or isinstance(error, NotImplementedError):
        return f"{call} cannot be rehearsed: the embedded account does not have this operation"
    if isinstance(error, RehearsalError):
        return f"{call}: {error}"
    return f"{call} cannot be rehearsed as asked: the embedded account broke down with {type(error).__name__}: {error}"
