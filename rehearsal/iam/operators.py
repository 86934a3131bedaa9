"""The operators of conditions. Each reads a policy's value once, and then tests what a request holds against it.

A test says None when what the request holds cannot be compared so. Negated operators have the test of their positive
one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeVar

from rehearsal.iam import patterns, values
from rehearsal.iam.variables import Lookup, Template, template

Test = Callable[[str, Lookup], bool | None]
Reader = Callable[[str, bool], Test]
T = TypeVar("T")


class Unreadable(ValueError):
    """A policy's value is not of the operator's kind. The text says what was expected."""


def globbed(read: Template, glob: Callable[[patterns.Tokens], Callable[[str], bool]]) -> Callable[[str, Lookup], bool]:
    """The test of a pattern, made once where it has no variables. One without a value matches nothing."""
    if read.fixed is not None:
        ready = glob(read.fixed)
        return lambda held, _: ready(held)

    def test(held: str, lookup: Lookup) -> bool:
        found = read.tokens(lookup)
        return found is not None and glob(found)(held)

    return test


def _text_equals(wanted: str, has_variables: bool) -> Test:
    return globbed(template(wanted, has_variables, has_wildcards=False), patterns.glob)


def _text_equals_ignoring_case(wanted: str, has_variables: bool) -> Test:
    read = template(wanted, has_variables, has_wildcards=False)

    def test(held: str, lookup: Lookup) -> bool:
        found = read.text(lookup)
        return found is not None and held.lower() == found.lower()

    return test


def _text_like(wanted: str, has_variables: bool) -> Test:
    return globbed(template(wanted, has_variables, has_wildcards=True), patterns.glob)


def _arn_like(wanted: str, has_variables: bool) -> Test:
    read = template(wanted, has_variables, has_wildcards=True)

    def test(held: str, lookup: Lookup) -> bool | None:
        found = read.tokens(lookup)
        return False if found is None else patterns.arn_like(found, held)

    return test


def _truth(wanted: str, has_variables: bool) -> Test:
    read = template(wanted, has_variables, has_wildcards=False)
    if read.fixed is not None and values.truth(wanted) is None:
        raise Unreadable("true or false")

    def test(held: str, lookup: Lookup) -> bool | None:
        found = read.text(lookup)
        if found is None:
            return False
        truth, known = values.truth(found), values.truth(held)
        return None if truth is None or known is None else truth == known

    return test


def _octets(wanted: str, _: bool) -> Test:
    """What is no base64 in a request stands for its own bytes."""
    known = values.octets(wanted)
    if known is None:
        raise Unreadable("base64")

    def test(held: str, _: Lookup) -> bool:
        found = values.octets(held)
        return known == (held.encode(errors="surrogatepass") if found is None else found)

    return test


def _in_network(wanted: str, _: bool) -> Test:
    network = values.network(wanted)
    if network is None:
        raise Unreadable("an IP address or a range such as 203.0.113.0/24")

    def test(held: str, _: Lookup) -> bool | None:
        address = values.address(held)
        return None if address is None else address in network

    return test


def _compared(read: Callable[[str], T | None], expected: str, holds: Callable[[Any, Any], bool]) -> Reader:
    def reader(wanted: str, _: bool) -> Test:
        known = read(wanted)
        if known is None:
            raise Unreadable(expected)

        def test(held: str, _: Lookup) -> bool | None:
            found = read(held)
            return None if found is None else holds(found, known)

        return test

    return reader


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_POSITIVE: dict[str, Reader] = {
    "StringEquals": _text_equals,
    "StringEqualsIgnoreCase": _text_equals_ignoring_case,
    "StringLike": _text_like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _truth,
    "BinaryEquals": _octets,
    "IpAddress": _in_network,
    **{f"Numeric{order}": _compared(values.number, "a number", holds) for order, holds in _ORDERS.items()},
    **{
        f"Date{order}": _compared(values.moment, "a day or time such as 2026-11-21T06:00:00Z, or seconds", holds)
        for order, holds in _ORDERS.items()
    },
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}

READERS: dict[str, Reader] = {name.lower(): reader for name, reader in _POSITIVE.items()}
NEGATED: dict[str, str] = {name.lower(): positive.lower() for name, positive in _NEGATED.items()}
