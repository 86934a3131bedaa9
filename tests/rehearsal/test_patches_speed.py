from __future__ import annotations

import os
from collections.abc import Callable

import pytest


@pytest.fixture
def counted(account, monkeypatch) -> Callable[[str], list[str]]:
    """The folders that are listed from now on."""
    account.client("sts").get_caller_identity()  # the first call of all may look around
    listed: list[str] = []
    really = os.listdir

    def listdir(path: str = ".") -> list[str]:
        listed.append(str(path))
        return really(path)

    monkeypatch.setattr(os, "listdir", listdir)
    return listed


def test_a_request_does_not_make_moto_list_its_folder(account, counted):
    account.client("sts").get_caller_identity()
    account.client("sts").get_caller_identity()
    assert counted == []


def test_what_is_kept_is_what_moto_found(account):
    from moto import backends
    from moto.core import responses, utils
    from moto.glue.responses import GlueResponse

    assert {"s3", "dynamodb", "glue"} < set(backends.list_of_moto_modules())
    assert responses.method_names_from_class(GlueResponse) == utils.method_names_from_class(GlueResponse)
    assert responses.method_names_from_class(GlueResponse) is responses.method_names_from_class(GlueResponse)
    assert "batch_stop_job_run" in responses.method_names_from_class(GlueResponse)
