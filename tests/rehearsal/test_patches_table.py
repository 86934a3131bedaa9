from __future__ import annotations

from functools import reduce
from importlib.metadata import version

import pytest

from rehearsal import patches
from rehearsal.patches import PATCHES, Patch, PatchDoesNotFit

ADDED = {
    "moto.athena.responses:AthenaResponse.batch_get_named_query",
    "moto.athena.responses:AthenaResponse.batch_get_query_execution",
    "moto.athena.responses:AthenaResponse.delete_named_query",
    "moto.athena.responses:AthenaResponse.delete_prepared_statement",
    "moto.athena.responses:AthenaResponse.list_prepared_statements",
    "moto.athena.responses:AthenaResponse.update_work_group",
    "moto.glue.responses:GlueResponse.batch_stop_job_run",
    "moto.glue.responses:GlueResponse.delete_connection",
    "moto.quicksight.responses:QuickSightResponse.delete_data_set",
    "moto.quicksight.responses:QuickSightResponse.delete_dashboard",
    "moto.cloudwatch.responses:CloudWatchResponse.put_composite_alarm",
    "moto.cloudwatch.responses:CloudWatchResponse.describe_alarm_history",
}


def test_the_installed_moto_is_the_one_that_is_patched():
    assert version("moto") == patches.MOTO


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_each_patched_symbol_is_there_and_is_ours(patch, account):
    symbol = reduce(getattr, [patch.symbol.split(".")[-1]], patch.owner())
    assert (symbol.fget if isinstance(symbol, property) else symbol).__module__.startswith("rehearsal.patches")
    assert patch.why
    assert patch.lacking is (patch.name in ADDED)


def test_no_symbol_is_patched_twice():
    assert len({patch.name for patch in PATCHES}) == len(PATCHES)


def test_applying_again_changes_nothing(account):
    before = [getattr(patch.owner(), patch.symbol.split(".")[-1]) for patch in PATCHES]
    patches.apply()
    assert [getattr(patch.owner(), patch.symbol.split(".")[-1]) for patch in PATCHES] == before


def test_a_symbol_that_is_gone_or_has_come_stops_the_start():
    with pytest.raises(PatchDoesNotFit, match=r"lacks moto\.sqs\.models:Queue\.gone; the patches are for moto 5"):
        Patch("moto.sqs.models", "Queue.gone", lambda old: old, "why").apply()
    with pytest.raises(PatchDoesNotFit, match=r"has moto\.sqs\.models:Queue\.add_message"):
        Patch("moto.sqs.models", "Queue.add_message", lambda old: old, "why", lacking=True).apply()
