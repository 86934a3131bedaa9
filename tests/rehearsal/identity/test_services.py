from __future__ import annotations

import json

import pytest

from rehearsal.needs import Need
from rehearsal.sessions import TrustRefused
from tests.rehearsal.identity.policies import ACCOUNT_ID, LAMBDA, allow, arn_of, policy

S3, SNS, EVENTS, SCHEDULER = (f"{name}.amazonaws.com" for name in ("s3", "sns", "events", "scheduler"))
SOURCE = "arn:aws:s3:::raw"


def let_in(account, queue, **condition):
    """Let S3 send to a queue, under a condition."""
    statement = {**allow("sqs:SendMessage", queue), "Principal": {"Service": S3}, "Condition": condition}
    attributes = {"Policy": policy(statement)}
    account.client("sqs").set_queue_attributes(QueueUrl=account.endpoint + f"/{ACCOUNT_ID}/{queue.split(':')[-1]}",
                                               Attributes=attributes)  # fmt: skip


def test_a_queue_without_a_policy_lets_nobody_in(account, queue):
    reason = account.services.may(S3, "sqs:SendMessage", queue, SOURCE)
    assert "no resource-based policy allows the sqs:SendMessage action" in reason
    assert reason.endswith(f"(for {SOURCE})")


def test_a_service_is_let_in_for_the_source_that_the_policy_names(account, queue):
    let_in(account, queue, ArnEquals={"aws:SourceArn": SOURCE}, StringEquals={"aws:SourceAccount": ACCOUNT_ID})
    assert account.services.may(S3, "sqs:SendMessage", queue, SOURCE) is None
    assert account.services.may(S3, "sqs:SendMessage", queue, "arn:aws:s3:::other") is not None
    assert account.services.may(SNS, "sqs:SendMessage", queue, SOURCE) is not None


def test_each_asking_is_on_record_under_the_name_of_the_service(account, queue):
    mark = account.calls.mark()
    account.services.may(S3, "sqs:SendMessage", queue, SOURCE)
    let_in(account, queue, ArnLike={"aws:SourceArn": "arn:aws:s3:::*"})
    account.services.may(S3, "sqs:SendMessage", queue, SOURCE)
    told = account.calls.since(mark, principal=S3)
    assert [(call.service, call.operation, call.status) for call in told] == [
        ("sqs", "SendMessage", 403), ("sqs", "SendMessage", 200),
    ]  # fmt: skip
    (request,) = told[1].decision.requests
    assert (request.principal, request.resource, request.context["aws:SourceArn"]) == (S3, queue, SOURCE)


def test_what_is_not_there_is_told_apart_from_what_is_closed(account):
    nowhere = arn_of("sns", "nowhere")
    assert account.services.may(S3, "sns:Publish", nowhere, SOURCE) == (
        f"there is no topic {nowhere}; make it, or do not name it"
    )


def test_what_is_no_arn_is_refused_by_its_text(account):
    assert account.services.may(S3, "sqs:SendMessage", "queue", SOURCE).startswith("'queue' is no ARN")


def test_no_service_can_use_the_key_that_aws_keeps_for_another(account):
    account.client("sqs").create_queue(QueueName="aws-key", Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    reason = account.services.may(S3, "sqs:SendMessage", arn_of("sqs", "aws-key"), SOURCE)
    assert "is encrypted with alias/aws/sqs, which s3.amazonaws.com cannot use" in reason


def test_a_queue_under_a_customers_key_asks_the_key_too(account, queue):
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    let_in(account, queue)
    url = f"{account.endpoint}/{ACCOUNT_ID}/{queue.split(':')[-1]}"
    account.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    assert "kms:GenerateDataKey" in account.services.may(S3, "sqs:SendMessage", queue, SOURCE)
    opened = {**allow("kms:*"), "Principal": {"Service": S3}}
    account.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy(opened))
    assert account.services.may(S3, "sqs:SendMessage", queue, SOURCE) is None


def test_the_policy_that_a_topic_is_made_with_lets_services_of_its_account_in(account):
    topic = account.client("sns").create_topic(Name="made")["TopicArn"]
    assert (
        account.services.may("cloudwatch.amazonaws.com", "sns:Publish", topic, arn_of("cloudwatch", "alarm:a")) is None
    )


class TestTrust:
    def test_only_the_service_that_is_named_takes_a_role(self, account, people):
        role = people.role("for-lambda")
        account.sessions.assume(role, LAMBDA, "run")
        with pytest.raises(
            TrustRefused, match=rf"glue\.amazonaws\.com cannot assume {role}: because no .*policy allows"
        ):
            account.sessions.assume(role, "glue.amazonaws.com", "run")

    def test_scheduler_says_for_which_account_and_group(self, account, people):
        role = people.role("scheduled", service=SCHEDULER)
        group = arn_of("scheduler", "schedule-group/g")
        self.under(account, "scheduled", SCHEDULER, ArnEquals={"aws:SourceArn": group})
        assert account.services.assume_refusal(role, SCHEDULER, group) is None
        assert account.services.assume_refusal(role, SCHEDULER, f"{group}2") is not None

    def test_a_condition_on_what_lambda_does_not_say_holds_for_nobody(self, account, people):
        role = people.role("bound")
        self.under(account, "bound", LAMBDA, StringEquals={"aws:SourceAccount": ACCOUNT_ID})
        assert account.services.assume_refusal(role, LAMBDA, arn_of("lambda", "function:f")) is not None

    def test_a_trust_policy_that_is_malformed_is_named_with_its_fault(self, account, people):
        role = people.role("broken")
        held = next(each for each in account.home.global_backend("iam").roles.values() if each.name == "broken")
        held.assume_role_policy_document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "allow"}]})
        with pytest.raises(TrustRefused, match=rf"cannot assume {role}: .*allow"):
            account.sessions.assume(role, LAMBDA, "run")

    def under(self, account, role, service, **condition):
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        account.client("iam").update_assume_role_policy(
            RoleName=role, PolicyDocument=policy({**statement, "Condition": condition})
        )


def test_what_a_service_does_as_a_role_is_on_record_as_the_roles(account, people):
    role = people.role("metered", allow("cloudwatch:PutMetricData"))
    mark = account.calls.mark()
    need = Need("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Glue"})
    assert account.services.may_as(role, "glue.amazonaws.com", "glue", need) is None
    assert account.services.may_as(role, "glue.amazonaws.com", "glue", Need("xray:PutTraceSegments", "*")) is not None
    assert [(call.principal, call.status) for call in account.calls.since(mark)] == [
        ("metered/glue", 200), ("metered/glue", 403),
    ]  # fmt: skip


def test_a_topic_hands_nothing_to_a_queue_that_stays_closed(account, queue):
    sns, name = account.client("sns"), queue.split(":")[-1]
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    sns.publish(TopicArn=topic, Message="lost")
    assert [(lost.name, lost.target) for lost in account.undelivered if lost.target == queue] == [(name, queue)]
    statement = {**allow("sqs:SendMessage", queue), "Principal": {"Service": SNS}}
    source = {"ArnEquals": {"aws:SourceArn": topic}}
    url = f"{account.endpoint}/{ACCOUNT_ID}/{name}"
    attributes = {"Policy": policy({**statement, "Condition": source})}
    account.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)
    sns.publish(TopicArn=topic, Message="told")
    (message,) = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert json.loads(message["Body"])["Message"] == "told"
