from __future__ import annotations

import json

REGION = {"CreateBucketConfiguration": {"LocationConstraint": "eu-north-1"}}


def queues(client):
    sqs = client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    url = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "30"})
    return {"queues": {"work": url["QueueUrl"], "dead": dead}}


def receive(account, url: str) -> list[dict[str, object]]:
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
    return account.client("sqs").receive_message(**asked).get("Messages", [])


def test_messages_stay_in_order_with_their_attributes(lake):
    attributes = {"kind": {"DataType": "String", "StringValue": "x"},
                  "blob": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}  # fmt: skip
    with lake(queues) as (account, kept):
        url = kept.outputs["queues"]["work"]
        ids = [account.client("sqs").send_message(QueueUrl=url, MessageBody=text)["MessageId"] for text in "abc"]
        entries = [{"Id": "1", "MessageBody": "d", "MessageAttributes": attributes}]
        account.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    with lake(queues) as (account, kept):
        found = receive(account, kept.outputs["queues"]["work"])
        assert [message["Body"] for message in found] == ["a", "b", "c", "d"]
        assert [message["MessageId"] for message in found[:3]] == ids
        assert found[3]["MessageAttributes"] == attributes


def test_one_in_flight_can_be_received_again_and_its_receipts_count(lake):
    with lake(queues) as (account, kept):
        url = kept.outputs["queues"]["work"]
        account.client("sqs").send_message(QueueUrl=url, MessageBody="poison")
        assert len(receive(account, url)) == 1
        assert receive(account, url) == []
    with lake(queues) as (account, kept):
        [again] = receive(account, kept.outputs["queues"]["work"])
        assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    with lake(queues) as (account, kept):  # the third receipt is one too many
        assert receive(account, kept.outputs["queues"]["work"]) == []
        assert [message["Body"] for message in receive(account, kept.outputs["queues"]["dead"])] == ["poison"]
    with lake(queues) as (account, kept):
        assert receive(account, kept.outputs["queues"]["work"]) == []
        assert len(receive(account, kept.outputs["queues"]["dead"])) == 1


def test_what_was_deleted_or_purged_does_not_come_back(lake):
    with lake(queues) as (account, kept):
        sqs, urls = account.client("sqs"), kept.outputs["queues"]
        for text in ("one", "two", "three"):
            sqs.send_message(QueueUrl=urls["work"], MessageBody=text)
        sqs.send_message(QueueUrl=urls["dead"], MessageBody="purged")
        first, second, _ = receive(account, urls["work"])
        sqs.delete_message(QueueUrl=urls["work"], ReceiptHandle=first["ReceiptHandle"])
        handle = {"Id": "1", "ReceiptHandle": second["ReceiptHandle"]}
        sqs.delete_message_batch(QueueUrl=urls["work"], Entries=[handle])
        sqs.purge_queue(QueueUrl=urls["dead"])
    with lake(queues) as (account, kept):
        assert [message["Body"] for message in receive(account, kept.outputs["queues"]["work"])] == ["three"]
        assert receive(account, kept.outputs["queues"]["dead"]) == []


def test_the_event_of_an_object_is_kept_with_the_object(lake):
    def program(client):
        made = queues(client)
        client("s3").create_bucket(Bucket="raw", **REGION)
        arn = "arn:aws:sqs:eu-north-1:123456789012:work"
        let_in = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:*", "Resource": arn}
        client("sqs").set_queue_attributes(
            QueueUrl=made["queues"]["work"],
            Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [let_in]})},
        )
        client("s3").put_bucket_notification_configuration(
            Bucket="raw",
            NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
        )
        return made

    with lake(program) as (account, _):
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"x")
    with lake(queues) as (account, kept):
        [message] = receive(account, kept.outputs["queues"]["work"])
        assert json.loads(message["Body"])["Records"][0]["s3"]["object"]["key"] == "k"
    with lake(program) as (account, kept):  # restoring the object tells nobody of it
        bodies = [json.loads(message["Body"]) for message in receive(account, kept.outputs["queues"]["work"])]
        assert ["Records" in body for body in bodies] == [True, False]  # the other is S3's test event
