"""Functions of arrays, maps and rows, and concat, which is of strings too."""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.athena import types as t
from rehearsal.athena.casts import cast, coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.scopes import Expr, made_of
from rehearsal.athena.specials.shape import Made, unexpected
from rehearsal.athena.types import common, literal


def concat(given: list[Expr], at: Place, text: str) -> Expr:
    known = [each for each in given if each.type != t.UNKNOWN]
    kind = common(*(each.type for each in known))
    is_text = all(each.type.name == "varchar" for each in known)
    if len(given) < 2 or kind is None or not (is_text or kind.name == "array"):
        raise unexpected("concat", given, "concat(E, array(E)) E, concat(array(E)) E, concat(array(E), E) E, "
                         "concat(char(x), char(y)), concat(varbinary), concat(varchar)", at)  # fmt: skip
    if is_text:
        lengths = [each.type.args[0] for each in known if each.type.args]
        is_bounded = " || " in text and len(lengths) == len(known) > 0
        kind = t.varchar(sum(lengths)) if is_bounded else t.VARCHAR
    parts = [coerce(each.sql, each.type, kind) for each in given]
    if is_text:
        return made_of(f"({' || '.join(parts)})", kind, given, at, text)
    nothing = " OR ".join(f"{part} IS NULL" for part in parts)
    return made_of(f"CASE WHEN {nothing} THEN NULL ELSE list_concat({', '.join(parts)}) END", kind, given, at, text)


def subscript(base: Expr, index: Expr, at: Place) -> Expr:
    text = f"{base.text}[{index.text}]"
    if base.type.name == "array" and index.type in t.INTEGERS:
        return made_of(f"lake_at({base.sql}, {index.sql})", base.type.args[0], (base, index), at, text)
    if base.type.name == "map" and common(base.type.args[0], index.type) == base.type.args[0]:
        key = coerce(index.sql, index.type, base.type.args[0])
        bad = f"error('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || CAST({key} AS VARCHAR))"
        found = (
            f"CASE WHEN map_contains({base.sql}, {key}) THEN map_extract_value({base.sql}, {key}) WHEN "
            f"{base.sql} IS NOT NULL THEN {bad} END"
        )
        return made_of(found, base.type.args[1], (base, index), at, text)
    if base.type.name == "row" and isinstance(index.constant, int) and 0 < index.constant <= len(base.type.args):
        name = t.field_names(base.type)[index.constant - 1]
        return made_of(
            f"struct_extract({base.sql}, {literal(name)})", t.parts(base.type)[index.constant - 1], (base,), at, text
        )
    raise QueryFailed("TYPE_MISMATCH", f"Cannot use {index.type} for subscript of {base.type}", at)


def element_at(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) == 2 and given[0].type.name == "array" and given[1].type in t.INTEGERS:
        sql = f"lake_element_at({given[0].sql}, {given[1].sql})"
        return made_of(sql, given[0].type.args[0], given, at, text)
    if len(given) == 2 and given[0].type.name == "map" and common(given[0].type.args[0], given[1].type):
        key = coerce(given[1].sql, given[1].type, given[0].type.args[0])
        return made_of(f"map_extract_value({given[0].sql}, {key})", given[0].type.args[1], given, at, text)
    raise unexpected("element_at", given, "element_at(array(E), bigint) E, element_at(map(K,V), K) V", at)


def _one_collection(name: str, kinds: tuple[str, ...], template: str, result: Callable[[t.Type], t.Type]) -> Made:
    def made(given: list[Expr], at: Place, text: str) -> Expr:
        if len(given) != 1 or given[0].type.name not in kinds:
            raise unexpected(name, given, ", ".join(f"{name}({kind})" for kind in kinds), at)
        return made_of(template.format(given[0].sql), result(given[0].type), given, at, text)

    return made


