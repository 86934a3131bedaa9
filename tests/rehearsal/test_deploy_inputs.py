"""Inputs know what was read of them."""

from __future__ import annotations

from rehearsal.deploy.inputs import Inputs


def test_what_was_not_read_is_found_at_every_depth() -> None:
    inputs = Inputs({"name": "a", "policy": {"days": 3, "mode": "x"}, "rules": [{"id": 1}, {"id": 2, "size": 5}]})
    assert inputs["name"] == "a"
    assert inputs.part("policy")["days"] == 3
    assert [rule["id"] for rule in inputs.objects("rules")] == [1, 2]
    assert list(inputs.unread()) == [("policy.mode", "x"), ("rules[1].size", 5)]


def test_an_object_of_which_nothing_was_read_is_told_whole() -> None:
    assert list(Inputs({"vpc": {"subnets": ["a"]}, "a": {"b": {"c": 1}}}).unread()) == [
        ("vpc", {"subnets": ["a"]}), ("a", {"b": {"c": 1}}),
    ]  # fmt: skip


def test_a_map_is_read_whole() -> None:
    inputs = Inputs({"tags": {"a": "b"}})
    assert inputs.value("tags") == {"a": "b"}
    assert list(inputs.unread()) == []


def test_absent_and_empty_properties_are_not_told() -> None:
    assert list(Inputs({"a": None, "b": [], "c": {}, "d": 0, "e": False}).unread()) == [("d", 0), ("e", False)]


def test_take_leaves_out_what_is_not_set() -> None:
    inputs = Inputs({"memorySize": 128, "handler": None})
    assert inputs.take(MemorySize="memorySize", Handler="handler", Timeout="timeout") == {"MemorySize": 128}


def test_unheeded_properties_are_told_although_they_were_read() -> None:
    inputs = Inputs({"rules": [{"days": 3}], "ruleset": 1})
    assert [rule["days"] for rule in inputs.objects("rules")] == [3]
    assert inputs["ruleset"] == 1
    inputs.unheeded("rules")
    assert list(inputs.unread()) == [("rules", [{"days": 3}])]
