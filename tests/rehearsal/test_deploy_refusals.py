"""What stops a deployment, and the lines that say why."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.account import Account
from rehearsal.deploy import DeployError, Deployment, deploy

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
Try = Callable[..., Deployment]


@pytest.fixture
def attempt(account: Account, tmp_path: Path) -> Try:
    """Deploy a program given as text."""

    def run(text: str, config: dict[str, str] | None = None, **options: float) -> Deployment:
        (tmp_path / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")
        (tmp_path / "__main__.py").write_text(f"import pulumi\nimport pulumi_aws as aws\n{text}")
        return deploy(tmp_path, "dev", account.deployer_environment(), config or {}, {}, **options)  # type: ignore[arg-type]

    return run


def _lines(call: Callable[[], Deployment]) -> list[str]:
    with pytest.raises(DeployError) as refused:
        call()
    return sorted(refused.value.lines)


def test_all_problems_are_told_at_once(account: Account) -> None:
    assert _lines(lambda: deploy(PROGRAMS / "refused", "dev", account.deployer_environment())) == sorted([
        'Queue "jobs": property visiblity_timeout_seconds is not known; did you mean visibility_timeout_seconds?',
        'aws:ec2/vpc:Vpc "network": the rehearsal has no handler for this type',
        'BucketNotification "inbox": property queues[0].filter_prefx is not known; did you mean filter_prefix?',
        "BucketLifecycleConfiguration \"inbox\": property rules[0].expiration.days must be a whole number, "
        "got the string 'thirty'",
        'QueuePolicy "jobs": property policy is missing',
        'Table "notes": property attributes[0].type is missing',
    ])  # fmt: skip


def test_a_urn_used_twice_names_the_resource(account: Account) -> None:
    (line,) = _lines(lambda: deploy(PROGRAMS / "same_urn", "dev", account.deployer_environment()))
    assert line.startswith('aws:sqs/queue:Queue "jobs": its URN urn:pulumi:dev::same-urn::aws:sqs/queue:Queue::jobs')


def test_an_unknown_function_of_the_provider_is_named(account: Account) -> None:
    assert _lines(lambda: deploy(PROGRAMS / "unknown_invoke", "dev", account.deployer_environment())) == [
        "aws:index/getAvailabilityZones:getAvailabilityZones: the rehearsal has no answer to this function"
    ]


def test_a_program_that_raises_gives_its_own_line_and_no_traceback(
    account: Account, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _lines(lambda: deploy(PROGRAMS / "raises", "dev", account.deployer_environment())) == [
        "settings.py:2: IndexError: list index out of range"
    ]
    printed = capfd.readouterr()
    assert (printed.out, "Traceback" in printed.err, "on its way" in printed.err) == ("", False, True)


def test_a_traceback_is_shown_when_asked(account: Account, capfd: pytest.CaptureFixture[str]) -> None:
    _lines(lambda: deploy(PROGRAMS / "raises", "dev", account.deployer_environment(), verbose=True))
    assert "Traceback" in capfd.readouterr().err


def test_an_error_inside_apply_is_told_once(attempt: Try) -> None:
    text = 'aws.sqs.Queue("a").arn.apply(lambda arn: {}["nothing"])'
    assert _lines(lambda: attempt(text)) == ["__main__.py:3: KeyError: 'nothing'"]


def test_a_missing_configuration_value_says_how_to_give_it(attempt: Try) -> None:
    assert _lines(lambda: attempt('pulumi.Config().require("colour")')) == [
        "__main__.py:3: the configuration lacks tried:colour; give it with --config tried:colour=..."
    ]


def test_an_error_of_aws_is_one_line_with_the_call(attempt: Try) -> None:
    text = 'aws.sqs.QueuePolicy("a", queue_url="http://127.0.0.1:1/1/none", policy="{}")'
    (line,) = _lines(lambda: attempt(text))
    assert line.startswith('QueuePolicy "a": SetQueueAttributes: ')


def test_a_second_notification_on_a_bucket_is_refused(attempt: Try) -> None:
    text = """
