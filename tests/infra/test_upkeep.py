import json

import pytest

from infra import upkeep
from infra.lake import Lake, LakeArgs
from infra.naming import Names
from infra.packaging import Packager
from infra.settings import Settings
from infra.upkeep import Upkeep, UpkeepArgs
from sources.olympics import OLYMPICS
from sources.spotify import SPOTIFY

NAMES = Names("dev", "123456789012", "eu-north-1")
JOB = "arn:aws:glue:eu-north-1:123456789012:job/lakelet-dev-upkeep"
STATEMENTS = upkeep.upkeep(NAMES)


def actions(service: str) -> dict[str, list[str]]:
    """What may be done in a service, each with the resources that it may be done to."""
    return {
        action: [arn.split(":", 5)[-1] for arn in statement["Resource"]]
        for statement in STATEMENTS
        for action in statement["Action"]
        if action.startswith(f"{service}:")
        if "artifacts" not in str(statement["Resource"])
    }


def test_the_job_reads_and_writes_what_is_in_the_tables_folder_and_its_own_results():
    bucket = "lakelet-dev-curated-123456789012"
    assert actions("s3") == {
        "s3:GetObject": [f"{bucket}/warehouse/lakelet_dev/*"],
        "s3:PutObject": [f"{bucket}/results/upkeep/*", f"{bucket}/warehouse/lakelet_dev/*"],
        "s3:DeleteObject": [f"{bucket}/warehouse/lakelet_dev/*"],
        "s3:ListBucket": [bucket],
    }
    (listing,) = [each for each in STATEMENTS if each["Action"] == ["s3:ListBucket"]]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["warehouse/lakelet_dev/*"]}}


def test_the_job_may_change_all_tables_of_the_lake_and_make_none():
    known = ["catalog", "database/lakelet_dev", "table/lakelet_dev/*"]
    assert actions("glue") == {"glue:GetTable": known, "glue:UpdateTable": known}


def test_the_job_sees_nothing_raw():
    assert "lakelet-dev-raw" not in str(STATEMENTS)


@pytest.fixture(scope="module")
def declared(declare, tmp_path_factory):
    """The upkeep of a lake with two sources."""
    settings = Settings("dev", (OLYMPICS, SPOTIFY), protect_data=False, keep_snapshots_days=9)
    packager = Packager(build=tmp_path_factory.mktemp("packages"))

    def make() -> None:
        lake = Lake("lake", LakeArgs(NAMES, settings, packager))
        Upkeep("upkeep", UpkeepArgs(NAMES, settings, lake, "s3://artifacts/upkeep.py", "group"))

    return declare(make)


def test_the_job_is_told_all_tables_of_all_sources(declared):
    given = declared.one("Job", "upkeep")["defaultArguments"]
    tables = given["--tables"].split(",")
    assert tables == [*OLYMPICS.table_names, *SPOTIFY.table_names]
    assert (given["--database"], given["--keep_snapshots_days"]) == ("lakelet_dev", "9")


def test_scheduler_starts_the_job_on_sundays_and_nothing_stands_in_between(declared):
    schedule = declared.one("Schedule", "upkeep-schedule")
    assert (schedule["scheduleExpression"], schedule["scheduleExpressionTimezone"]) == ("cron(0 3 ? * SUN *)", "UTC")
    target = schedule["target"]
    assert target["arn"] == "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    assert json.loads(target["input"]) == {"JobName": "lakelet-dev-upkeep"}
    assert target["deadLetterConfig"] == {"arn": "arn:aws:sqs:eu-north-1:123456789012:lakelet-dev-given-up"}


def test_scheduler_may_start_this_job_and_tell_of_its_failure_and_no_more(declared):
    (policy,) = [made.inputs for made in declared.of("RolePolicy") if "upkeep-schedule" in made.name]
    assert [(each["Action"], each["Resource"]) for each in json.loads(policy["policy"])["Statement"]] == [
        (["glue:StartJobRun"], [JOB]),
        (["sqs:SendMessage"], ["arn:aws:sqs:eu-north-1:123456789012:lakelet-dev-given-up"]),
    ]
