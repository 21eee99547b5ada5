"""The calculator as a GET form: numbers that somebody fixed, rates that somebody typed, and the people. The address is its state."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.calculator.chain import FACTORS, LEVELS, SHARES, Factor, typed
from sla.calculator.limits import Staffing

MONTHS = [(3, _("3 months")), (6, _("6 months")), (12, _("12 months")), (24, _("24 months"))]
LARGEST = 1e12

LEVEL_LABELS = {
    "revenue": _("Revenue"),
    "customers": _("Customers"),
    "opportunities": _("Opportunities"),
    "accepted": _("Accepted by sales"),
    "sales_ready": _("Sales-ready leads"),
    "leads": _("Captured leads"),
}
FACTOR_LABELS = {
    "amount": _("Paid per customer"),
    "win": _("Opportunities won, in %"),
    "open": _("Accepted that become an opportunity, in %"),
    "accept": _("Sales-ready that sales accepts, in %"),
    "qualify": _("Captured that become sales-ready, in %"),
}


class CalculatorForm(forms.Form):
    """Every field may stay empty: then the number follows, or is the company's own."""

    months = forms.TypedChoiceField(
        label=_("Own rates of the last"), choices=MONTHS, coerce=int, required=False
    )
    hours_each = forms.FloatField(
        label=_("Hours of sales per accepted lead"), min_value=0, max_value=1_000, required=False
    )
    reps = forms.FloatField(label=_("Reps"), min_value=0, max_value=100_000, required=False)
    days = forms.FloatField(label=_("Working days a month"), min_value=0, max_value=31, required=False)
    away = forms.FloatField(
        label=_("Days of leave a month, of all together"), min_value=0, max_value=1_000_000, required=False
    )
    hours_a_day = forms.FloatField(
        label=_("Hours a day for leads"), min_value=0, max_value=24, required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for level in LEVELS:
            self.fields[level] = forms.FloatField(
                label=LEVEL_LABELS[level], min_value=0, max_value=LARGEST, required=False
            )
        for factor in FACTORS:
            self.fields[f"rate_{factor}"] = forms.FloatField(
                label=FACTOR_LABELS[factor],
                min_value=0,
                max_value=100 if factor in SHARES else LARGEST,
                required=False,
            )

    def said(self, name: str) -> Any:
        """What was typed and understood; None otherwise, so that one wrong number does not hide the others."""
        return getattr(self, "cleaned_data", {}).get(name)

    @property
    def fixed(self) -> dict[str, float]:
        return {level: value for level in LEVELS if (value := self.said(level)) is not None}

    @property
    def months_back(self) -> int:
        return self.said("months") or 12

    @property
    def hours_per_lead(self) -> float:
        value = self.said("hours_each")
        return 2.0 if value is None else value

    def factors(self, own: dict[str, Factor]) -> dict[str, Factor]:
        """What was typed goes before the company's own."""
        return {
            name: own[name]
            if (value := self.said(f"rate_{name}")) is None
            else typed(value / 100 if name in SHARES else value)
            for name in FACTORS
        }

    def staffing(self, own: Staffing) -> Staffing:
        def of(name: str) -> float:
            value = self.said(name)
            return getattr(own, name) if value is None else value

        return Staffing(of("reps"), of("days"), of("away"), of("hours_a_day"))


class ProposalForm(forms.Form):
    """The numbers that a draft takes over: as they stood on the page."""

    sales_ready = forms.FloatField(min_value=0, max_value=1e9)
    accepted = forms.FloatField(min_value=0, max_value=1e9)
    revenue = forms.FloatField(min_value=0, max_value=LARGEST)
