from __future__ import annotations

import io
import zipfile

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.identity.policies import ACCOUNT_ID, allow, policy, trust

RIGHTS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def make_function(account, name, role):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", "")
    return account.client("lambda").create_function(
        FunctionName=name, Runtime="python3.13", Handler="app.handler", Role=role, Code={"ZipFile": file.getvalue()}
    )["FunctionArn"]


def notify(account, bucket, **more):
    account.client("s3").put_bucket_notification_configuration(Bucket=bucket, **more)


def to_queue(queue):
    return {"QueueConfigurations": [{"QueueArn": queue, "Events": ["s3:ObjectCreated:*"]}]}


class TestNotifications:
    def test_a_closed_queue_is_no_destination(self, account, bucket, queue):
        with pytest.raises(
            ClientError, match=r"InvalidArgument.*Unable to validate the following destination configurations: arn:"
        ):
            notify(account, bucket, NotificationConfiguration=to_queue(queue))

    def test_a_queue_that_lets_the_bucket_in_is_one(self, account, bucket, queue):
        source = {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}}
        statement = {**allow("sqs:SendMessage", queue, Condition=source), "Principal": {"Service": "s3.amazonaws.com"}}
        url = f"{account.endpoint}/{ACCOUNT_ID}/{queue.split(':')[-1]}"
        account.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy(statement)})
        notify(account, bucket, NotificationConfiguration=to_queue(queue))

    def test_topics_and_functions_are_asked_too(self, account, people, bucket, unique):
        function = make_function(account, unique("f"), people.role(unique("role")))
        configuration = [{"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}]
        with pytest.raises(ClientError, match="Unable to validate"):
            notify(account, bucket, NotificationConfiguration={"LambdaFunctionConfigurations": configuration})
        account.client("lambda").add_permission(
            FunctionName=function, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
            SourceArn=f"arn:aws:s3:::{bucket}", SourceAccount=ACCOUNT_ID,
        )  # fmt: skip
        notify(account, bucket, NotificationConfiguration={"LambdaFunctionConfigurations": configuration})

    def test_whoever_wants_no_test_gets_none(self, account, bucket, queue):
        notify(account, bucket, NotificationConfiguration=to_queue(queue), SkipDestinationValidation=True)
        mark = len(account.undelivered)
        account.client("s3").put_object(Bucket=bucket, Key="k", Body=b"")
        (lost,) = account.undelivered[mark:]
        assert (lost.name, lost.target) == (bucket, queue)
        assert "no resource-based policy allows the sqs:SendMessage action" in lost.reason


class TestMappings:
    @pytest.mark.parametrize(
        ("held", "missing"),
        [(0, "ReceiveMessage"), (1, "DeleteMessage"), (2, "GetQueueAttributes")],
    )
    def test_the_role_of_the_function_must_read_the_queue(self, account, people, queue, unique, held, missing):
        role = people.role(unique("role"), *(allow(action, queue) for action in RIGHTS[:held]))
        function = make_function(account, unique("f"), role)
        with pytest.raises(ClientError, match=f"does not have permissions to call {missing} on SQS"):
            account.client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=queue)

    def test_a_role_that_may_is_enough(self, account, people, queue, unique):
        role = people.role(unique("role"), *(allow(action, queue) for action in RIGHTS))
        function = make_function(account, unique("f"), role)
        account.client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=queue)


def test_the_destination_of_failed_calls_must_be_open_to_the_role(account, people, queue, unique):
    name, role = unique("f"), unique("role")
    make_function(account, name, people.role(role))
    config = {"OnFailure": {"Destination": queue}}
    with pytest.raises(ClientError, match=f"does not have permissions to call SendMessage on {queue}"):
        account.client("lambda").put_function_event_invoke_config(FunctionName=name, DestinationConfig=config)
    people.grant(role, allow("sqs:SendMessage", queue))
    account.client("lambda").put_function_event_invoke_config(FunctionName=name, DestinationConfig=config)


def test_a_function_needs_a_role_that_lambda_may_take(account, people, unique):
    role = people.role(unique("role"), service="glue.amazonaws.com")
    with pytest.raises(ClientError, match=r"The role defined for the function cannot be assumed by Lambda\."):
        make_function(account, unique("f"), role)


def test_a_schedule_needs_a_role_that_scheduler_may_take(account, people, queue, unique):
    role = unique("role")
    arn = people.role(role)
    schedule = {
        "Name": unique("s"), "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": queue, "RoleArn": arn, "Input": "{}"},
    }  # fmt: skip
    with pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
        account.client("scheduler").create_schedule(**schedule)
    account.client("iam").update_assume_role_policy(
        RoleName=role, PolicyDocument=trust(Service="scheduler.amazonaws.com")
    )
    account.client("scheduler").create_schedule(**schedule)


def test_dead_letters_must_be_open_to_the_role(account, people, queue, unique):
    name, role = unique("f"), unique("role")
    make_function(account, name, people.role(role))
    letters = {"TargetArn": queue}
    with pytest.raises(ClientError, match="does not have permissions to call SendMessage on SQS"):
        account.client("lambda").update_function_configuration(FunctionName=name, DeadLetterConfig=letters)
    people.grant(role, allow("sqs:SendMessage", queue))
    account.client("lambda").update_function_configuration(FunctionName=name, DeadLetterConfig=letters)


def test_a_budget_tells_only_topics_that_let_it_in(account, unique):
    topic = account.client("sns").create_topic(Name=unique("costs"))["TopicArn"]
    limit = {"Amount": "10", "Unit": "USD"}
    budget = {"BudgetName": unique("b"), "BudgetLimit": limit, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    over = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}
    told = [{"Notification": over, "Subscribers": [{"SubscriptionType": "SNS", "Address": topic}]}]
    closed = {**allow("sns:Publish", topic), "Principal": {"Service": "cloudwatch.amazonaws.com"}}
    arguments = {"AccountId": ACCOUNT_ID, "Budget": budget, "NotificationsWithSubscribers": told}
    set_policy = account.client("sns").set_topic_attributes
    set_policy(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(closed))
    with pytest.raises(ClientError, match=f"InvalidParameterException.*Invalid SNS topic: {topic}"):
        account.client("budgets").create_budget(**arguments)
    opened = {**closed, "Principal": {"Service": "budgets.amazonaws.com"}}
    set_policy(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(opened))
    account.client("budgets").create_budget(**arguments)
