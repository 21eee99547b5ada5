"""The number of an own term for a month."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sla.models import OwnValue, Term

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

    def __init__(self, data: Any = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial={"month": timezone.localdate().replace(day=1)})

    def enter(self, term: Term, *, by: User, at: datetime) -> OwnValue:
        told = self.cleaned_data
        value, _created = OwnValue.objects.update_or_create(
            term_key=term.key,
            month=told["month"].replace(day=1),
            defaults={"value": told["value"], "note": told["note"], "entered_by": by, "entered_at": at},
        )
        return value
