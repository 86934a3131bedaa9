"""A process that is killed while many calls are under way."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from rehearsal.kept import Kept

REGION = {"CreateBucketConfiguration": {"LocationConstraint": "eu-north-1"}}
TABLE = {
    "TableName": "t", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}  # fmt: skip

CHILD = """
import sys, threading
from pathlib import Path
from rehearsal.session import Rehearsal

rehearsal = Rehearsal(keep=Path(sys.argv[1])).start()
account = rehearsal.account
s3, db, sqs = account.client("s3"), account.client("dynamodb"), account.client("sqs")
s3.create_bucket(Bucket="raw", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
db.create_table(TableName="t", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
url = sqs.create_queue(QueueName="q")["QueueUrl"]
rehearsal.kept.deployed({}, ())
saying = threading.Lock()

def say(line):
    with saying:
        print(line, flush=True)

def objects(worker):
    for n in range(10_000):
        key = f"{worker}/{n:05}"
        s3.put_object(Bucket="raw", Key=key, Body=key.encode() * 5000)
        say(f"object {key}")

def items():
    for n in range(10_000):
        both = [{"Put": {"TableName": "t", "Item": {"id": {"S": f"{half}{n}"}}}} for half in "ab"]
        db.transact_write_items(TransactItems=both)
        say(f"item {n}")

def messages():
    for n in range(10_000):
        sqs.send_message(QueueUrl=url, MessageBody=str(n))
        say(f"message {n}")

for work in (lambda: objects(0), lambda: objects(1), items, messages):
    threading.Thread(target=work, daemon=True).start()
threading.Event().wait()
"""


def program(client):
    client("s3").create_bucket(Bucket="raw", **REGION)
    client("dynamodb").create_table(**TABLE)
    return {"queue": client("sqs").create_queue(QueueName="q")["QueueUrl"]}


def test_all_that_was_answered_is_there_and_nothing_is_half(lake, folder):
    with subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(100)]
        child.kill()
        said += child.stdout
    answered = [tuple(line.split()) for line in said if line.endswith("\n")]
    assert {kind for kind, _ in answered} == {"object", "item", "message"}
    with lake(program) as (account, kept):
        s3, sqs = account.client("s3"), account.client("sqs")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="raw")
        keys = {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", [])}
        assert keys.keys() >= {name for kind, name in answered if kind == "object"}
        assert set(keys.values()) == {7 * 5000}
        for key in list(keys)[-3:]:
            assert s3.get_object(Bucket="raw", Key=key)["Body"].read() == key.encode() * 5000
        items = {item["id"]["S"] for item in account.client("dynamodb").scan(TableName="t")["Items"]}
        assert items >= {f"a{name}" for kind, name in answered if kind == "item"}
        assert {item[1:] for item in items if item[0] == "a"} == {item[1:] for item in items if item[0] == "b"}
        messages = set()
        while found := sqs.receive_message(QueueUrl=kept.outputs["queue"], MaxNumberOfMessages=10).get("Messages"):
            messages |= {message["Body"] for message in found}
        assert messages >= {name for kind, name in answered if kind == "message"}
        assert len(keys) <= sum(kind == "object" for kind, _ in answered) + 2  # no more than what was under way


def test_what_somebody_has_seen_is_written_before_he_is_answered(lake, folder):
    """An object is put and not yet written; who wrote an item meanwhile may have written it because of the object."""
    waiting, go_on = threading.Event(), threading.Event()
    with lake(program) as (account, kept), ThreadPoolExecutor() as pool:
        commit = kept.commit

        def held_up():
            kept.commit = commit
            waiting.set()
            go_on.wait(10)
            return commit()

        kept.commit = held_up
        put = pool.submit(account.client("s3").put_object, Bucket="raw", Key="k", Body=b"x")
        assert waiting.wait(10)
        account.client("dynamodb").put_item(TableName="t", Item={"id": {"S": "because of k"}})
        looked = Kept.look(folder)
        written = [(part, name) for part in ("object", "item") for _, name, _ in looked._store.rows(part)]
        looked.close()
        assert not put.done()
        assert written == [("object", "k"), ("item", '[{"S":"because of k"}]')]
        go_on.set()
        put.result()
