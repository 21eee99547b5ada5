"""Forms about people: validation only, no side effects."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smarketing.accounts.models import Absence, Organisation, Role, Team, User
from smarketing.form_fields import rows_field


class MeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "time_zone", "theme", "density", "single_keys"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            required=False,
            choices=[("", _("That of the company")), *zones],
            help_text=_("For appointments with colleagues. Promises count in the zone of the agreement."),
        )


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "role", "team", "language"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") in (Role.MEMBER, Role.TEAM_LEAD) and not cleaned.get("team"):
            self.add_error("team", _("A member or team lead works in a team: choose one."))
        return cleaned


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "kind"]


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "currency", "country"]


class AbsenceForm(forms.Form):
    """Whole days: from the first day that somebody is away to the last."""

    user = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none())
    first_day = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    deputy = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Hears of what is due or late in that time. Without anybody it is the team lead."),
    )
    note = forms.CharField(label=_("Note"), max_length=120, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_field(self, "user").queryset = people
        rows_field(self, "deputy").queryset = User.objects.active().order_by("first_name", "last_name", "id")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first one."))
        if cleaned.get("deputy") and cleaned["deputy"] == cleaned.get("user"):
            self.add_error("deputy", _("Nobody stands in for himself."))
        return cleaned

    def absence(self) -> Absence:
        """The absence that was filled in, not yet saved: from midnight to midnight in the company's zone."""
        zone = timezone.get_default_timezone()
        starts_at = datetime.combine(self.cleaned_data["first_day"], time.min, tzinfo=zone)
        ends_at = datetime.combine(self.cleaned_data["last_day"] + timedelta(days=1), time.min, tzinfo=zone)
        return Absence(
            user=self.cleaned_data["user"],
            starts_at=starts_at,
            ends_at=ends_at,
            note=self.cleaned_data["note"],
            deputy=self.cleaned_data["deputy"],
        )