bucket = aws.s3.Bucket("twice")
first = aws.s3.BucketNotification("first", bucket=bucket.id, eventbridge=True)
aws.s3.BucketNotification("second", bucket=bucket.id, eventbridge=True, opts=pulumi.ResourceOptions(depends_on=first))
"""
    (line,) = _lines(lambda: attempt(text))
    assert line.startswith('BucketNotification "second": the bucket twice-')
    assert "has a notification already" in line


def test_what_exists_elsewhere_cannot_be_read(attempt: Try) -> None:
    assert _lines(lambda: attempt('pulumi.StackReference("org/other/dev")')) == [
        'pulumi:pulumi:StackReference "org/other/dev": reads what exists already; a rehearsal starts empty'
    ]


def test_an_import_is_refused(attempt: Try) -> None:
    text = 'aws.sqs.Queue("old", opts=pulumi.ResourceOptions(import_="x"))'
    assert _lines(lambda: attempt(text)) == ['aws:sqs/queue:Queue "old": import cannot be rehearsed']


def test_other_providers_are_refused_by_name(attempt: Try) -> None:
    text = """
class RandomId(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("random:index/randomId:RandomId", name, {"byteLength": 4})
RandomId("suffix")
"""
    assert _lines(lambda: attempt(text)) == [
        'random:index/randomId:RandomId "suffix": the rehearsal has no handler for this type'
    ]


def test_a_wrong_type_does_not_show_a_secret(attempt: Try) -> None:
    text = 'aws.sqs.Queue("q", delay_seconds=pulumi.Output.secret("planted-secret"))'
    assert _lines(lambda: attempt(text)) == ['Queue "q": property delaySeconds must be a whole number, got a secret']


def test_a_program_that_does_not_end_is_stopped(attempt: Try) -> None:
    (line,) = _lines(lambda: attempt("import threading; threading.Event().wait()", timeout_seconds=2))
    assert line.endswith("__main__.py: not deployed after 2 s; stopped")


def test_a_program_ends_with_the_process_that_deploys_it(account: Account, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")
    wait = "import threading; print('waiting', flush=True); threading.Event().wait()"
    (tmp_path / "__main__.py").write_text(wait)
    deploying = (
        f"from rehearsal.deploy import deploy; deploy({str(tmp_path)!r}, 'dev', {account.deployer_environment()})"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", deploying], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert parent.stderr is not None
    with parent.stderr:
        assert parent.stderr.readline() == "waiting\n"
        parent.kill()
        parent.wait()
        # The child holds this pipe, too: it is at its end when the child is.
        ended, _, _ = select.select([parent.stderr], [], [], 30)
        assert ended and parent.stderr.read() == ""


def test_without_an_endpoint_nothing_is_started() -> None:
    assert _lines(lambda: deploy(PROGRAMS / "uploads", "dev", {"AWS_DEFAULT_REGION": "eu-north-1"})) == [
        "AWS_ENDPOINT_URL is not in the environment; without it the real AWS would be reached"
    ]


def test_modules_beside_the_rehearsal_are_not_on_the_programs_path(attempt: Try) -> None:
    found = attempt("import importlib.util\npulumi.export('found', importlib.util.find_spec('stand_ins') is not None)")
    assert found.outputs == {"found": False}


def test_credentials_of_the_shell_do_not_reach_the_program(attempt: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "AWS_PROFILE", "production")
    assert attempt("import os\npulumi.export('profile', os.environ.get('AWS_PROFILE', ''))").outputs == {"profile": ""}


def test_a_property_that_is_ignored_and_secret_is_masked(attempt: Try) -> None:
    text = """
aws.glue.Job("j", role_arn="arn:aws:iam::123456789012:role/none", command={"script_location": "s3://b/k"},
    source_control_details={"auth_token": pulumi.Output.secret("planted-secret")})
"""
    assert [(item.property, item.value) for item in attempt(text).ignored] == [("sourceControlDetails", "[secret]")]


def test_an_explicit_provider_gives_its_region_and_tags(account: Account, attempt: Try) -> None:
    text = """
other = aws.Provider("other", region="eu-west-1", default_tags={"tags": {"team": "data"}})
queue = aws.sqs.Queue("far", opts=pulumi.ResourceOptions(provider=other))
pulumi.export("arn", queue.arn)
pulumi.export("tags", queue.tags_all)
"""
    outputs = attempt(text).outputs
    assert outputs["arn"].startswith("arn:aws:sqs:eu-west-1:123456789012:far-")
    assert outputs["tags"] == {"team": "data"}
