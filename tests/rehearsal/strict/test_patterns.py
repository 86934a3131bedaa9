"""The patterns of Java, in Python."""

from __future__ import annotations

import pytest
from moto.core.utils import get_service_model

from rehearsal.strict.patterns import NOT_CHECKED, PatternNotTaken, compiled

# Those that can be deployed to, and those that their calls lead to.
SERVICES = ("athena", "budgets", "cloudcontrol", "cloudwatch", "dynamodb", "events", "glue", "iam", "kms",
            "lakeformation", "lambda", "logs", "quicksight", "rds", "s3", "sagemaker", "scheduler", "secretsmanager",
            "sns", "sqs", "ssm", "stepfunctions", "sts")  # fmt: skip


def matches(pattern: str, text: str) -> bool:
    found = compiled("any", "Any", pattern)
    assert found is not None
    return found.matches(text)


def test_all_of_a_text_must_match():
    assert matches("[a-z]+", "abc")
    assert not matches("[a-z]+", "abc!")
    assert not matches("[a-z]+", "abc\n")


def test_a_letter_of_a_word_is_of_ascii():
    assert not matches(r"\w+", "é")


def test_halves_of_a_character_are_a_character():
    text = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*"
    assert matches(text, "gold 🥇")
    assert not matches(text, "a\nb")


def test_categories_of_characters():
    tag = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
    assert matches(tag, "Ana 9")
    assert matches(tag, "Añá\u00a0٣")
    assert not matches(tag, "a!")
    assert not matches(tag, "añ🥇")
    assert matches(r"\P{C}*", "añ🥇")
    assert not matches(r"\P{C}*", "a\x00")
    assert matches(r"\p{Print}+", "a b")


def test_a_hyphen_after_a_class_is_a_hyphen():
    assert matches(r"[\w-/]+", "a-b/c")
    assert matches(r"[\w-]+", "a-b")


def test_what_python_cannot_take_is_named():
    with pytest.raises(PatternNotTaken, match="any's Any"):
        compiled("any", "Any", "(?<name>x")
    assert compiled("budgets", "BudgetName", "(?<name>x") is None


def test_all_but_three_patterns_are_checked():
    assert len(NOT_CHECKED) == 3
    for service in SERVICES:
        for name, shape in get_service_model(service)._service_description["shapes"].items():
            if "pattern" in shape:
                compiled(service, name, shape["pattern"])


def test_each_pattern_that_is_not_checked_is_there():
    for service, name in NOT_CHECKED:
        assert "pattern" in get_service_model(service).shape_for(name).metadata
