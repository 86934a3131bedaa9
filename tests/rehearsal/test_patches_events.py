from __future__ import annotations

import json
from datetime import datetime

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "eu-north-1:123456789012"
TARGETS = [
    f"arn:aws:lambda:{ACCOUNT}:function:f",
    f"arn:aws:sqs:{ACCOUNT}:q",
    f"arn:aws:states:{ACCOUNT}:stateMachine:m",
    f"arn:aws:logs:{ACCOUNT}:log-group:/l",
    f"arn:aws:events:{ACCOUNT}:event-bus/other",
]


@pytest.fixture
def events(account):
    return account.client("events")


@pytest.fixture
def matches(account, monkeypatch):
    found = []
    monkeypatch.setattr(account.hooks, "rule_matched", found.append)
    return found


@pytest.fixture
def source(unique):
    return unique("source")


@pytest.fixture
def rule(events, source, unique):
    name = unique("rule")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [source], "detail": {"state": ["FAILED", "DONE"]}}))
    targets = [{"Id": f"t{number}", "Arn": arn, "Input": '{"n": 1}'} for number, arn in enumerate(TARGETS)]
    events.put_targets(Rule=name, Targets=targets)
    yield name
    events.remove_targets(Rule=name, Ids=[target["Id"] for target in targets])
    events.delete_rule(Name=name)


def put(events, source, state="DONE"):
    entry = {"Source": source, "DetailType": "Told", "Detail": json.dumps({"state": state}), "Resources": ["r"]}
    return events.put_events(Entries=[entry])["Entries"][0]["EventId"]


def test_every_target_of_a_matching_rule_is_handed_over(events, rule, source, matches):
    put(events, source)
    assert [match.target["Arn"] for match in matches] == TARGETS
    assert {match.target["Input"] for match in matches} == {'{"n": 1}'}
    assert {match.rule_name for match in matches} == {rule}
    assert matches[0].rule_arn == f"arn:aws:events:{ACCOUNT}:rule/{rule}"


def test_the_event_is_in_the_form_that_targets_get(account, events, rule, source, matches):
    event_id = put(events, source)
    event = matches[0].event
    assert {name: event[name] for name in event if name != "time"} == {
        "version": "0",
        "id": event_id,
        "detail-type": "Told",
        "source": source,
        "account": "123456789012",
        "region": "eu-north-1",
        "resources": ["r"],
        "detail": {"state": "DONE"},
    }
    assert abs(datetime.fromisoformat(event["time"]).timestamp() - account.clock.now()) < 60


def test_an_event_that_does_not_match_is_not(events, rule, source, matches):
    put(events, source, state="RUNNING")
    put(events, "another")
    assert matches == []


def test_a_disabled_rule_is_silent(events, rule, source, matches):
    events.disable_rule(Name=rule)
    put(events, source)
    assert matches == []
    events.enable_rule(Name=rule)
    put(events, source)
    assert len(matches) == len(TARGETS)


def test_a_rule_with_only_a_schedule_matches_no_event(events, source, matches, unique):
    name = unique("nightly")
    events.put_rule(Name=name, ScheduleExpression="rate(1 day)")
    events.put_targets(Rule=name, Targets=[{"Id": "t", "Arn": TARGETS[0]}])
    put(events, source)
    assert matches == []


def test_a_service_puts_events_on_the_default_bus(account, events, rule, source, matches):
    account.hooks.event_put({"source": source, "detail-type": "Glue Job State Change", "detail": {"state": "FAILED"}})
    assert len(matches) == len(TARGETS)
    assert matches[0].event["detail-type"] == "Glue Job State Change"
    assert matches[0].event["account"] == "123456789012"
    assert matches[0].event["resources"] == []
    assert set(matches[0].event) >= {"version", "id", "time", "region"}


def test_archives_go_on_being_filled(events, source, matches, unique):
    name = unique("archive")
    bus = f"arn:aws:events:{ACCOUNT}:event-bus/default"
    events.create_archive(ArchiveName=name, EventSourceArn=bus, EventPattern=json.dumps({"source": [source]}))
    put(events, source)
    assert events.describe_archive(ArchiveName=name)["EventCount"] == 1
    assert matches == []


SCHEDULE = {
    "ScheduleExpression": "cron(0 6 * * ? *)",
    "ScheduleExpressionTimezone": "Europe/Stockholm",
    "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
    "State": "DISABLED",
    "Description": "mornings",
    "ActionAfterCompletion": "DELETE",
    "Target": {
        "Arn": TARGETS[0],
        "RoleArn": "arn:aws:iam::123456789012:role/fires",
        "Input": '{"at": "<aws.scheduler.scheduled-time>"}',
        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 600},
        "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{ACCOUNT}:dead"},
    },
}


@pytest.fixture(scope="module")
def schedules(account):
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    account.client("iam").create_role(RoleName="fires", AssumeRolePolicyDocument=policy)
    return account.client("scheduler")


@pytest.fixture
def group(schedules, unique):
    name = unique("group")
    schedules.create_schedule_group(Name=name)
    return name


def test_a_schedule_is_kept_as_it_was_given(schedules, group):
    schedules.create_schedule(Name="s", GroupName=group, **SCHEDULE)
    told = schedules.get_schedule(Name="s", GroupName=group)
    assert {name: told[name] for name in SCHEDULE} == SCHEDULE
    assert told["GroupName"] == group
    listed = schedules.list_schedules(GroupName=group)["Schedules"]
    assert [(schedule["Name"], schedule["GroupName"]) for schedule in listed] == [("s", group)]


def test_an_update_replaces_all_of_it(schedules, group):
    schedules.create_schedule(Name="s", GroupName=group, **SCHEDULE)
    changed = {
        "ScheduleExpression": "rate(15 minutes)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {**SCHEDULE["Target"], "Input": "{}"},
    }
    schedules.update_schedule(Name="s", GroupName=group, **changed)
    told = schedules.get_schedule(Name="s", GroupName=group)
    assert {name: told[name] for name in changed} == changed
    assert (told["State"], told["ScheduleExpressionTimezone"]) == ("ENABLED", "UTC")
    assert told["ActionAfterCompletion"] == "NONE"
    assert "Description" not in told


def test_a_group_that_is_not_there_is_refused_as_on_aws(schedules):
    with pytest.raises(schedules.exceptions.ResourceNotFoundException):
        schedules.create_schedule(Name="s", GroupName="nowhere", **SCHEDULE)
    with pytest.raises(schedules.exceptions.ResourceNotFoundException):
        schedules.delete_schedule_group(Name="nowhere")
    with pytest.raises(ClientError, match="ConflictException"):
        for _ in range(2):
            schedules.create_schedule(Name="twice", **SCHEDULE)
