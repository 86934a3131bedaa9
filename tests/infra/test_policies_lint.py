"""The identity policies of the whole program, as a linter that knows every action of AWS sees them."""

from __future__ import annotations

import importlib.resources
import json
import sys
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from infra.conduct import Conduct, ConductArgs
from infra.lake import Lake, LakeArgs
from infra.operations import Operations, OperationsArgs
from infra.packaging import Packager
from infra.pipeline import SourcePipeline, SourcePipelineArgs
from infra.settings import read
from sources import SOURCES

STREAMS = sum(len(source.streams) for source in SOURCES.values())


@pytest.fixture(scope="module")
def linter() -> Any:
    """The linter wants one function of a package that setuptools no longer has."""
    with pytest.MonkeyPatch.context() as patch:
        asked = SimpleNamespace(resource_filename=lambda name, file: str(importlib.resources.files(name) / file))
        patch.setitem(sys.modules, "pkg_resources", asked)
        import parliament

        return parliament


@pytest.fixture(scope="module")
def policies(declare, names, tmp_path_factory) -> dict[str, str]:
    """The policy of each role, by its name."""
    folder = tmp_path_factory.mktemp("program")
    package = folder / "package.zip"
    package.write_bytes(b"zip")
    settings = read("dev", {"protectData": "false", "sources": json.dumps(sorted(SOURCES))}.get)

    def build() -> None:
        lake = Lake("lake", LakeArgs(names, settings, Packager(folder, folder / "build")))
        for name, source in SOURCES.items():
            key, script = pulumi.Output.secret("hush"), "s3://artifacts/curate.py"
            args = SourcePipelineArgs(names, settings, source, lake, key, package, script, "lakelet-dev")
            SourcePipeline(name, args)
        Conduct("conduct", ConductArgs(names, settings, lake, package, "lakelet-dev"))
        Operations("operations", OperationsArgs(names, settings))

    return {made.name: made.inputs["policy"] for made in declare(build).of("RolePolicy")}


def findings(linter: Any, policy: str) -> list[tuple[str, str]]:
    """What the linter holds against a policy: the issue, and more about it."""
    found = linter.analyze_policy_string(policy).findings
    return [(finding.issue, str(finding.detail)) for finding in found]


def test_the_linter_sees_every_role(policies):
    """One for each function, job and schedule: three functions and a schedule are there whatever the sources."""
    assert len(policies) == 4 + 2 * len(SOURCES) + STREAMS


def test_no_policy_has_a_finding(linter, policies):
    assert [(role, *each) for role, policy in policies.items() for each in findings(linter, policy)] == []


@pytest.mark.parametrize(
    ("issue", "change"),
    [
        ("UNKNOWN_ACTION", {"Action": ["s3:ReadObject"]}),
        ("UNKNOWN_PREFIX", {"Action": ["storage:GetObject"]}),
        ("RESOURCE_MISMATCH", {"Resource": ["arn:aws:s3:::lake"]}),
        ("UNKNOWN_CONDITION_FOR_ACTION", {"Condition": {"StringEquals": {"s3:prefix": "raw/"}}}),
        ("UNKNOWN_OPERATOR", {"Condition": {"StringSame": {"aws:PrincipalAccount": "123456789012"}}}),
        ("MALFORMED", {"Effect": "Perhaps"}),
    ],
)
def test_a_bad_policy_has_one(linter, issue, change):
    good = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::lake/*"]}
    assert findings(linter, json.dumps({"Version": "2012-10-17", "Statement": [good]})) == []
    bad = json.dumps({"Version": "2012-10-17", "Statement": [{**good, **change}]})
    assert issue in [found for found, _ in findings(linter, bad)]
