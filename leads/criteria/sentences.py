"""A rule in words, in the language of the reader: "Vehicles is at least 50"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from babel import numbers
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.criteria.definition import All, Not, Op, Rule, Test, understood
from leads.criteria.known_facts import label
from smarketing.words import locale


def sentence(rule: Rule | dict[str, Any]) -> str:
    return _sentence(understood(rule), outermost=True)


def _sentence(rule: Rule, *, outermost: bool = False) -> str:
    if isinstance(rule, Test):
        return _PHRASES[rule.op](label(rule.fact), rule.value)
    if isinstance(rule, Not):
        return _("not (%(rule)s)") % {"rule": _sentence(rule.rule, outermost=True)}
    parts = [_sentence(part) for part in rule.rules]
    text = (_(" and ") if isinstance(rule, All) else _(" or ")).join(parts)
    return text if outermost or len(parts) == 1 else f"({text})"


def _with(phrase: Callable[[], str], words: Callable[[Any], str]) -> Callable[[str, Any], str]:
    return lambda fact, value: phrase() % {"fact": fact, "value": words(value)}


def spoken(value: Any) -> str:
    """A value as people of this language write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return numbers.format_decimal(value, locale=locale(), decimal_quantization=False)
    if isinstance(value, date):
        return formats.date_format(value, "j M Y")
    return str(value)


def listed(values: Iterable[Any]) -> str:
    return ", ".join(spoken(value) for value in values)


def _between(fact: str, value: Any) -> str:
    return _("%(fact)s is between %(low)s and %(high)s") % {
        "fact": fact,
        "low": spoken(value[0]),
        "high": spoken(value[1]),
    }


def _within(fact: str, days: Any) -> str:
    return ngettext(
        "%(fact)s is within the last %(days)s day", "%(fact)s is within the last %(days)s days", days
    ) % {"fact": fact, "days": days}


_PHRASES: dict[str, Callable[[str, Any], str]] = {
    Op.EQUALS: _with(lambda: _("%(fact)s is %(value)s"), spoken),
    Op.IS_ONE_OF: _with(lambda: _("%(fact)s is one of %(value)s"), listed),
    Op.IS_NOT_ONE_OF: _with(lambda: _("%(fact)s is not one of %(value)s"), listed),
    Op.AT_LEAST: _with(lambda: _("%(fact)s is at least %(value)s"), spoken),
    Op.AT_MOST: _with(lambda: _("%(fact)s is at most %(value)s"), spoken),
    Op.BETWEEN: _between,
    Op.BEFORE: _with(lambda: _("%(fact)s is before %(value)s"), spoken),
    Op.AFTER: _with(lambda: _("%(fact)s is after %(value)s"), spoken),
    Op.WITHIN_LAST_DAYS: _within,
    Op.INCLUDES_ANY: _with(lambda: _("%(fact)s includes any of %(value)s"), listed),
    Op.INCLUDES_ALL: _with(lambda: _("%(fact)s includes all of %(value)s"), listed),
    Op.CONTAINS: _with(lambda: _("%(fact)s contains “%(value)s”"), spoken),
    Op.IS_KNOWN: lambda fact, _value: _("%(fact)s is known") % {"fact": fact},
    Op.IS_TRUE: lambda fact, _value: _("%(fact)s is yes") % {"fact": fact},
}
