from __future__ import annotations

import pytest

from lakelet.errors import UsageError
from lakelet.key import KEY_VARIABLE, own_key


def nobody(prompt: str) -> str:
    raise AssertionError("nobody is to be asked")


def test_the_key_comes_from_the_environment_and_nobody_is_asked(monkeypatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, " s3cret\n")
    assert own_key("olympics", ask=nobody, somebody=True) == "s3cret"


def test_without_one_there_whoever_is_at_the_terminal_is_asked(monkeypatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    asked: list[str] = []
    assert own_key("olympics", ask=lambda prompt: asked.append(prompt) or "typed", somebody=True) == "typed"
    assert asked == ["key of the olympics API, KEY (not shown, not kept): "]


@pytest.mark.parametrize("somebody", [True, False])
def test_no_key_is_one_line_with_the_name_of_the_variable(monkeypatch, somebody) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(UsageError, match=f"put yours into {KEY_VARIABLE}"):
        own_key("olympics", ask=lambda _: "", somebody=somebody)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "ключ"])
def test_what_cannot_be_a_key_is_refused_and_not_shown(monkeypatch, key) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(UsageError, match="copy it anew") as refused:
        own_key("olympics", somebody=False)
    assert key not in str(refused.value)


@pytest.mark.parametrize("key", ["abc", ":secret", "id:"])
def test_a_key_of_two_parts_has_both(monkeypatch, key) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(UsageError, match="asks for ID:SECRET, and the key in LAKELET_API_KEY is not of two parts"):
        own_key("spotify", somebody=False, form="ID:SECRET")
    monkeypatch.setenv(KEY_VARIABLE, "id:secret")
    assert own_key("spotify", somebody=False, form="ID:SECRET") == "id:secret"
