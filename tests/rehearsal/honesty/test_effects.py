"""What was set and has no effect is found, each with the reason."""

from __future__ import annotations

from rehearsal.deploy.inputs import Finding, Inputs
from rehearsal.honesty.effect import UNSHOWN, about, of_pulumi, recorded, shown_by, within


def test_a_property_that_nobody_read_is_found_without_a_reason() -> None:
    assert list(Inputs({"size": 1}).without_effect(recorded("kept", "size"))) == [Finding("size", 1, "")]


def test_a_property_that_was_read_is_honoured_where_a_test_shows_it() -> None:
    inputs = Inputs({"size": 1, "colour": "red", "hash": "x", "bucket": "b"})
    assert inputs.take(Size="size", Colour="colour", Hash="hash", Bucket="bucket")
    effects = {
        **shown_by("x.py::test", "size"),
        **recorded("kept", "colour"),
        **of_pulumi("", "hash"),
        **about("bucket"),
    }
    assert list(inputs.without_effect(effects)) == [Finding("colour", "red", "kept")]


def test_a_property_that_was_read_and_is_in_no_table_is_shown_by_nothing() -> None:
    inputs = Inputs({"size": 1})
    assert inputs["size"] == 1
    assert list(inputs.without_effect({})) == [Finding("size", 1, UNSHOWN)]


def test_tables_know_no_positions_and_findings_do() -> None:
    inputs = Inputs({"rules": [{"id": "a", "days": 1}, {"id": "b", "size": 2}]})
    assert [rule.take(Id="id", Days="days") for rule in inputs.objects("rules")]
    effects = within("rules", {**shown_by("x.py::test", "id"), **recorded("kept", "days")})
    assert list(inputs.without_effect(effects)) == [Finding("rules[0].days", 1, "kept"), Finding("rules[1].size", 2)]


def test_what_is_recorded_is_recorded_with_all_that_lies_below_it() -> None:
    inputs = Inputs({"rules": [{"id": "a", "days": 1}]})
    assert [rule["id"] for rule in inputs.objects("rules")] == ["a"]
    told = list(inputs.without_effect(recorded("kept", "rules")))
    assert told == [Finding("rules", [{"id": "a", "days": 1}], "kept")]


def test_who_asks_for_what_the_rehearsal_does_anyway_gets_it() -> None:
    effects = recorded("never tried again", "retries", as_if=0)
    for value, found in ((0, []), (2, [Finding("retries", 2, "never tried again")])):
        inputs = Inputs({"retries": value})
        assert inputs["retries"] == value
        assert list(inputs.without_effect(effects)) == found


def test_a_handler_may_say_that_this_time_nothing_is_done_with_a_property() -> None:
    inputs = Inputs({"endpoint": "a@example.org"})
    assert inputs["endpoint"]
    inputs.unheeded("endpoint", why="no mail is sent")
    effects = shown_by("x.py::test", "endpoint")
    assert list(inputs.without_effect(effects)) == [Finding("endpoint", "a@example.org", "no mail is sent")]
