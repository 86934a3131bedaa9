"""For each resource type that can be deployed: what becomes of each property that its handler reads.

A property is honoured only if a test shows that something else happens when it changes. One that is read and stands in
no table counts as recorded.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from rehearsal.honesty.effect import Effects, recorded, shown_by

SERVICES = ("athena", "budgets", "cloudcontrol", "cloudwatch", "dynamodb", "glue", "iam", "kms", "lambda", "quicksight",
            "s3", "scheduler", "secretsmanager", "sns", "sqs")  # fmt: skip

OF_ALL: Effects = {
    **shown_by("rehearsal/test_deploy_refusals.py::test_an_explicit_provider_gives_its_region_and_tags", "region"),
    **recorded("nothing is billed by it; only conditions of policies see it", "tags"),
    **shown_by("rehearsal/test_destroy.py::test_what_the_provider_is_told_to_skip_stays", "skipDestroy"),
}

OF_PROVIDER: Effects = shown_by(
    "rehearsal/test_deploy_refusals.py::test_an_explicit_provider_gives_its_region_and_tags", "region", "defaultTags"
)


def effects_of(resource_type: str) -> Effects:
    """The properties of a type such as ``aws:sqs/queue:Queue``; only the module of its service is loaded."""
    if resource_type == "pulumi:providers:aws":
        return OF_PROVIDER
    service = resource_type.partition(":")[2].partition("/")[0]
    return {**OF_ALL, **effects_by_type(service).get(resource_type, {})}


def effects_by_type(service: str) -> dict[str, Effects]:
    """All types of a service."""
    module = f"{__name__}.{service}_"
    if not service.isidentifier() or not find_spec(module):
        return {}
    found: dict[str, Effects] = import_module(module).EFFECTS
    return found
