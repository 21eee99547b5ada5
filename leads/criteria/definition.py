"""What a hard rule is: a test of one fact, or all / any / not of other rules. Read from JSON once, then never doubted again.

{"fact": "vehicles", "op": "at_least", "value": 50}
{"all": [{"fact": "country", "op": "is_one_of", "value": ["NL", "BE"]}, {"not": {...}}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Union

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from leads.criteria import coercion

MOST_RULES, DEEPEST, MOST_VALUES, LONGEST_TEXT = 50, 6, 100, 200
LARGEST = Decimal(10) ** 15


class Op(TextChoices):
    EQUALS = "equals", _("is")
    IS_ONE_OF = "is_one_of", _("is one of")
    IS_NOT_ONE_OF = "is_not_one_of", _("is not one of")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")
    BETWEEN = "between", _("is between")
    BEFORE = "before", _("is before")
    AFTER = "after", _("is after")
    WITHIN_LAST_DAYS = "within_last_days", _("is within the last … days")
    INCLUDES_ANY = "includes_any", _("includes any of")
    INCLUDES_ALL = "includes_all", _("includes all of")
    CONTAINS = "contains", _("contains the text")
    IS_KNOWN = "is_known", _("is known")
    IS_TRUE = "is_true", _("is yes")


class RuleNotUnderstood(ValueError):
    """The JSON is no rule. The message says which part and why, for the person who wrote it."""


Value = str | bool | int | Decimal | date | tuple[Any, ...] | None


@dataclass(frozen=True)
class Test:
    fact: str
    op: Op
    value: Value = None

    __test__ = False  # a test of a fact, not of pytest


@dataclass(frozen=True)
class All:
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    rule: Rule


Rule = Union[Test, All, AnyOf, Not]  # noqa: UP007 - a forward reference in the classes above


def parse(data: Any) -> Rule:
    """The rule that this JSON means; raises `RuleNotUnderstood`."""
    rule = _parse(data, depth=1)
    if sum(1 for _test in tests(rule)) > MOST_RULES:
        raise RuleNotUnderstood(_("A rule tests at most %(most)s facts.") % {"most": MOST_RULES})
    return rule


def understood(rule: Rule | dict[str, Any]) -> Rule:
    return rule if isinstance(rule, Test | All | AnyOf | Not) else parse(rule)


def tests(rule: Rule) -> Iterator[Test]:
    """Every test of a fact in the rule, from left to right."""
    if isinstance(rule, Test):
        yield rule
    elif isinstance(rule, Not):
        yield from tests(rule.rule)
    else:
        for part in rule.rules:
            yield from tests(part)


def facts_in(rule: Rule) -> list[str]:
    """The keys of the facts that the rule tests, each once, in the order of the rule."""
    return list(dict.fromkeys(test.fact for test in tests(rule)))


def _parse(data: Any, *, depth: int) -> Rule:
    if not isinstance(data, dict):
        raise RuleNotUnderstood(_("A rule is an object with a fact and an operator."))
    if depth > DEEPEST:
        raise RuleNotUnderstood(_("The rule is nested too deeply."))
    if set(data) == {"not"}:
        return Not(_parse(data["not"], depth=depth + 1))
    for word, combinator in (("all", All), ("any", AnyOf)):
        if set(data) == {word}:
            return combinator(_parts(data[word], depth=depth))
    return _test(data)


def _parts(data: Any, *, depth: int) -> tuple[Rule, ...]:
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_RULES:
        raise RuleNotUnderstood(_("“All” and “any” need at least one rule inside."))
    return tuple(_parse(part, depth=depth + 1) for part in data)


def _test(data: dict[str, Any]) -> Test:
    if not {"fact", "op"} <= set(data) <= {"fact", "op", "value"}:
        raise RuleNotUnderstood(_("A rule has a fact, an operator and, for most, a value."))
    fact, op = data["fact"], data["op"]
    if not isinstance(fact, str) or not 1 <= len(fact) <= 80 or not _is_plain(fact):
        raise RuleNotUnderstood(_("Name the fact that the rule tests."))
    if not isinstance(op, str) or op not in Op.values:
        raise RuleNotUnderstood(_("“%(op)s” is not an operator.") % {"op": op})
    return Test(fact, Op(op), _READERS[Op(op)](data.get("value")))


# Reading the value: what each operator compares with


def _scalar(value: Any) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    return _text(value)


def _number(value: Any) -> Decimal:
    number = None if isinstance(value, bool | list) else coercion.number(value)
    if number is None or abs(number) >= LARGEST:
        raise RuleNotUnderstood(_("Enter a number."))
    return number


def _text(value: Any) -> str:
    if (
        not isinstance(value, str)
        or len(value) > LONGEST_TEXT
        or not _is_plain(value)
        or not coercion.fold(value)
    ):
        raise RuleNotUnderstood(_("Enter a text of at most %(most)s characters.") % {"most": LONGEST_TEXT})
    return value.strip(coercion.WHITESPACE)


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise RuleNotUnderstood(_("Enter a date as year-month-day.")) from None
    if not 1000 <= day.year <= 2999:
        raise RuleNotUnderstood(_("Enter a date as year-month-day."))
    return day


def _days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 36_500:
        raise RuleNotUnderstood(_("Enter a whole number of days."))
    return value


def _list(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_VALUES:
        raise RuleNotUnderstood(_("Enter one to %(most)s values.") % {"most": MOST_VALUES})
    return tuple(_text(coercion.plain(item)) for item in value)


def _range(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise RuleNotUnderstood(_("Enter a lowest and a highest value."))
    try:
        return _number(value[0]), _number(value[1])
    except RuleNotUnderstood:
        return _day(value[0]), _day(value[1])


def _nothing(value: Any) -> None:
    if value is not None:
        raise RuleNotUnderstood(_("This operator takes no value."))


def _is_plain(text: str) -> bool:
    """Without control characters and halves of characters, which the database cannot keep."""
    return not any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF for c in text.strip(coercion.WHITESPACE))


_READERS = {
    Op.EQUALS: _scalar,
    Op.IS_ONE_OF: _list,
    Op.IS_NOT_ONE_OF: _list,
    Op.AT_LEAST: _number,
    Op.AT_MOST: _number,
    Op.BETWEEN: _range,
    Op.BEFORE: _day,
    Op.AFTER: _day,
    Op.WITHIN_LAST_DAYS: _days,
    Op.INCLUDES_ANY: _list,
    Op.INCLUDES_ALL: _list,
    Op.CONTAINS: _text,
    Op.IS_KNOWN: _nothing,
    Op.IS_TRUE: _nothing,
}
