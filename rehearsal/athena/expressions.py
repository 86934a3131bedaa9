"""Expressions: each part of Trino's grammar that is known here, typed and put into DuckDB's SQL; others are refused."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.athena import calls, conditions, literals
from rehearsal.athena import types as t
from rehearsal.athena.casts import cast, coerce
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.operators import arithmetic, comparison, negative
from rehearsal.athena.scopes import NULL, Env, Expr, made_of, mark_used
from rehearsal.athena.syntax import Source, place
from rehearsal.athena.types import common, held, literal


class Expressions:
    """Compiles the expressions of one statement; ``now`` is the moment that current_timestamp tells."""

    def __init__(self, source: Source, now: str, queries: Any) -> None:
        self.source, self.now, self.queries = source, now, queries

    def compile(self, node: Any, env: Env) -> Expr:
        kind = type(node).__name__.removesuffix("Context")
        handler = getattr(self, "on_" + re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower(), None)
        if handler is None:
            raise CannotRehearse(f"{self.source.of(node)!r} ({kind})")
        made: Expr = handler(node, env)
        if env.keys and made.sql in env.keys and made.loose:
            return Expr(made.sql, made.type, made.at, made.text, outer=made.outer, field=made.field)
        return made

    def all(self, nodes: list[Any], env: Env) -> list[Expr]:
        return [self.compile(node, env) for node in nodes]

    # Forms that only pass on what is inside

    def on_expression(self, node: Any, env: Env) -> Expr:
        return self.compile(node.booleanExpression(), env)

    def on_value_expression_default(self, node: Any, env: Env) -> Expr:
        return self.compile(node.primaryExpression(), env)

    def on_parenthesized_expression(self, node: Any, env: Env) -> Expr:
        return self.compile(node.expression(), env)

    # Conditions

    def on_predicated(self, node: Any, env: Env) -> Expr:
        value = self.compile(node.valueExpression(), env)
        found = node.predicate()
        return conditions.predicate(self, value, found, env) if found else value

    def on_logical_not(self, node: Any, env: Env) -> Expr:
        value = self.condition(node.booleanExpression(), env, "NOT")
        return made_of(f"(NOT {value.sql})", t.BOOLEAN, (value,), place(node), f"(NOT {value.text})")

    def on_and(self, node: Any, env: Env) -> Expr:
        return conditions.joined(self, node, env, "AND")

    def on_or(self, node: Any, env: Env) -> Expr:
        return conditions.joined(self, node, env, "OR")

    def condition(self, node: Any, env: Env, clause: str) -> Expr:
        """An expression that must be true or false."""
        value = self.compile(node, env)
        if value.type not in (t.BOOLEAN, t.UNKNOWN):
            if clause in ("WHERE", "HAVING", "JOIN ON"):
                words = f"{clause} clause must evaluate to a boolean: actual type {value.type}"
                raise QueryFailed("TYPE_MISMATCH", words, value.at)
            what = f"{clause} clause"
            text = {"AND": "Logical expression term", "OR": "Logical expression term", "CASE WHEN": "CASE WHEN clause",
                    "NOT": "Value of logical NOT expression"}.get(clause, what)  # fmt: skip
            raise QueryFailed("TYPE_MISMATCH", f"{text} must evaluate to a boolean (actual: {value.type})", value.at)
        return value

    # Arithmetic

    def on_arithmetic_binary(self, node: Any, env: Env) -> Expr:
        left, right = self.compile(node.left, env), self.compile(node.right, env)
        return arithmetic(left, node.operator.text, right, (node.operator.line, node.operator.column + 1))

    def on_arithmetic_unary(self, node: Any, env: Env) -> Expr:
        value = self.compile(node.valueExpression(), env)
        return negative(value, place(node)) if node.operator.text == "-" else value

    def on_concatenation(self, node: Any, env: Env) -> Expr:
        sides = (self.compile(node.left, env), self.compile(node.right, env))
        return calls.concat(list(sides), place(node.CONCAT()))

    # Values

    def on_null_literal(self, node: Any, _env: Env) -> Expr:
        return Expr(NULL.sql, NULL.type, place(node), "null")

    def on_numeric_literal(self, node: Any, _env: Env) -> Expr:
        return literals.number(self.source.of(node), node.number())

    def on_boolean_literal(self, node: Any, _env: Env) -> Expr:
        word = self.source.of(node).upper()
        return Expr(word, t.BOOLEAN, place(node), word.lower(), constant=word == "TRUE")

    def on_string_literal(self, node: Any, _env: Env) -> Expr:
        if type(node.string()).__name__ != "BasicStringLiteralContext":
            raise CannotRehearse(f"{self.source.of(node)}; write the characters themselves")
        return literals.string(self.source.string(node), node)

    def on_type_constructor(self, node: Any, _env: Env) -> Expr:
        name = self.source.name(node.identifier()).lower() if node.identifier() else "double"
        text = self.source.string(node.string())
        if made := literals.typed(name, text, node):
            return made
        if name not in ("bigint", "integer", "int", "smallint", "tinyint", "double", "real", "boolean", "varchar"):
            raise CannotRehearse(f"the literal {self.source.of(node)}")
        kind = literals._PLAIN[literals._ALIASES.get(name, name)]
        return Expr(cast(literal(text), t.VARCHAR, kind), kind, place(node), self.source.of(node))

    def on_interval_literal(self, node: Any, _env: Env) -> Expr:
        return literals.interval(self.source, node.interval())

    def on_parameter(self, node: Any, _env: Env) -> Expr:
        return self.queries.next_parameter(node)  # type: ignore[no-any-return]

    def on_array_constructor(self, node: Any, env: Env) -> Expr:
        parts = self.all(node.expression(), env)
        kind = common(*(part.type for part in parts))
        if kind is None:
            raise QueryFailed("TYPE_MISMATCH", "All ARRAY elements must be the same type", place(node))
        inner = ", ".join(coerce(part.sql, part.type, kind) for part in parts)
        made = t.array(kind)
        return made_of(f"CAST([{inner}] AS {held(made)})", made, parts, place(node), self.source.of(node))

    def on_row_constructor(self, node: Any, env: Env) -> Expr:
        parts = self.all(node.expression(), env)
        kind = t.row(*((None, part.type) for part in parts))
        names = t.field_names(kind)
        inner = ", ".join(f"{name} := {p.sql if p.type != t.UNKNOWN else 'CAST(NULL AS VARCHAR)'}"
                          for name, p in zip(names, parts, strict=True))  # fmt: skip
        return made_of(f"struct_pack({inner})", kind, parts, place(node), self.source.of(node))

    def on_special_date_time_function(self, node: Any, _env: Env) -> Expr:
        word = node.name.text.upper()
        if word == "CURRENT_DATE":
            return Expr(f"CAST(TIMESTAMP {literal(self.now)} AS DATE)", t.DATE, place(node), "current_date")
        precision = int(self.source.of(node).split("(")[1].rstrip(") ")) if node.precision else 3
        if word not in ("CURRENT_TIMESTAMP", "LOCALTIMESTAMP") or precision > t.MICROSECONDS:
            raise CannotRehearse(self.source.of(node))
        kind = t.timestamp(precision, zoned=word == "CURRENT_TIMESTAMP")
        text = f"lake_round_time(TIMESTAMP {literal(self.now)}, {10 ** (6 - precision)})"
        return Expr(text, kind, place(node), word.lower())

    # Names

    def on_column_reference(self, node: Any, env: Env) -> Expr:
        return self.reference((self.source.name(node.identifier()).lower(),), node, env)

    def on_dereference(self, node: Any, env: Env) -> Expr:
        if names := self.dotted(node):
            try:
                return self.reference(names, node, env)
            except QueryFailed as error:
                if error.code != "COLUMN_NOT_FOUND":
                    raise
                raise QueryFailed(
                    "COLUMN_NOT_FOUND", f"Column '{'.'.join(names)}' cannot be resolved", place(node)
                ) from None
        return self._fields_of(self.compile(node.base, env), (self.source.name(node.fieldName).lower(),), node)

    def dotted(self, node: Any) -> tuple[str, ...] | None:
        """The parts of a name such as ``t.x``; None for anything else."""
        if type(node).__name__ == "ColumnReferenceContext":
            return (self.source.name(node.identifier()).lower(),)
        if type(node).__name__ == "DereferenceContext":
            before = self.dotted(node.base)
            return (*before, self.source.name(node.fieldName).lower()) if before else None
        return None

    def reference(self, names: tuple[str, ...], node: Any, env: Env) -> Expr:
        if names[0] in env.names:
            return self._fields_of(env.names[names[0]], names[1:], node)
        if len(names) == 1 and names[0] in env.aliases:
            return env.aliases[names[0]]
        found = env.scope.find(names, place(node))
        if found is None:
            raise QueryFailed("COLUMN_NOT_FOUND", f"Column '{'.'.join(names)}' cannot be resolved", place(node))
        column, rest, depth = found
        mark_used(column)
        text = ".".join(names[: len(names) - len(rest)])
        loose = () if depth else ((text, place(node)),)
        value = Expr(column.sql, column.type, place(node), text, loose=loose, outer=depth > 0, field=column)
        if depth:
            self.queries.reached_out(value, depth)
        return self._fields_of(value, rest, node)

    def _fields_of(self, value: Expr, names: tuple[str, ...], node: Any) -> Expr:
        for name in names:
            if value.type.name != "row":
                raise QueryFailed("TYPE_MISMATCH", f"Expression {value.text} is not of type ROW", place(node))
            kinds = [inner for field, inner in value.type.args if field and field.lower() == name]
            if not kinds:
                raise QueryFailed("COLUMN_NOT_FOUND", f"Column '{value.text}.{name}' cannot be resolved", place(node))
            value = value.made(f"struct_extract({value.sql}, {literal(name)})", kinds[0])
        return value

    def on_subscript(self, node: Any, env: Env) -> Expr:
        base, index = self.compile(node.value, env), self.compile(node.index, env)
        return calls.subscript(base, index, place(node))

    # Casts and cases

    def on_cast(self, node: Any, env: Env) -> Expr:
        value, kind = self.compile(node.expression(), env), literals.type_of(self.source, node.type_())
        held(kind)
        safe = node.TRY_CAST() is not None
        sql = cast(value.sql, value.type, kind, safe, place(node))
        return made_of(sql, kind, (value,), place(node), self.source.of(node))

    def on_simple_case(self, node: Any, env: Env) -> Expr:
        operand = self.compile(node.operand, env)
        whens = []
        for when in node.whenClause():
            value = self.compile(when.condition, env)
            if common(operand.type, value.type) is None:
                raise QueryFailed("TYPE_MISMATCH", "CASE operand type does not match WHEN clause operand type: "
                                  f"{operand.type} vs {value.type}", value.at)  # fmt: skip
            whens.append(comparison(operand, "=", value, value.at))
        return self._case(node, whens, env)

    def on_searched_case(self, node: Any, env: Env) -> Expr:
        return self._case(node, [self.condition(when.condition, env, "CASE WHEN") for when in node.whenClause()], env)

    def _case(self, node: Any, whens: list[Expr], env: Env) -> Expr:
        results = self.all([when.result for when in node.whenClause()], env)
        last = [self.compile(node.elseExpression, env)] if node.elseExpression else []
        kind = common(*(each.type for each in (*results, *last)))
        if kind is None:
            kinds = [each.type for each in (*results, *last)]
            odd = next(each for each in (*results, *last) if common(kinds[0], each.type) is None)
            raise QueryFailed("TYPE_MISMATCH", f"All CASE results must be the same type or coercible to a common type. "
                              f"Cannot find common type between {kinds[0]} and {odd.type}, all types (without "
                                  f"duplicates): "
                              f"[{', '.join(dict.fromkeys(map(str, kinds)))}]", odd.at)  # fmt: skip
        arms = " ".join(f"WHEN {when.sql} THEN {coerce(result.sql, result.type, kind)}"
                        for when, result in zip(whens, results, strict=True))  # fmt: skip
        other = f" ELSE {coerce(last[0].sql, last[0].type, kind)}" if last else ""
        return made_of(f"CASE {arms}{other} END", kind, (*whens, *results, *last), place(node), self.source.of(node))

    # Functions with a syntax of their own

    def on_function_call(self, node: Any, env: Env) -> Expr:
        return calls.function(self, node, env)

    def on_trim(self, node: Any, env: Env) -> Expr:
        where = self.source.of(node.trimsSpecification()).lower() if node.trimsSpecification() else "both"
        name = {"leading": "ltrim", "trailing": "rtrim", "both": "trim"}[where]
        parts = [self.compile(part, env) for part in (node.trimSource, node.trimChar) if part is not None]
        return calls.plain(name, parts, place(node), self.source.of(node))

    def on_substring(self, node: Any, env: Env) -> Expr:
        return calls.plain("substring", self.all(node.valueExpression(), env), place(node), self.source.of(node))

    def on_position(self, node: Any, env: Env) -> Expr:
        needle, hay = self.all(node.valueExpression(), env)
        return calls.plain("strpos", [hay, needle], place(node), self.source.of(node))

    def on_extract(self, node: Any, env: Env) -> Expr:
        unit = self.source.name(node.identifier()).lower()
        if unit not in ("year", "quarter", "month", "week", "day", "day_of_month", "day_of_week", "dow", "day_of_year",
                        "doy", "year_of_week", "yow", "hour", "minute", "second"):  # fmt: skip
            raise QueryFailed("SYNTAX_ERROR", f"Invalid EXTRACT field: {unit}", place(node))
        value = self.compile(node.valueExpression(), env)
        if value.type == t.DATE and unit in ("hour", "minute", "second"):
            raise QueryFailed("TYPE_MISMATCH", f"Cannot extract {unit.upper()} from date", value.at)
        return calls.plain(unit, [value], place(node), self.source.of(node))

    def on_listagg(self, node: Any, env: Env) -> Expr:
        return calls.listagg(self, node, env)

    def on_grouping_operation(self, node: Any, env: Env) -> Expr:
        names = [
            self.reference(self.source.names(name), name, env.within(keys=frozenset())) for name in node.qualifiedName()
        ]
        missing = [name for name in names if name.sql not in env.keys]
        if missing or not names:
            raise QueryFailed("INVALID_ARGUMENTS", "The arguments to GROUPING() must be expressions referenced by "
                "the GROUP BY "
                              "at the associated query level", place(node))  # fmt: skip
        return Expr(f"CAST(GROUPING({', '.join(name.sql for name in names)}) AS "
            f"INTEGER)", t.INTEGER, place(node), "grouping",
                    aggregates=("grouping",))  # fmt: skip

    # Subqueries

    def on_subquery_expression(self, node: Any, env: Env) -> Expr:
        return self.queries.scalar(node, env)  # type: ignore[no-any-return]

    def on_exists(self, node: Any, env: Env) -> Expr:
        return self.queries.exists(node, env)  # type: ignore[no-any-return]

    def on_at_time_zone(self, node: Any, env: Env) -> Expr:
        value = self.compile(node.valueExpression(), env)
        zone = self.source.of(node.timeZoneSpecifier()).split("'")
        if len(zone) < 2 or zone[1].upper() not in ("UTC", "Z") or not value.type.name.startswith("timestamp"):
            raise CannotRehearse(f"{self.source.of(node)!r}: only UTC is known here")
        return value.made(value.sql, t.timestamp(value.type.args[0], zoned=True))
