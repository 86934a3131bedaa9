"""Dead letters are sent on their way again: manifests to their queue, given-up calls to the function they were for.

Each is deleted only when it has been accepted, so a cut in the middle loses none; one that goes twice does no harm, as
every function does each thing once. SQS can move messages by itself (StartMessageMoveTask), but only back to the queue
they came from, and not in the rehearsal: what is used here is the same at home and on AWS, for both queues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from lakelet.lake import open_lake
from lakelet.letters import Letter, read_letter, read_manifest_letter
from lakelet.outcome import RunOutcome
from lakelet.place import Place, home, open_place
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.status.queues import DEAD, QUEUES
from lakelet.sure import agrees
from sources import SOURCES
from sources.layout import RunName

HIDDEN_SECONDS = 120  # for so long nobody else sees a letter that is being sent on
WAIT_SECONDS = 2  # on AWS a short look may miss messages that are there
AT_ONCE = 10

Client = Callable[[str], Any]


@dataclass(frozen=True)
class Left:
    """A letter that stays in the queue."""

    id: str
    about: str
    why: str


@dataclass(frozen=True)
class Redriven:
    """``sent`` tells of each letter that was accepted; ``runs`` are what came of those they were about, at home."""

    queue: str
    sent: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    runs: tuple[RunOutcome, ...] = ()
    next_step: str = ""


def redrive(stack: str | None, request: Request, queue: str, is_sure: bool = False) -> Redriven:
    """Sends all letters of a dead-letter queue on. At home what comes of them is awaited.

    ``request`` is what a lake at home is deployed with, for the sources that are in it.
    """
    dead = DEAD[queue]
    with open_place(stack, request.live) as place:
        count = _count(place, dead)
        if not count:
            return Redriven(dead, next_step="nothing is in it, and nothing was done")
        if not place.is_home:
            deed = f"send {count} letter{'' if count == 1 else 's'} of {dead} in {place.title} on their way again"
            if not agrees(deed, is_sure):
                return Redriven(dead, next_step="nothing was changed")
            sent, left = send_on(place.client, place.outputs, queue, place.now(), WAIT_SECONDS)
            return Redriven(dead, _told(sent), left, next_step=f"follow with: lakelet status{place.option}")
        request = replace(request, sources=request.sources or tuple(place.outputs["extract_functions"]))
    return _at_home(request, queue)


def send_on(
    client: Client, outputs: Mapping[str, Any], queue: str, now: float, wait_seconds: int = 0
) -> tuple[tuple[Letter, ...], tuple[Left, ...]]:
    """Sends on what is in the queue; what arrives later than ``now`` is for the next time."""
    sqs, url = client("sqs"), outputs[QUEUES[DEAD[queue]][0]]
    send = _back_to_manifests(sqs, outputs) if queue == "manifests" else _call_again(client("lambda"), outputs)
    read = read_manifest_letter if queue == "manifests" else read_letter
    sent: list[Letter] = []
    left: dict[str, tuple[Left, str]] = {}
    for message in _messages(sqs, url, now, wait_seconds, left):
        letter = read(message)
        why = letter.why_not or send(message, letter)
        if why:
            left[message["MessageId"]] = Left(message["MessageId"], letter.about, why), message["ReceiptHandle"]
        else:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            sent.append(letter)
    for _, receipt in left.values():
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    return tuple(sent), tuple(each for each, _ in left.values())


def _messages(
    sqs: Any, url: str, now: float, wait_seconds: int, left: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Each message of a queue once, until there is none, or only such as came later or stay."""
    while True:
        found = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=AT_ONCE, VisibilityTimeout=HIDDEN_SECONDS, WaitTimeSeconds=wait_seconds,
            AttributeNames=["SentTimestamp"], MessageAttributeNames=["All"],
        ).get("Messages", [])  # fmt: skip
        fresh = [each for each in found if each["MessageId"] not in left]
        due = [each for each in fresh if int(each["Attributes"]["SentTimestamp"]) / 1000 <= now]
        for each in fresh:
            if each not in due:
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"], VisibilityTimeout=0)
        yield from due
        if not due:
            return


Send = Callable[[Mapping[str, Any], Letter], str]  # gives why a letter was not accepted, or nothing


def _back_to_manifests(sqs: Any, outputs: Mapping[str, Any]) -> Send:
    def send(message: Mapping[str, Any], _letter: Letter) -> str:
        attributes = message.get("MessageAttributes") or {}
        try:
            sqs.send_message(
                QueueUrl=outputs["manifests_queue"], MessageBody=message["Body"], MessageAttributes=attributes
            )
        except ClientError as error:
            return str(error)
        return ""

    return send


def _call_again(functions: Any, outputs: Mapping[str, Any]) -> Send:
    """Without waiting for the answer, as it was first: should it fail again, it comes back as a new letter."""
    ours = {*outputs["extract_functions"].values(), *(outputs[f"{name}_function"] for name in ("start", "record"))}
    ours.add(outputs["reconcile_function"])

    def send(_message: Mapping[str, Any], letter: Letter) -> str:
        if letter.function not in ours:
            return f"{letter.function} is no function of this lake"
        try:
            functions.invoke(FunctionName=letter.function, InvocationType="Event", Payload=letter.payload.encode())
        except ClientError as error:
            return str(error)
        return ""

    return send


def _at_home(request: Request, queue: str) -> Redriven:
    sources, request = request.chosen(), request.with_own_key()
    with Progress() as progress, open_lake(request, sources, progress, keep=home(request.live)) as lake:
        client = lake.rehearsal.account.client
        progress.step("redrive", f"the letters of {DEAD[queue]}")
        sent, left = send_on(client, lake.outputs, queue, lake.rehearsal.account.clock.now())
        lake.rehearsal.settle()
        progress.done("redrive", f"{len(sent)} sent on, {len(left)} left")
        names = [RunName.parse(run) for run in dict.fromkeys(run for letter in sent for run in letter.runs)]
        runs = tuple(
            lake.outcome(SOURCES[name.source].stream(name.stream), name) for name in names if name.source in SOURCES
        )
    return Redriven(DEAD[queue], _told(sent), left, runs)


def _count(place: Place, dead: str) -> int:
    asked = ["ApproximateNumberOfMessages"]
    url = place.outputs[QUEUES[dead][0]]
    told = place.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    return int(told[asked[0]])


def _told(sent: tuple[Letter, ...]) -> tuple[str, ...]:
    return tuple(letter.about for letter in sent)
