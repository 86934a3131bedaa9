"""What a function writes, on its way to its log group: by calls under the function's own role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

LARGEST_EVENT = 1024 * 1024 - 26  # bytes
LARGEST_BATCH = 1024 * 1024
MOST_EVENTS = 10_000
PER_EVENT = 26  # what CloudWatch counts for each event besides its text


class LogStream:
    """The stream of one process, made at its first line. The group is made too where it is missing, as Lambda does."""

    def __init__(self, client: Any, group: str, name: str) -> None:
        self._client, self._group, self._name = client, group, name
        self._is_made = False

    def write(self, lines: list[str], moment_ms: int) -> str | None:
        """Put the lines. A refusal is given back as text: a function does not fail because it cannot write."""
        try:
            if not self._is_made:
                self._make()
            for batch in batches(lines):
                events = [{"timestamp": moment_ms, "message": line} for line in batch]
                self._client.put_log_events(logGroupName=self._group, logStreamName=self._name, logEvents=events)
        except ClientError as error:
            return str(error)
        return None

    def _make(self) -> None:
        try:
            self._make_stream()
        except self._client.exceptions.ResourceNotFoundException:
            self._client.create_log_group(logGroupName=self._group)
            self._make_stream()
        self._is_made = True

    def _make_stream(self) -> None:
        self._client.create_log_stream(logGroupName=self._group, logStreamName=self._name)


def lines_of(output: str) -> list[str]:
    """One event per line. AWS's client keeps the lines of one message together by carriage returns."""
    return [line.replace("\r", "\n") for line in output.split("\n") if line.strip()]


def batches(lines: list[str]) -> Iterator[list[str]]:
    """Lines in order, in parts that CloudWatch takes in one call; a line that is too long is cut."""
    batch: list[str] = []
    size = 0
    for line in lines:
        cut = line.encode()[:LARGEST_EVENT].decode(errors="ignore")
        weight = len(cut.encode()) + PER_EVENT
        if batch and (size + weight > LARGEST_BATCH or len(batch) == MOST_EVENTS):
            yield batch
            batch, size = [], 0
        batch.append(cut)
        size += weight
    if batch:
        yield batch
