"""The number of an own term for a month."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sla.models import OwnValue, Term
from sla.scorecard import own_values
from smarketing.periods import month_of

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class OwnValueForm(forms.Form):
    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    value = forms.DecimalField(label=_("Value"), max_digits=14, decimal_places=2)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, prefix: str, initial: dict[str, Any] | None = None) -> None:
        begin = {"month": timezone.localdate().replace(day=1)}
        super().__init__(data, prefix=prefix, initial=begin | (initial or {}))

    def enter(self, term: Term, *, by: User, at: datetime) -> OwnValue | None:
        """None when it cannot be entered so; the form says why."""
        told = self.cleaned_data
        month = month_of(told["month"])
        try:
            return own_values.enter(term, month, told["value"], told["note"], by=by, at=at)
        except own_values.ReasonNeeded as problem:
            self.add_error("note", str(problem))
        except own_values.NotYet as problem:
            self.add_error("month", str(problem))
        return None
