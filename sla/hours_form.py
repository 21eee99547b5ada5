"""Working hours as a person writes them: one line a weekday, special days, holidays to tick."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sla import holiday_proposals
from sla.business_time import InvalidCalendar
from sla.models import Calendar, CalendarVersion, NeedsOpenTime
from sla.opening_hours import hours_of_day
from smarketing import words
from smarketing.form_fields import choice_field

if TYPE_CHECKING:
    from smarketing.accounts.models import User

DAYS = range(7)
NEW_DAYS = 3
_INTERVAL = re.compile(
    r"\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*(?:-|–|—|\bto\b|\btot\b)\s*(\d{1,2})(?:[:.]?(\d{2}))?\s*"
)


class OpeningHoursField(forms.CharField):
    """ "9-12:30, 13:00-17:00" becomes [["09:00", "12:30"], ["13:00", "17:00"]]; nothing is closed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, empty_value="", **options)

    def clean(self, value: Any) -> list[list[str]]:
        text = super().clean(value)
        intervals = [self._interval(part) for part in re.split(r"[,;]|\s{2,}", text) if part.strip()]
        try:
            hours_of_day([(opening, closing) for opening, closing in intervals], day=0)
        except InvalidCalendar as error:
            error.day = None
            raise forms.ValidationError(error.sentence(gettext)) from error
        return intervals

    @staticmethod
    def _interval(part: str) -> list[str]:
        match = _INTERVAL.fullmatch(part)
        if not match:
            raise forms.ValidationError(
                _("“%(part)s” is not an interval. Write 09:00-17:00, or 9-12:30, 13-17."),
                params={"part": part.strip()},
            )
        from_hour, from_minute, to_hour, to_minute = match.groups()
        return [f"{int(from_hour):02}:{from_minute or '00'}", f"{int(to_hour):02}:{to_minute or '00'}"]


def as_text(intervals: list[list[str]]) -> str:
    return ", ".join(f"{opening}-{closing}" for opening, closing in intervals)


