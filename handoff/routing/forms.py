"""What those who lead sales fill in about routing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.models import RoutingRule
from handoff.routing.reading import TAKE_HANDOFFS
from smarketing.accounts.models import Side, Team, User
from smarketing.form_fields import rows_field


class RuleForm(forms.ModelForm):
    class Meta:
        model = RoutingRule
        fields = ["languages", "countries", "size_from", "size_to", "people", "team", "if_nobody"]
        widgets = {"people": forms.CheckboxSelectMultiple, "if_nobody": forms.RadioSelect}
        help_texts = {
            "languages": _("Several with commas. Empty: any."),
            "countries": _("Several with commas, as they are written at the company: NL, BE. Empty: any."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().on_side(Side.SALES).filter(role__in=TAKE_HANDOFFS)
        rows_field(self, "people").queryset = people.order_by("first_name", "id")
        rows_field(self, "team").queryset = Team.objects.filter(kind=Side.SALES).order_by("name")
        rows_field(self, "team").empty_label = _("no whole team")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("people") and not cleaned.get("team"):
            self.add_error("people", _("Say to whom: colleagues, a team, or both."))
        return cleaned
