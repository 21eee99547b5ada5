"""What people fill in to write a version of the criteria."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models.criteria import Criterion
from smarketing.accounts.models import Side

MOST_POINTS = 1_000


class CriterionForm(forms.Form):
    """One line: what it is called, what it is worth, and whether facts or people answer it."""

    label = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("As the checklist shows it, such as “50+ vehicles”."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    required = forms.TypedChoiceField(
        label=gettext_lazy("Worth"),
        choices=[("yes", gettext_lazy("Must have")), ("no", gettext_lazy("Nice to have (with points)"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    points = forms.IntegerField(
        label=gettext_lazy("Points"),
        min_value=0,
        max_value=MOST_POINTS,
        required=False,
        help_text=gettext_lazy("Only for a nice-to-have."),
    )
    by_rule = forms.TypedChoiceField(
        label=gettext_lazy("Answered by"),
        choices=[("yes", gettext_lazy("A rule over facts")), ("no", gettext_lazy("A person"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    hint = forms.CharField(
        label=gettext_lazy("How to find out"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    @classmethod
    def initial_of(cls, criterion: Criterion) -> dict[str, Any]:
        return {
            "label": criterion.label,
            "required": "yes" if criterion.required else "no",
            "points": criterion.points or None,
            "by_rule": "yes" if criterion.is_hard else "no",
            "hint": criterion.hint,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["points"] = cleaned.get("points") or 0
        if cleaned.get("required") is False and not cleaned["points"] and "points" not in self.errors:
            self.add_error("points", _("A nice-to-have gives at least one point."))
        return cleaned


class DescribeForm(forms.Form):
    points_needed = forms.IntegerField(
        label=gettext_lazy("Points needed"),
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("Beside all must-haves."),
    )
    note = forms.CharField(
        label=gettext_lazy("What changes and why"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class ApproveForm(forms.Form):
    side = forms.ChoiceField(choices=Side.choices, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=gettext_lazy("I have read what changes."),
        error_messages={"required": gettext_lazy("Confirm that you have read what changes.")},
    )
