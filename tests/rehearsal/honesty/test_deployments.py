"""A deployment tells apart what nobody has read and what is only recorded."""

from __future__ import annotations

import pytest

from rehearsal.account import Account
from rehearsal.deploy import Deployment, Ignored, deploy
from tests.rehearsal.honesty.conftest import trust

PROGRAM = """
import pulumi
import pulumi_aws as aws
aws.glue.Job("curate", role_arn="arn:aws:iam::123456789012:role/worker", max_retries=2, job_run_queuing_enabled=True,
             command={"script_location": "s3://code/job.py"}, security_configuration=pulumi.Output.secret("planted"))
"""


@pytest.fixture(scope="module")
def deployment(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    folder = tmp_path_factory.mktemp("program")
    (folder / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    account.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=trust("glue.amazonaws.com"))
    return deploy(folder, "dev", account.deployer_environment())


def test_what_nobody_reads_is_ignored(deployment: Deployment) -> None:
    assert deployment.ignored == [Ignored('Job "curate"', "jobRunQueuingEnabled", True)]


def test_what_is_read_and_has_no_effect_is_recorded_with_the_reason_and_secrets_are_masked(
    deployment: Deployment,
) -> None:
    assert deployment.recorded == [
        Ignored('Job "curate"', "maxRetries", 2, "a run that failed is not tried again"),
        Ignored('Job "curate"', "securityConfiguration", "[secret]", "nothing is encrypted"),
    ]


def test_both_are_in_its_json(deployment: Deployment) -> None:
    assert Deployment.from_json(deployment.to_json()) == deployment
