"""The shape of a record in Spark's words, and what Spark alone would not see of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from sources.shape import Kind, Maybe, Shape, names_of

_TYPES = {Kind.TEXT: StringType(), Kind.WHOLE: LongType(), Kind.NUMBER: DoubleType(), Kind.FLAG: BooleanType()}


def struct_of(record: Mapping[str, Shape]) -> StructType:
    """The fields of a record that are read. A field that may hold anything is not; one of two names is there twice."""
    return StructType([StructField(name, _type_of(shape)) for name, shape in _fields(record)])


def holds_wrong_text(record: Mapping[str, Shape], parsed: Column, text: Column) -> Column:
    """Whether an object or a list stands where the shape of a record has a text. Spark takes it as its JSON text.

    A text that merely looks like one stands behind a quote in the record's ``text``, so it is not taken for one.
    """
    wrong = F.lit(False)
    for name, shape in _fields(record):
        for each in _wrong_texts(shape, name, parsed[name], text):
            wrong = wrong | F.coalesce(each, F.lit(False))
    return wrong


def _fields(record: Mapping[str, Shape]) -> Iterator[tuple[str, Shape]]:
    for field, shape in record.items():
        if _innermost(shape) is not Kind.ANY:
            yield from ((name, _bare(shape)) for name in names_of(field))


def _type_of(shape: Shape) -> DataType:
    shape = _bare(shape)
    if isinstance(shape, dict):
        return struct_of(shape)
    if isinstance(shape, list):
        return ArrayType(_type_of(shape[0]))
    assert isinstance(shape, Kind)
    return _TYPES[shape]


def _wrong_texts(shape: Shape, name: str, value: Column, text: Column) -> Iterator[Column]:
    behind_name = F.lit(json.dumps(name, ensure_ascii=False) + ":")
    if shape is Kind.TEXT:
        yield value.rlike(r"^[\[{]") & F.contains(text, F.concat(behind_name, value))
    elif isinstance(shape, dict):
        yield holds_wrong_text(shape, value, text)
    elif isinstance(shape, list) and _innermost(shape) is Kind.TEXT:
        yield ~F.contains(text, F.concat(behind_name, F.to_json(value)))
    elif isinstance(shape, list) and isinstance(element := _bare(shape[0]), dict):
        yield F.exists(value, lambda each: holds_wrong_text(element, each, text))


def _bare(shape: Shape) -> Shape:
    return _bare(shape.shape) if isinstance(shape, Maybe) else shape


def _innermost(shape: Shape) -> Shape:
    """What a list, or a list of lists, is of."""
    shape = _bare(shape)
    return _innermost(shape[0]) if isinstance(shape, list) else shape
