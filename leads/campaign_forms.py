"""What people fill in about sources and campaigns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leads import origins, tidying
from leads.models import Campaign, Source
from smarketing.form_fields import rows_field


class SourceForm(forms.ModelForm):
    """The name is free; the key is made of it once and stays."""

    class Meta:
        model = Source
        fields = ["name"]

    def clean_name(self) -> str:
        name = tidying.line(self.cleaned_data["name"])
        others = Source.objects.exclude(pk=self.instance.pk)
        key = self.instance.key or origins.key_for(name)
        if others.filter(name__iexact=name).exists() or others.filter(key=key).exists():
            raise ValidationError(_("There is a source of this name already."))
        return name

    def save(self, commit: bool = True) -> Source:
        if not self.instance.key:
            self.instance.key = origins.key_for(self.cleaned_data["name"])
        return super().save(commit)


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class CampaignForm(forms.ModelForm):
    """An empty spend says "no cost entered", which is not the same as 0."""

    class Meta:
        model = Campaign
        fields = ["name", "source", "starts_on", "ends_on", "spend"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, may_enter_costs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_field(self, "source").queryset = Source.objects.order_by("name")
        self.fields["spend"].help_text = _("Empty: no cost entered. That is not the same as 0.")
        if not may_enter_costs:
            self.fields["spend"].disabled = True
            self.fields["spend"].help_text = _("Finance and team leads enter costs.")

    def clean_name(self) -> str:
        name = tidying.line(self.cleaned_data["name"])
        if Campaign.objects.exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise ValidationError(_("There is a campaign of this name already."))
        return name

    def clean_spend(self) -> Any:
        spend = self.cleaned_data["spend"]
        if spend is not None and spend < 0:
            raise ValidationError(_("An amount is 0 or more."))
        return spend

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("It ends before it starts."))
        return cleaned
