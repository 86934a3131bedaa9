import json

import pytest

from infra.errors import SettingsError
from infra.settings import read
from sources import SOURCES


def settings(stack="dev", **said):
    """Settings of a stack that says so much; ``protectData`` is false unless told."""
    texts = {"protectData": "false"} | {k: v if isinstance(v, str) else json.dumps(v) for k, v in said.items()}
    return read(stack, {name: text for name, text in texts.items() if text != "null"}.get)


def test_a_stack_that_says_only_whether_data_is_protected_gets_all_the_rest():
    found = settings()
    assert (found.glue_version, found.worker_type, found.workers) == ("6.0", "G.1X", 2)
    assert found.sources == tuple(SOURCES.values())
    assert found.api_urls == {name: source.api.url for name, source in SOURCES.items()}
    assert (found.expendable, found.raw_expire_days, found.log_retention_days) == (frozenset(), None, 30)


def test_a_source_can_be_read_elsewhere():
    assert settings(apiUrls={"olympics": "http://127.0.0.1:8080"}).api_urls["olympics"] == "http://127.0.0.1:8080"


def test_what_is_said_is_taken():
    found = settings(glueVersion="5.1", workerType="G.2X", workers=4, logRetentionDays=7, rawExpireDays=90)
    assert (found.glue_version, found.worker_type, found.workers) == ("5.1", "G.2X", 4)
    assert (found.log_retention_days, found.raw_expire_days) == (7, 90)


WRONG = {
    "no word on protection": ({"protectData": None}, ["lakelet:protectData", "missing"]),
    "neither true nor false": ({"protectData": "yes"}, ["lakelet:protectData", "'yes'"]),
    "prod without protection": ({"stack": "prod"}, ["'prod'", "lakelet:protectData is false"]),
    "protected and expendable": (
        {"protectData": "true", "expendable": ["raw"]},
        ["lakelet:protectData is true", "lakelet:expendable is raw"],
    ),
    "one worker": ({"workers": "1"}, ["lakelet:workers is 1", "Glue 6.0"]),
    "no number": ({"workers": "two"}, ["lakelet:workers", "'two'"]),
    "unknown Glue": ({"glueVersion": "4.0"}, ["lakelet:glueVersion", "'4.0'", "5.1, 6.0"]),
    "unknown worker": ({"workerType": "Z.1X"}, ["lakelet:workerType", "'Z.1X'", "G.1X"]),
    "unknown source": ({"sources": ["chess"]}, ["lakelet:sources", "'chess'", "olympics"]),
    "no source": ({"sources": []}, ["lakelet:sources is []", "olympics"]),
    "source and no list": ({"sources": "olympics"}, ["lakelet:sources", "olympics", "not JSON"]),
    "sources in an object": ({"sources": {"olympics": 1}}, ["lakelet:sources", "{'olympics': 1}", "list"]),
    "unknown bucket": ({"expendable": ["rwa"]}, ["lakelet:expendable", "'rwa'", "raw, curated"]),
    "URL of no source": ({"apiUrls": {"chess": "http://localhost"}}, ["'chess'", "lakelet:sources", "olympics"]),
    "no URL": ({"apiUrls": {"olympics": "localhost:80"}}, ["lakelet:apiUrls", "localhost:80", "http"]),
    "URLs in a list": ({"apiUrls": ["http://localhost"]}, ["lakelet:apiUrls", "http://localhost"]),
    "logs for a number of days that AWS does not take": ({"logRetentionDays": "8"}, ["logRetentionDays is 8", "7, 14"]),
    "raw gone too soon": ({"rawExpireDays": "3"}, ["lakelet:rawExpireDays is 3", "7 days"]),
    "no mail address": ({"alarmEmail": "ops"}, ["lakelet:alarmEmail", "'ops'", "mail address"]),
    "two addresses without a comma": ({"alarmEmail": "a@b.org c@d.org"}, ["lakelet:alarmEmail", "'a@b.org c@d.org'"]),
    "more addresses than a budget tells": (
        {"alarmEmail": ",".join(f"a{n}@example.org" for n in range(11))},
        ["lakelet:alarmEmail has 11", "10 at most"],
    ),
    "nothing to spend": ({"monthlyBudgetDollars": "0"}, ["lakelet:monthlyBudgetDollars is 0", "1 or more"]),
    "a key in clear": (
        {"apiUrls": {"olympics": "http://example.org"}},
        ["olympics: http://example.org", "lakelet:olympicsApiKey", "https"],
    ),
    "a stack no bucket can be named after": ({"stack": "Dev_1"}, ["'Dev_1'"]),
}


def test_alarms_go_to_whom_the_stack_names():
    assert settings().alarm_emails == ()
    assert settings(alarmEmail="ops@example.org, me@example.org,").alarm_emails == ("ops@example.org", "me@example.org")
    assert (settings().monthly_budget_dollars, settings(monthlyBudgetDollars="50").monthly_budget_dollars) == (20, 50)


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_stops_with_one_line_that_holds_both_values(case):
    said, parts = WRONG[case]
    with pytest.raises(SettingsError) as stopped:
        settings(**said)
    message = str(stopped.value)
    assert "\n" not in message
    assert [part for part in parts if part not in message] == []