def contains(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or given[0].type.name != "array" or not (kind := common(given[0].type.args[0], given[1].type)):
        raise unexpected("contains", given, "contains(array(T), T) T:comparable", at)
    if t.is_float(kind) or t.parts(kind):
        raise CannotRehearse(f"contains() of {kind}")
    items, value = coerce(given[0].sql, given[0].type, t.array(kind)), coerce(given[1].sql, given[1].type, kind)
    found = f"list_contains({items}, {value})"
    sql = (f"CASE WHEN {items} IS NULL OR {value} IS NULL THEN NULL WHEN {found} THEN TRUE "
           f"WHEN len(list_filter({items}, lambda e_: e_ IS NULL)) > 0 THEN NULL ELSE FALSE END")  # fmt: skip
    return made_of(sql, t.BOOLEAN, given, at, text)


def array_join(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) not in (2, 3) or given[0].type.name != "array" or any(e.type.name != "varchar" for e in given[1:]):
        raise unexpected(
            "array_join", given, "array_join(array(T), varchar), array_join(array(T), varchar, varchar)", at
        )
    element = given[0].type.args[0]
    if element.name != "varchar" and not t.is_exact(element) and element != t.BOOLEAN and element != t.DATE:
        raise CannotRehearse(f"array_join() of {given[0].type}")
    items, as_text = given[0].sql, cast("e_", element, t.VARCHAR)
    if len(given) == 3:
        as_text = f"coalesce({as_text}, {given[2].sql})"
    sql = f"list_transform({items}, lambda e_: {as_text})"
    joined = f"coalesce(array_to_string({sql}, {given[1].sql}), '')"
    return made_of(
        f"CASE WHEN {items} IS NULL OR {given[1].sql} IS NULL THEN NULL ELSE {joined} END", t.VARCHAR, given, at, text
    )


def _array_sorted(given: list[Expr], at: Place, text: str) -> Expr:
    element = given[0].type.args[0] if len(given) == 1 and given[0].type.name == "array" else None
    if element is None or t.parts(element) or t.is_float(element):
        raise CannotRehearse("array_sort() of anything but one array of plain values")
    return made_of(f"list_sort({given[0].sql}, 'ASC', 'NULLS LAST')", given[0].type, given, at, text)


def sequence(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) not in (2, 3) or any(each.type not in t.INTEGERS for each in given):
        raise CannotRehearse("sequence() of anything but whole numbers")
    first, last, *step = (coerce(each.sql, each.type, t.BIGINT) for each in given)
    by = step[0] if step else f"CASE WHEN {first} <= {last} THEN 1 ELSE -1 END"
    bad = (
        "error('INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than or equal to start value if "
        "step is greater than zero otherwise stop should be less than or equal to start')"
    )
    is_wrong = f"({last} - {first}) * ({by}) < 0 OR ({by}) = 0"
    sql = f"CASE WHEN {is_wrong} THEN {bad} ELSE generate_series({first}, {last}, {by}) END"
    return made_of(sql, t.array(t.BIGINT), given, at, text)


def split(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or any(each.type.name != "varchar" for each in given):
        raise CannotRehearse(f"{text}: split() is known here with two strings")
    empty = "error('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string')"
    sql = f"CASE WHEN {given[1].sql} = '' THEN {empty} ELSE string_split({given[0].sql}, {given[1].sql}) END"
    return made_of(sql, t.array(t.VARCHAR), given, at, text)


def _cardinality(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 1 or given[0].type.name not in ("array", "map"):
        raise unexpected("cardinality", given, "cardinality(array(E)), cardinality(map(K,V))", at)
    counted = f"len({given[0].sql})" if given[0].type.name == "array" else f"cardinality({given[0].sql})"
    return made_of(f"CAST({counted} AS BIGINT)", t.BIGINT, given, at, text)


FUNCTIONS: dict[str, Made] = {
    "concat": concat, "element_at": element_at, "contains": contains, "array_join": array_join, "sequence": sequence,
    "split": split, "array_sort": _array_sorted, "cardinality": _cardinality,
    "map_keys": _one_collection("map_keys", ("map",), "map_keys({0})", lambda kind: t.array(kind.args[0])),
    "map_values": _one_collection("map_values", ("map",), "map_values({0})", lambda kind: t.array(kind.args[1])),
}  # fmt: skip
