"""The smallest policy: names that will meet the next run too, and no more than the last one needed."""

from __future__ import annotations

from rehearsal.proof import Held, distinct
from rehearsal.proof.patterns import generalised, lasting_folder
from rehearsal.proof.smallest import smallest
from tests.rehearsal.proof.small import ACCOUNT, allow, asked

TABLE = f"arn:aws:dynamodb:eu-north-1:{ACCOUNT}:table/runs"


def of(*seen, stems=()):
    return smallest(distinct(seen, Held()), stems)


def test_objects_are_named_by_the_folders_that_outlast_a_run() -> None:
    keys = ["raw/olympics/run=20260302/page=1.gz", "raw/olympics/run=20260303/page=1.gz", "manifests/olympics/x.json"]
    seen = [asked("s3:GetObject", f"arn:aws:s3:::lake/{key}") for key in keys]
    assert of(*seen) == [
        allow(["s3:GetObject"], ["arn:aws:s3:::lake/manifests/olympics/*", "arn:aws:s3:::lake/raw/olympics/*"])
    ]


def test_resources_that_need_the_same_actions_share_a_statement() -> None:
    jobs = [f"arn:aws:glue:eu-north-1:{ACCOUNT}:job/{name}" for name in ("a", "b")]
    seen = [asked(action, job) for action in ("glue:GetJobRun", "glue:StartJobRun") for job in jobs]
    assert of(*seen) == [allow(["glue:GetJobRun", "glue:StartJobRun"], jobs)]


def test_items_are_named_by_what_their_keys_share() -> None:
    seen = [
        asked("dynamodb:PutItem", TABLE, dynamodb__LeadingKeys=[f"olympics/athletes/{run}"]) for run in ("2026", "2027")
    ]
    (statement,) = of(*seen)
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["olympics/athletes/*"]}}


def test_items_whose_keys_share_nothing_have_no_condition() -> None:
    seen = [asked("dynamodb:PutItem", TABLE, dynamodb__LeadingKeys=[key]) for key in ("20260302", "20260303")]
    assert of(*seen) == [allow(["dynamodb:PutItem"], [TABLE])]


def test_a_listing_keeps_to_its_prefixes() -> None:
    prefixes = ("raw/olympics/run=20260302/", "manifests/olympics/run=20260302.json")
    seen = [asked("s3:ListBucket", "arn:aws:s3:::lake", s3__prefix=prefix) for prefix in prefixes]
    (statement,) = of(*seen)
    assert statement["Condition"] == {"StringLike": {"s3:prefix": ["manifests/olympics/*", "raw/olympics/*"]}}


def test_a_role_is_passed_to_the_services_it_was_passed_to() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/lake-reader"
    (statement,) = of(asked("iam:PassRole", role, iam__PassedToService="lambda.amazonaws.com"), stems=["lake-"])
    assert statement["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/lake-*"]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com"]}}


def test_names_that_somebody_makes_up_are_left_open() -> None:
    here = f"eu-north-1:{ACCOUNT}"
    assert generalised([f"arn:aws:logs:{here}:log-group:/aws/lambda/f:log-stream:2026/11/x"]) == [
        f"arn:aws:logs:{here}:log-group:/aws/lambda/f:*"
    ]
    assert generalised([f"arn:aws:secretsmanager:{here}:secret:lake-key-aB3dE6"]) == [
        f"arn:aws:secretsmanager:{here}:secret:lake-key-??????"
    ]
    uuid = "0d9c1a2b-1111-2222-3333-444455556666"
    assert generalised([f"arn:aws:lambda:{here}:event-source-mapping:{uuid}"]) == [
        f"arn:aws:lambda:{here}:event-source-mapping:*"
    ]


def test_few_tables_are_listed_and_of_many_their_database() -> None:
    tables = [f"arn:aws:glue:eu-north-1:{ACCOUNT}:table/lake/{name}" for name in "abcd"]
    assert generalised(tables[:2]) == tables[:2]
    assert generalised(tables) == [f"arn:aws:glue:eu-north-1:{ACCOUNT}:table/lake/*"]


def test_a_folder_that_is_of_one_run_is_not_lasting() -> None:
    assert lasting_folder(["raw/run=1/a", "raw/run=1/b"]) == "raw/"
    assert lasting_folder(["jobs/0f3a9c7d1e2b/etl.zip"]) == "jobs/"
    assert lasting_folder(["a/b/c", "a/b/d"]) == "a/b/"
    assert lasting_folder(["x"]) == ""


def test_a_key_that_not_every_request_has_is_no_condition() -> None:
    seen = [asked("s3:ListBucket", "arn:aws:s3:::lake", s3__prefix="raw/"), asked("s3:ListBucket", "arn:aws:s3:::lake")]
    assert of(*seen) == [allow(["s3:ListBucket"], ["arn:aws:s3:::lake"])]


def test_a_name_that_a_wider_one_covers_is_left_out() -> None:
    group = f"arn:aws:scheduler:eu-north-1:{ACCOUNT}:schedule/lake"
    assert generalised([f"{group}/*", f"{group}/lake-daily"], ["lake-"]) == [f"{group}/*"]
