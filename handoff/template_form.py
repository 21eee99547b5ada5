"""A brief template as a form: for which leads it is, and a text to start from per item of the agreement."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handoff.models import BriefTemplate, HandoffRules
from leads.models import Campaign, Source

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"dir": "auto"}))
    source = forms.ModelChoiceField(
        label=_("For leads from this source"), queryset=Source.objects.order_by("name"), required=False
    )
    campaign = forms.ModelChoiceField(
        label=_("Or from this campaign"),
        queryset=Campaign.objects.order_by("name"),
        required=False,
        help_text=_("Without source and campaign it is for all leads that have no template of their own."),
    )

    def __init__(
        self, *args: Any, rules: HandoffRules, template: BriefTemplate | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.template = rules, template
        for item in rules.brief_items:
            self.fields[f"text_{item['key']}"] = forms.CharField(
                label=item["label"],
                required=False,
                max_length=item.get("max_length") or 2000,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )
        if template:
            self.initial.update({"name": template.name, "source": template.source_id})
            self.initial.update({"campaign": template.campaign_id})
            self.initial.update({f"text_{key}": text for key, text in template.texts.items()})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source, campaign = cleaned.get("source"), cleaned.get("campaign")
        if source and campaign:
            self.add_error("campaign", _("Choose a source or a campaign, not both."))
            return cleaned
        same = BriefTemplate.objects.filter(retired_at=None, source=source, campaign=campaign)
        other = next((one for one in same if one != self.template), None)
        if other:
            self.add_error("source", _("“%(name)s” is for these leads already.") % {"name": other})
        return cleaned

    @property
    def texts(self) -> dict[str, str]:
        """Texts for items that the agreement does not ask now are kept."""
        asked = {item["key"]: self.cleaned_data[f"text_{item['key']}"] for item in self.rules.brief_items}
        kept = self.template.texts if self.template else {}
        return {key: text for key, text in {**kept, **asked}.items() if text}

    def save(self, *, by: User, at: datetime) -> BriefTemplate:
        template = self.template or BriefTemplate()
        template.name, template.texts = self.cleaned_data["name"], self.texts
        template.source, template.campaign = self.cleaned_data["source"], self.cleaned_data["campaign"]
        template.changed_by, template.changed_at = by, at
        template.save()
        return template
