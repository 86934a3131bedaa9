"""A running rehearsal, and a short way to put functions, queues and mappings into its account."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.progress import Event
from rehearsal.session import Rehearsal

# A function prints what it was given; ``seen`` reads that from its log.
LISTENER = "import json\ndef handler(event, context):\n    print('SAW', json.dumps(event))\n"


class Stage:
    """Makes things in the account, and reads what became of them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.rehearsal = Rehearsal(self.events.append)
        self.account = self.rehearsal.account

    def client(self, service: str) -> Any:
        return self.account.client(service)

    def role(self, name: str, service: str, may: str | None = "*") -> str:
        """The ARN of a role that may do everything, or what ``may`` says of actions."""
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
        if may:
            self.grant(name, may)
        return str(made["Role"]["Arn"])

    def grant(self, role: str, action: str, effect: str = "Allow") -> None:
        statement = {"Effect": effect, "Action": action, "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("iam").put_role_policy(RoleName=role, PolicyName=f"{effect}-it", PolicyDocument=document)

    def function(self, name: str, then: str = "    return None", **settings: Any) -> str:
        """The ARN of a function that prints its event, then does what the given lines say."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("app.py", LISTENER + then)
        made = self.client("lambda").create_function(
            FunctionName=name, Runtime="python3.13", Handler="app.handler", Code={"ZipFile": file.getvalue()},
            Role=self.role(f"{name}-role", "lambda.amazonaws.com"), **settings,
        )  # fmt: skip
        return str(made["FunctionArn"])

    def seen(self, function: str) -> list[Any]:
        """The events that a function was given, in the order of time."""
        group, logs = f"/aws/lambda/{function}", self.client("logs")
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return []
        told = logs.filter_log_events(logGroupName=group)["events"]
        lines = [each["message"] for each in sorted(told, key=lambda each: each["timestamp"])]
        return [json.loads(line.removeprefix("SAW ")) for line in lines if line.startswith("SAW ")]

    def queue(self, name: str, lets_in: str | None = None, **attributes: Any) -> str:
        """The ARN of a queue. ``lets_in`` is a service that may send to it."""
        if lets_in:
            statement = {"Effect": "Allow", "Principal": {"Service": lets_in}, "Action": "sqs:*", "Resource": "*"}
            attributes["Policy"] = {"Version": "2012-10-17", "Statement": [statement]}
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
        self.client("sqs").create_queue(QueueName=name, Attributes=texts)
        return f"arn:aws:sqs:eu-north-1:123456789012:{name}"

    def url(self, queue: str) -> str:
        return f"{self.account.endpoint}/123456789012/{queue}"

    def put(self, queue: str, *bodies: str) -> None:
        for body in bodies:
            self.client("sqs").send_message(QueueUrl=self.url(queue), MessageBody=body)

    def messages(self, queue: str) -> list[dict[str, Any]]:
        told = self.client("sqs").receive_message(
            QueueUrl=self.url(queue), MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
        )
        return list(told.get("Messages", []))

    def kinds(self, *wanted: str) -> list[str]:
        return [event.kind for event in self.events if event.kind in wanted]


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    with made.rehearsal:
        yield made
