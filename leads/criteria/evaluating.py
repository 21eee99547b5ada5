"""The first executor of rules: one lead, in Python. True, False or None (unknown) inside; an `Answer` outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from leads.criteria import coercion
from leads.criteria.definition import All, AnyOf, Not, Op, Rule, Test, understood
from leads.models.judgement import Answer

ANSWERS = {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}


def evaluate(rule: Rule | dict[str, Any], facts: Mapping[str, Any], *, at: datetime) -> Answer:
    """What the rule says about these facts: a fact that is missing or unreadable makes its test unknown, never no."""
    return ANSWERS[_holds(understood(rule), facts, _Today(at))]


class _Today:
    """The company's calendar day at a moment; most tests do not ask for it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def zone(self) -> ZoneInfo:
        return company_zone()

    @cached_property
    def day(self) -> date:
        return self.at.astimezone(self.zone).date()


def company_zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_default_timezone_name())


def _holds(rule: Rule, facts: Mapping[str, Any], today: _Today) -> bool | None:
    if isinstance(rule, Test):
        return _TESTS[rule.op](facts.get(rule.fact), rule.value, today)
    if isinstance(rule, Not):
        held = _holds(rule.rule, facts, today)
        return None if held is None else not held
    held_by = {_holds(part, facts, today) for part in rule.rules}
    decisive = isinstance(rule, AnyOf)
    assert isinstance(rule, All | AnyOf)
    return decisive if decisive in held_by else None if None in held_by else not decisive


# The tests: each takes the fact, what to compare it with, and today


def _equals(fact: Any, value: Any, _today: _Today) -> bool | None:
    if isinstance(value, bool):
        known = coercion.yes_no(fact)
        return None if known is None else known is value
    if isinstance(value, Decimal):
        return _compared(coercion.number(fact), lambda number: number == value)
    return coercion.any_of([coercion.fold(value)], coercion.words(fact))


def _is_one_of(fact: Any, values: Any, _today: _Today) -> bool | None:
    return coercion.any_of(map(coercion.fold, values), coercion.words(fact))


def _is_not_one_of(fact: Any, values: Any, today: _Today) -> bool | None:
    found = _is_one_of(fact, values, today)
    return None if found is None else not found


def _between(fact: Any, value: Any, today: _Today) -> bool | None:
    low, high = value
    if isinstance(low, date):
        return _compared(coercion.day(fact, today.zone), lambda day: low <= day <= high)
    return _compared(coercion.number(fact), lambda number: low <= number <= high)


def _within_last_days(fact: Any, days: Any, today: _Today) -> bool | None:
    first = today.day - timedelta(days=days)
    return _compared(coercion.day(fact, today.zone), lambda day: first <= day <= today.day)


def _includes_all(fact: Any, values: Any, _today: _Today) -> bool | None:
    return _compared(coercion.items(fact), lambda items: set(map(coercion.fold, values)) <= set(items))


def _contains(fact: Any, text: Any, _today: _Today) -> bool | None:
    return _compared(coercion.words(fact), lambda words: any(coercion.fold(text) in word for word in words))


def _compared(known: Any, comparison: Callable[[Any], bool]) -> bool | None:
    return None if known is None else comparison(known)


_TESTS: dict[str, Callable[[Any, Any, _Today], bool | None]] = {
    Op.EQUALS: _equals,
    Op.IS_ONE_OF: _is_one_of,
    Op.IS_NOT_ONE_OF: _is_not_one_of,
    Op.AT_LEAST: lambda fact, low, _: _compared(coercion.number(fact), lambda number: number >= low),
    Op.AT_MOST: lambda fact, high, _: _compared(coercion.number(fact), lambda number: number <= high),
    Op.BETWEEN: _between,
    Op.BEFORE: lambda fact, end, today: _compared(coercion.day(fact, today.zone), lambda day: day < end),
    Op.AFTER: lambda fact, start, today: _compared(coercion.day(fact, today.zone), lambda day: day > start),
    Op.WITHIN_LAST_DAYS: _within_last_days,
    Op.INCLUDES_ANY: lambda fact, values, _: coercion.any_of(
        map(coercion.fold, values), coercion.items(fact)
    ),
    Op.INCLUDES_ALL: _includes_all,
    Op.CONTAINS: _contains,
    Op.IS_KNOWN: lambda fact, _, __: coercion.words(fact) is not None,
    Op.IS_TRUE: lambda fact, _, __: coercion.yes_no(fact),
}
