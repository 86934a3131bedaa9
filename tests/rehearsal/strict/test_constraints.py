"""What one value must be, and how a message shows it."""

from __future__ import annotations

from moto.core.utils import get_service_model

from rehearsal.strict.constraints import SHOWN, constraints_of, is_secret, shown


def test_values_are_shown_as_java_writes_them():
    assert shown({"a": [1, True, "x"]}) == "'{a=[1, true, x]}'"
    assert shown(b"abc") == "'3 bytes'"


def test_a_long_value_is_cut():
    fits = "x" * (SHOWN - 2)
    assert shown(fits) == f"'{fits}'"
    assert shown(fits + "x").endswith("...'")


def test_a_list_is_secret_where_what_it_holds_is():
    model = get_service_model("ssm")
    holder = model.operation_model("PutParameter").input_shape
    assert is_secret(holder.members["Value"])
    assert is_secret(holder)
    assert not is_secret(holder.members["Tags"])


def test_bytes_and_a_broken_base64_have_a_length_too():
    (most, least) = constraints_of("kms", get_service_model("kms").shape_for("PlaintextType"))
    assert most.holds(b"x" * 4096)
    assert not most.holds(b"x" * 4097)
    assert most.holds("not base64")
    assert not least.holds(b"")
