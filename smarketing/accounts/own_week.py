"""The days and hours that a colleague keeps himself. Empty: those of his team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from smarketing.accounts.models import User


class OwnWeekForm(forms.Form):
    """From and until per weekday; a day without both is free. Without any day the hours of the team count."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            spans = person.own_week.get(str(day), [])
            opening, closing = spans[0] if spans else (None, None)
            for edge, value in (("from", opening), ("until", closing)):
                self.fields[f"{edge}_{day}"] = forms.TimeField(
                    label=_("%(day)s from") % {"day": WEEKDAYS[day]}
                    if edge == "from"
                    else _("%(day)s until") % {"day": WEEKDAYS[day]},
                    required=False,
                    initial=value,
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in range(7):
            opening, closing = cleaned.get(f"from_{day}"), cleaned.get(f"until_{day}")
            if bool(opening) != bool(closing):
                self.add_error(f"until_{day}" if opening else f"from_{day}", _("Fill in both, or neither."))
            elif opening and closing and closing <= opening:
                self.add_error(f"until_{day}", _("This is before the beginning."))
        return cleaned

    @property
    def days(self) -> list[tuple[Any, Any, Any]]:
        """The name of each day with its two fields."""
        return [(WEEKDAYS[day], self[f"from_{day}"], self[f"until_{day}"]) for day in range(7)]

    @property
    def week(self) -> dict[str, list[list[str]]]:
        return {
            str(day): [[f"{opening:%H:%M}", f"{self.cleaned_data[f'until_{day}']:%H:%M}"]]
            for day in range(7)
            if (opening := self.cleaned_data.get(f"from_{day}"))
        }
