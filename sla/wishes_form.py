"""How I hear by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.models import Pace, Topic, Wishes
from sla.nightly import usual_pace

if TYPE_CHECKING:
    from smarketing.accounts.models import User

NIGHTLY = [(Pace.AT_ONCE, _("By mail, in the evening")), (Pace.NEVER, Pace.NEVER.label)]


class WishesForm(forms.ModelForm):
    class Meta:
        model = Wishes
        fields = ["warn_at_work", "quiet_from", "quiet_to"]
        labels = {
            "warn_at_work": _("Warnings wait for my working hours"),
            "quiet_from": _("No mail from"),
            "quiet_to": _("No mail until"),
        }
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}),
        }

    def __init__(self, data: Any, *, person: User) -> None:
        wishes = Wishes.objects.filter(user=person).first() or Wishes(user=person)
        super().__init__(data, instance=wishes)
        of_topics = {
            topic.value: forms.ChoiceField(
                label=topic.label,
                choices=NIGHTLY if topic == Topic.NIGHTLY else Pace.choices,
                initial=wishes.paces.get(topic) or usual_pace(person, topic),
            )
            for topic in Topic
        }
        self.fields = {**of_topics, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_to") is None):
            self.add_error("quiet_to", _("Quiet hours have two ends."))
        return cleaned

    def save(self, commit: bool = True) -> Wishes:
        self.instance.paces = {topic.value: self.cleaned_data[topic.value] for topic in Topic}
        saved: Wishes = super().save(commit)
        return saved
