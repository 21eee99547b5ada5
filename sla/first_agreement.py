"""The first agreement in three steps: who and when; what each side promises; read it and propose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handoff.usual_brief import USUAL_BRIEF
from sla import promises, suggesting
from sla.models import Agreement, Calendar
from smarketing.accounts.models import Side, User

DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
REVIEW_AFTER = timedelta(days=91)


class WhoAndWhenForm(forms.Form):
    """When it starts, when both look at it again, and the hours that count, unless there are some already."""

    starts_on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Working days"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    closes = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, data: Any, *, at: datetime) -> None:
        today = timezone.localdate(at)
        initial = {
            "starts_on": today,
            "review_on": today + REVIEW_AFTER,
            "days": [0, 1, 2, 3, 4],
            "opens": "09:00",
            "closes": "17:00",
        }
        super().__init__(data, initial=initial)
        self.today = today
        if Calendar.objects.exists():
            for name in ("days", "opens", "closes"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, review = data.get("starts_on"), data.get("review_on")
        if starts and starts < self.today:
            self.add_error(
                "starts_on", gettext("Hand-offs are never measured backwards: choose today or later.")
            )
        if starts and review and review <= starts:
            self.add_error("review_on", gettext("You look at it again after it started."))
        if data.get("opens") and data.get("closes") and data["closes"] <= data["opens"]:
            self.add_error("closes", gettext("The working day ends after it begins."))
        return data

    def begin(self, *, by: User, at: datetime) -> Agreement:
        return begin(**self.cleaned_data, by=by, at=at)


@transaction.atomic
def begin(
    *,
    by: User,
    at: datetime,
    starts_on: date | None = None,
    review_on: date | None = None,
    days: Sequence[int] = range(5),
    opens: time = time(9),
    closes: time = time(17),
) -> Agreement:
    """A draft with every built-in promise, as the company's own past suggests or as an example. Hours that are there already stay."""
    calendar = Calendar.objects.order_by("id").first() or Calendar.open(
        gettext("Office hours"),
        zone=timezone.get_default_timezone_name(),
        week={str(day): [[f"{opens:%H:%M}", f"{closes:%H:%M}"]] for day in days},
        by=by,
        at=at,
    )
    draft = Agreement.draft_from(
        None,
        by=by,
        at=at,
        starts_on=starts_on or timezone.localdate(at),
        review_on=review_on,
        marketing_calendar=calendar,
        sales_calendar=calendar,
        brief_items=USUAL_BRIEF,
    )
    promises.add_examples(draft)
    suggesting.put_into(draft, suggesting.from_history(calendar.current.business_calendar(), at=at))
    return draft


def is_first(agreement: Agreement) -> bool:
    """Nothing was ever proposed before it."""
    return not Agreement.objects.exclude(pk=agreement.pk).exclude(proposed_at=None).exists()


def steps(draft: Agreement | None, current: int) -> list[dict[str, Any]]:
    """For the stepper: 1 who and when, 2 promises, 3 read and propose."""
    labels = [_("Who and when"), _("What each side promises"), _("Read it and propose")]
    urls = ["", reverse("sla:first_promises", args=[draft.pk]) if draft else "", ""]
    return [
        {
            "label": label,
            "url": urls[number - 1],
            "state": "done" if number < current else "current" if number == current else "",
        }
        for number, label in enumerate(labels, start=1)
    ]


def signers_of(side: str) -> list[User]:
    """Who would sign for this side today."""
    people = User.objects.active().select_related("team").order_by("first_name", "id")
    return [user for user in people if Agreement.objects.may_sign(user, side)]


def sides() -> list[tuple[str, list[User]]]:
    return [(str(side.label), signers_of(side)) for side in Side]