class HoursForm(forms.Form):
    """A new version of the working hours. What is left as it was stays as it was."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("As Europe/Amsterdam. Clocks change by themselves."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        calendar: Calendar | None = None,
        proposals: list[holiday_proposals.Proposal] | None = None,
    ) -> None:
        self.calendar = calendar
        self.version: CalendarVersion | None = calendar.current if calendar else None
        week = self.version.week if self.version else {str(day): [["09:00", "17:00"]] for day in range(5)}
        initial = {
            "name": calendar.name if calendar else "",
            "zone": self.version.zone if self.version else timezone.get_default_timezone_name(),
            **{f"day_{day}": as_text(week.get(str(day), [])) for day in DAYS},
        }
        super().__init__(data, initial=initial)
        for day in DAYS:
            self.fields[f"day_{day}"] = OpeningHoursField(label=WEEKDAYS[day])
        self._add_special_days()
        self._add_proposals(proposals or [])

    # What the template draws

    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in DAYS]

    def coming_days(self) -> list[dict[str, Any]]:
        return [row for row in self._special_days() if row["date"] >= timezone.localdate()]

    def past_days(self) -> list[dict[str, Any]]:
        return [row for row in self._special_days() if row["date"] < timezone.localdate()]

    def _special_days(self) -> list[dict[str, Any]]:
        return [
            {
                "date": date.fromisoformat(day),
                **{name: self[f"special_{day}_{name}"] for name in ("name", "hours", "remove")},
            }
            for day in self.known_days
        ]

    def new_days(self) -> list[dict[str, forms.BoundField]]:
        return [
            {name: self[f"new_{number}_{name}"] for name in ("date", "name", "hours")}
            for number in range(NEW_DAYS)
        ]

    # Checking and saving

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        others = Calendar.objects.exclude(pk=self.calendar.pk if self.calendar else 0)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There are working hours with this name."))
        return name

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("This time zone is not known. Write it as Europe/Amsterdam."))
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(NEW_DAYS):
            filled = data.get(f"new_{number}_name") or data.get(f"new_{number}_hours")
            if filled and not data.get(f"new_{number}_date") and f"new_{number}_date" not in self.errors:
                self.add_error(f"new_{number}_date", _("Which date is this?"))
        return data

    def save(self, *, by: User, at: datetime) -> Calendar | None:
        """The new version is there; None, with an error in the form, when an agreement could not measure with it."""
        hours = {"zone": self.cleaned_data["zone"], "week": self._week(), "overrides": self._overrides()}
        name = self.cleaned_data["name"]
        try:
            if self.calendar is None:
                return Calendar.open(name, by=by, at=at, **hours)
            if self.calendar.name != name:
                self.calendar.rename(name)
            if self._is_changed(hours):
                self.calendar.revise(by=by, at=at, **hours)
        except NeedsOpenTime as error:
            self.add_error(None, str(error))
            return None
        return self.calendar

    # Mechanics

    def _add_special_days(self) -> None:
        self.known_days = sorted(self.version.overrides) if self.version else []
        for day in self.known_days:
            told = self.version.overrides[day] if self.version else {}
            self.fields[f"special_{day}_name"] = forms.CharField(
                label=_("Name"), max_length=80, required=False, initial=told.get("name", "")
            )
            self.fields[f"special_{day}_hours"] = OpeningHoursField(
                label=_("Hours"), initial=as_text(told["intervals"])
            )
            self.fields[f"special_{day}_remove"] = forms.BooleanField(label=_("Remove"), required=False)
        for number in range(NEW_DAYS):
            self.fields[f"new_{number}_date"] = forms.DateField(
                label=_("Date"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"new_{number}_name"] = forms.CharField(
                label=_("Name"), max_length=80, required=False
            )
            self.fields[f"new_{number}_hours"] = OpeningHoursField(label=_("Hours"))

    def _add_proposals(self, proposals: list[holiday_proposals.Proposal]) -> None:
        fresh = [proposal for proposal in proposals if proposal.on.isoformat() not in self.known_days]
        self.fields["holidays"] = forms.MultipleChoiceField(
            label=_("Closed on"),
            required=False,
            choices=[(p.on.isoformat(), f"{words.short_date(p.on)} {p.name}") for p in fresh],
            initial=[p.on.isoformat() for p in fresh if p.is_public],
            widget=forms.CheckboxSelectMultiple,
        )
        self.names = {proposal.on.isoformat(): proposal.name for proposal in fresh}

    def _week(self) -> dict[str, Any]:
        return {str(day): hours for day in DAYS if (hours := self.cleaned_data[f"day_{day}"])}

    def _overrides(self) -> dict[str, Any]:
        data = self.cleaned_data
        kept = {
            day: {"name": data[f"special_{day}_name"], "intervals": data[f"special_{day}_hours"]}
            for day in self.known_days
            if not data[f"special_{day}_remove"]
        }
        added = {
            data[f"new_{number}_date"].isoformat(): {
                "name": data[f"new_{number}_name"],
                "intervals": data[f"new_{number}_hours"],
            }
            for number in range(NEW_DAYS)
            if data[f"new_{number}_date"]
        }
        ticked = {day: {"name": self.names[day], "intervals": []} for day in data["holidays"]}
        return ticked | kept | added

    def _is_changed(self, hours: dict[str, Any]) -> bool:
        return self.version is None or any(
            getattr(self.version, name) != value for name, value in hours.items()
        )


class HolidaysForm(forms.Form):
    """Which national holidays to propose."""

    country = forms.ChoiceField(label=_("Holidays of"), required=False)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, required=False)

    def __init__(self, data: Any = None, *, today: date, country: str = "") -> None:
        super().__init__(data, initial={"country": country or "NL", "year": today.year})
        choice_field(self, "country").choices = holiday_proposals.countries(get_language() or "en")

    def proposals(self) -> list[holiday_proposals.Proposal]:
        """Empty until somebody has asked."""
        if not self.is_bound or not self.is_valid():
            return []
        asked = self.cleaned_data
        if not asked["country"] or not asked["year"]:
            return []
        return holiday_proposals.holidays_in(asked["country"], asked["year"], language=get_language() or "en")


class TryDateForm(forms.Form):
    """When would a hand-off at this moment be due?"""

    calendar = forms.ModelChoiceField(Calendar.objects.order_by("name", "id"), label=_("Working hours"))
    start = forms.DateTimeField(
        label=_("Hand-off"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    hours = forms.DecimalField(
        label=_("Due after, in working hours"), min_value=0, max_value=2000, max_digits=8, decimal_places=2
    )
