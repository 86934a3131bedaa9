"""What is made while IAM settles is tried again; what is really refused is not."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.deploy.settling import once_settled


class Service:
    """Answers with an error so many times, then well."""

    def __init__(self, message: str, times: int) -> None:
        self.message, self.times, self.calls = message, times, 0

    def make(self) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise ClientError({"Error": {"Code": "InvalidParameterValueException", "Message": self.message}}, "Create")
        return "made"


def test_a_role_that_is_not_known_yet_is_waited_for() -> None:
    service = Service("The role defined for the function cannot be assumed by Lambda.", times=1)
    assert once_settled(service.make) == "made"
    assert service.calls == 2


def test_another_refusal_is_told_at_once() -> None:
    service = Service("Unzipped size must be smaller", times=1)
    with pytest.raises(ClientError, match="Unzipped size"):
        once_settled(service.make)
    assert service.calls == 1


def test_a_role_that_never_may_is_told_in_the_end() -> None:
    service = Service("The execution role you provide does not have permissions to call SendMessage on SQS", times=99)
    with pytest.raises(ClientError, match="permissions to call"):
        once_settled(service.make, patience_seconds=0)
    assert service.calls < 5
