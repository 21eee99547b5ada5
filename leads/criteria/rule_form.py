"""A rule as a form: up to a few tests of facts, of which all or any must hold. Also for the hot rule of the agreement.

    form = RuleForm(request.POST or None, rule=criterion.rule, prefix="rule")
    if form.is_valid(): criterion.rule = form.cleaned_data["rule"]        # JSON, or None when nothing was filled in

Facts are named by their label or key, so that a fact that no lead has yet can be tested too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.criteria import coercion, known_facts
from leads.criteria.definition import All, AnyOf, Op, Rule, RuleNotUnderstood, Test, facts_in, parse
from leads.criteria.evaluating import company_zone
from leads.criteria.known_facts import COLUMNS, Kind

MOST_TESTS = 4
WITHOUT_VALUE = (Op.IS_KNOWN, Op.IS_TRUE)
WITH_LIST = (Op.IS_ONE_OF, Op.IS_NOT_ONE_OF, Op.INCLUDES_ANY, Op.INCLUDES_ALL)


@dataclass(frozen=True)
class Row:
    """One test on the page."""

    number: int
    fact: forms.BoundField
    op: forms.BoundField
    value: forms.BoundField
    high: forms.BoundField

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in (self.fact, self.op, self.value, self.high) for error in field.errors]


class RuleForm(forms.Form):
    combine = forms.ChoiceField(
        label=gettext_lazy("Of these"),
        choices=[("all", gettext_lazy("all must hold")), ("any", gettext_lazy("one is enough"))],
        initial="all",
    )

    def __init__(
        self, *args: Any, rule: dict[str, Any] | None = None, required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"initial": _initial(rule), **kwargs})
        self.is_required = required
        own: dict[str, Kind | None] = {key: None for key in facts_in(parse(rule))} if rule else {}
        self.further_kinds = own | known_facts.kinds_of_further_keys()
        for n in range(MOST_TESTS):
            self.fields[f"fact_{n}"] = self._text(_("Fact"), 80, {"list": self.list_id})
            self.fields[f"op_{n}"] = forms.ChoiceField(
                label=_("Comparison"), choices=Op.choices, required=False
            )
            self.fields[f"value_{n}"] = self._text(_("Value"), 1000, {})
            self.fields[f"high_{n}"] = self._text(_("and"), 60, {})

    @property
    def list_id(self) -> str:
        return f"{self.prefix or 'rule'}-facts"

    @property
    def known_labels(self) -> list[str]:
        """What the fact field proposes."""
        return [known_facts.label(key) for key in [*COLUMNS, *self.further_kinds]]

    @property
    def rows(self) -> Iterator[Row]:
        return (
            Row(n, *(self[f"{name}_{n}"] for name in ("fact", "op", "value", "high")))
            for n in range(MOST_TESTS)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = [test for n in range(MOST_TESTS) if (test := self._test(n, cleaned))]
        if not found and not self.errors and self.is_required:
            self.add_error("fact_0", _("Name the fact that the rule tests."))
        cleaned["rule"] = (
            {cleaned.get("combine") or "all": found} if len(found) > 1 else found[0] if found else None
        )
        return cleaned

    # Mechanics

    def _text(self, label: str, longest: int, attributes: dict[str, str]) -> forms.CharField:
        widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", **attributes})
        return forms.CharField(label=label, max_length=longest, required=False, widget=widget)

    def _test(self, n: int, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        """The test of row `n` as JSON; what cannot be read is named at its field."""
        name, op, value = (cleaned.get(f"{part}_{n}") or "" for part in ("fact", "op", "value"))
        if not name and not value:
            return None
        if not name:
            self.add_error(f"fact_{n}", _("Name the fact that the rule tests."))
            return None
        key = self._key(name)
        test = {"fact": key, "op": op or Op.EQUALS.value}
        try:
            if op not in WITHOUT_VALUE:
                test["value"] = self._value(key, Op(test["op"]), value, cleaned.get(f"high_{n}") or "")
            parse(test)
        except RuleNotUnderstood as error:
            self.add_error(f"value_{n}", str(error))
            return None
        return test

    def _key(self, name: str) -> str:
        """The fact with this label or key; else a fact of that name, which leads may have one day."""
        for key in [*COLUMNS, *self.further_kinds]:
            if coercion.fold(name) in (coercion.fold(known_facts.label(key)), coercion.fold(key)):
                return key
        return " ".join(name.split())

    def _value(self, key: str, op: Op, text: str, high: str) -> Any:
        if op in WITH_LIST:
            return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
        if op == Op.BETWEEN:
            return [_comparable(text), _comparable(high)]
        if op in (Op.BEFORE, Op.AFTER):
            day = _day(text)
            return day.isoformat() if day else text
        if op == Op.WITHIN_LAST_DAYS:
            return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text
        if op in (Op.AT_LEAST, Op.AT_MOST):
            return _number(text)
        return self._equal_to(key, text) if op == Op.EQUALS else text

    def _equal_to(self, key: str, text: str) -> Any:
        """What kind of fact it is decides how it is compared; a fact nobody knows yet is compared by what was typed."""
        kind = COLUMNS[key].kind if key in COLUMNS else self.further_kinds.get(key)
        if kind == Kind.YES_NO and coercion.yes_no(text) is not None:
            return coercion.yes_no(text)
        if kind == Kind.NUMBER or (kind is None and coercion.number(text) is not None):
            return _number(text)
        return text


def is_simple(rule: dict[str, Any] | None) -> bool:
    """Whether this form can show the rule. Others keep what they are: written by a program, with rules inside rules."""
    if rule is None:
        return True
    return len(_tests(parse(rule)) or ()) in range(1, MOST_TESTS + 1)


def _tests(rule: Rule) -> list[Test] | None:
    if isinstance(rule, Test):
        return [rule]
    if isinstance(rule, All | AnyOf) and all(isinstance(part, Test) for part in rule.rules):
        return [part for part in rule.rules if isinstance(part, Test)]
    return None


def _initial(rule: dict[str, Any] | None) -> dict[str, Any]:
    if rule is None or not is_simple(rule):
        return {}
    parsed = parse(rule)
    initial: dict[str, Any] = {"combine": "any" if isinstance(parsed, AnyOf) else "all"}
    for n, test in enumerate(_tests(parsed) or ()):
        low, high = (
            test.value if test.op == Op.BETWEEN and isinstance(test.value, tuple) else (test.value, None)
        )
        initial |= {
            f"fact_{n}": known_facts.label(test.fact),
            f"op_{n}": test.op.value,
            f"value_{n}": _typed(low),
            f"high_{n}": _typed(high),
        }
    return initial


def _typed(value: Any) -> str:
    """As somebody would type it, so that reading it back gives the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(text: str) -> Any:
    number = coercion.number(text)
    if number is None:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _comparable(text: str) -> Any:
    day = _day(text)
    return day.isoformat() if day else _number(text)


def _day(text: str) -> date | None:
    return coercion.day(text, company_zone())
