"""The hot rule as a few lines of a form: fact, operator, value; all of them or any of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.criteria import rules
from leads.criteria.known_facts import COLUMNS, kinds_of_further_keys, label
from leads.criteria.rules import Op, RuleNotUnderstood

LINES = 4
LISTS = [Op.IS_ONE_OF, Op.IS_NOT_ONE_OF, Op.INCLUDES_ANY, Op.INCLUDES_ALL]
WITHOUT_VALUE = [Op.IS_KNOWN, Op.IS_TRUE]


class HotRuleForm(forms.Form):
    """A rule that is nested deeper than these lines is shown in words and stays until lines replace it."""

    joined = forms.ChoiceField(
        label=_("A lead is hot when"),
        choices=[("all", _("all of these hold")), ("any", _("any of these holds"))],
        initial="all",
    )

    def __init__(self, data: Any = None, *, rule: dict[str, Any] | None, prefix: str) -> None:
        self.rule = rule
        joined, lines = _lines_of(rule)
        self.is_nested = rule is not None and not lines
        super().__init__(data, prefix=prefix, initial={"joined": joined, **_initial(lines)})
        facts = [("", "–"), *sorted(_facts(rule).items(), key=lambda pair: pair[1])]
        for number in range(LINES):
            self.fields[f"fact_{number}"] = forms.ChoiceField(label=_("Fact"), choices=facts, required=False)
            self.fields[f"op_{number}"] = forms.ChoiceField(
                label=_("Comparison"), choices=Op.choices, required=False
            )
            self.fields[f"value_{number}"] = forms.CharField(label=_("Value"), max_length=400, required=False)

    def lines(self) -> list[dict[str, forms.BoundField]]:
        return [
            {name: self[f"{name}_{number}"] for name in ("fact", "op", "value")} for number in range(LINES)
        ]

    def sentence(self) -> str:
        return rules.sentence(self.rule) if self.rule else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        tests = []
        for number in range(LINES):
            fact, op = data.get(f"fact_{number}"), data.get(f"op_{number}")
            if not fact or not op:
                continue
            test = {"fact": fact, "op": op, **_value(Op(op), data.get(f"value_{number}", ""))}
            try:
                rules.parse(test)
            except RuleNotUnderstood as error:
                self.add_error(f"value_{number}", str(error))
            tests.append(test)
        data["rule"] = (
            {data.get("joined", "all"): tests} if tests else (self.rule if self.is_nested else None)
        )
        return data


def _value(op: Op, text: str) -> dict[str, Any]:
    """What the person typed, as the operator wants it."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if op in WITHOUT_VALUE:
        return {}
    if op in LISTS or op == Op.BETWEEN:
        return {"value": parts}
    if op == Op.WITHIN_LAST_DAYS:
        return {"value": int(text) if text.strip().isdecimal() else text}
    return {"value": text.strip()}


def _lines_of(rule: dict[str, Any] | None) -> tuple[str, list[dict[str, Any]]]:
    """The rule as lines, or no lines when it is nested deeper than they can say."""
    if not rule:
        return "all", []
    joined = "any" if "any" in rule else "all"
    tests = rule.get(joined, [rule] if "fact" in rule else [])
    fits = len(tests) <= LINES and all("fact" in test for test in tests)
    return joined, tests if fits else []


def _initial(tests: list[dict[str, Any]]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for number, test in enumerate(tests):
        value = test.get("value", "")
        text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
        shown |= {f"fact_{number}": test["fact"], f"op_{number}": test["op"], f"value_{number}": text}
    return shown


def _facts(rule: dict[str, Any] | None) -> dict[str, str]:
    """What may be tested, and whatever the rule tests already."""
    keys = [*COLUMNS, *kinds_of_further_keys(), *(rules.facts_in(rules.parse(rule)) if rule else [])]
    return {key: label(key) for key in keys}
