"""The second executor of rules: many leads, in SQL.

An expression that is true, false or NULL per row; NULL means unknown, and SQL's AND, OR and NOT then are the three-valued logic that is wanted.
Not `Q`: its negation treats NULL as a no.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Func, Value

from leads.criteria import coercion, known_facts
from leads.criteria.definition import AnyOf, Not, Op, Rule, Test, understood
from leads.criteria.evaluating import company_zone


class Holds(Func):
    """A piece of SQL that is true, false or NULL: the text has one {} for each part, in their order."""

    output_field = BooleanField(null=True)

    def __init__(self, text: str, *parts: Any) -> None:
        super().__init__(*parts)
        self.text = text

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        compiled = [compiler.compile(part) for part in self.source_expressions]
        return self.text.format(*(sql for sql, _params in compiled)), [
            p for _sql, params in compiled for p in params
        ]


def condition(rule: Rule | dict[str, Any], *, at: datetime, prefix: str = "") -> Holds:
    """What the rule says about each row. `prefix` is the path to the lead ("lead__") when the rows are not leads themselves.

    Use it as `leads.alias(fits=condition(rule, at=now)).filter(fits=True)`; False finds the no, `fits__isnull=True` the unknown.
    """
    return _condition(understood(rule), at, prefix)


def all_of(parts: list[Holds]) -> Holds:
    return joined(" AND ", parts) if parts else Holds("TRUE")


def joined(operator: str, parts: list[Any]) -> Holds:
    return Holds("(" + operator.join(["{}"] * len(parts)) + ")", *parts)


def _condition(rule: Rule, at: datetime, prefix: str) -> Holds:
    if isinstance(rule, Test):
        return _test(rule, known_facts.expression(rule.fact, prefix), at)
    if isinstance(rule, Not):
        return Holds("(NOT {})", _condition(rule.rule, at, prefix))
    parts = [_condition(part, at, prefix) for part in rule.rules]
    return joined(" OR ", parts) if isinstance(rule, AnyOf) else all_of(parts)


def _test(test: Test, fact: Any, at: datetime) -> Holds:
    value: Any = test.value
    match test.op:
        case Op.EQUALS if isinstance(value, bool):
            return Holds("(fact_yes_no({}) = {}::boolean)", fact, Value(value))
        case Op.EQUALS if isinstance(value, Decimal):
            return Holds("(fact_number({}) = {}::numeric)", fact, Value(value))
        case Op.EQUALS:
            return Holds("(fact_words({}) && {}::text[])", fact, _folded([value]))
        case Op.IS_ONE_OF:
            return Holds("(fact_words({}) && {}::text[])", fact, _folded(value))
        case Op.IS_NOT_ONE_OF:
            return Holds("(NOT fact_words({}) && {}::text[])", fact, _folded(value))
        case Op.AT_LEAST:
            return Holds("(fact_number({}) >= {}::numeric)", fact, Value(value))
        case Op.AT_MOST:
            return Holds("(fact_number({}) <= {}::numeric)", fact, Value(value))
        case Op.BETWEEN if isinstance(value[0], date):
            return _day_between(fact, *value)
        case Op.BETWEEN:
            return Holds(
                "(fact_number({}) BETWEEN {}::numeric AND {}::numeric)",
                fact,
                Value(value[0]),
                Value(value[1]),
            )
        case Op.BEFORE:
            return Holds("(fact_day({}, {}) < {}::date)", fact, _zone(), Value(value))
        case Op.AFTER:
            return Holds("(fact_day({}, {}) > {}::date)", fact, _zone(), Value(value))
        case Op.WITHIN_LAST_DAYS:
            today = at.astimezone(company_zone()).date()
            return _day_between(fact, today - timedelta(days=value), today)
        case Op.INCLUDES_ANY:
            return Holds("(fact_items({}) && {}::text[])", fact, _folded(value))
        case Op.INCLUDES_ALL:
            return Holds("(fact_items({}) @> {}::text[])", fact, _folded(value))
        case Op.CONTAINS:
            # No text of a rule holds a control character, so none reaches across the joint between two words.
            return Holds(
                "(position({}::text IN array_to_string(fact_words({}), chr(31))) > 0)",
                Value(coercion.fold(value)),
                fact,
            )
        case Op.IS_KNOWN:
            return Holds("(fact_words({}) IS NOT NULL)", fact)
        case Op.IS_TRUE:
            return Holds("fact_yes_no({})", fact)
    raise AssertionError(test.op)


def day_of(fact: str, prefix: str = "") -> Holds:
    """The fact as a day of the company; NULL when it is none."""
    return Holds("fact_day({}, {})", known_facts.expression(fact, prefix), _zone())


def _day_between(fact: Any, low: date, high: date) -> Holds:
    return Holds("(fact_day({}, {}) BETWEEN {}::date AND {}::date)", fact, _zone(), Value(low), Value(high))


def _folded(texts: Any) -> Value:
    return Value([coercion.fold(text) for text in texts])


def _zone() -> Value:
    return Value(company_zone().key)
