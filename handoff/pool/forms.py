"""What people fill in at the pool."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.models import SkipReason


class SkipForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why not you?"), choices=SkipReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In a sentence"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Needed for “Other”. Your colleagues read it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == SkipReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say why in a sentence."))
        return cleaned
