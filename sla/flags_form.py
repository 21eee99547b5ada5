"""When a clock warns, who hears that it is late, how long it may stand still, and who is named: the rules around the promises."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sla.models import Agreement, Overflow, PauseReason, Rung
from sla.models.pause import USUAL_PAUSES
from smarketing import words
from smarketing.accounts.models import Role, Side, User
from smarketing.form_fields import rows_field

WARNING = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>%|m|min)", re.IGNORECASE)
MOST_WARNINGS = 3
LATEST_RUNG = 10_000  # working minutes: three weeks


class FlagsForm(forms.Form):
    """Warnings, the ladder, pauses, the intake seat, overflow, shares of routing, and who signs."""

    warnings = forms.CharField(
        label=_("Warn when"),
        max_length=60,
        help_text=_(
            "A share of the time that is left, or minutes before it is due; several are separated by commas: 50%, 25%, 30 m"
        ),
    )
    acknowledgement_minutes = forms.IntegerField(
        label=_("Whoever takes it up holds the ladder, in working minutes"),
        min_value=0,
        max_value=LATEST_RUNG,
    )
    intake_seat = forms.ModelChoiceField(
        User.objects.none(), label=_("Who hears of leads that nobody holds"), required=False
    )
    overflow = forms.ChoiceField(label=_("When everybody has enough"), choices=Overflow.choices)

    def __init__(self, data: Any, *, draft: Agreement, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial=_initial(draft))
        people = list(User.objects.active().select_related("team").order_by("first_name", "last_name", "id"))
        rows_field(self, "intake_seat").queryset = User.objects.active().order_by("first_name", "id")
        for rung in Rung:
            if rung != Rung.HOLDER:
                self.fields[f"rung_{rung}"] = _minutes(rung.label)
        for reason in PauseReason:
            self.fields[f"pause_{reason}"] = _minutes(
                reason.label, help_text=gettext("Usually %(n)s.") % {"n": words.number(USUAL_PAUSES[reason])}
            )
        for person in people:
            if person.is_sales and person.role in (Role.MEMBER, Role.TEAM_LEAD):
                self.fields[f"share_{person.pk}"] = forms.IntegerField(
                    label=str(person), min_value=0, max_value=100, required=False
                )
        for side in Side:
            self.fields[f"signers_{side}"] = forms.TypedMultipleChoiceField(
                label=side.label,
                choices=[(person.pk, str(person)) for person in people if person.works_for(side)],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def group(self, name: str) -> list[forms.BoundField]:
        return [self[field] for field in self.fields if field.startswith(f"{name}_")]

    @property
    def rungs(self) -> list[forms.BoundField]:
        return self.group("rung")

    @property
    def pauses(self) -> list[forms.BoundField]:
        return self.group("pause")

    @property
    def shares(self) -> list[forms.BoundField]:
        return self.group("share")

    @property
    def signers(self) -> list[forms.BoundField]:
        return self.group("signers")

    def clean_warnings(self) -> list[dict[str, int]]:
        """The points in order of the form; what is not understood is named."""
        points = []
        for part in filter(None, (part.strip() for part in self.cleaned_data["warnings"].split(","))):
            found = WARNING.fullmatch(part)
            if not found:
                raise forms.ValidationError(gettext("“%(part)s” is neither 25%% nor 30 m.") % {"part": part})
            share = found["unit"] == "%"
            number = int(found["number"])
            if not 1 <= number <= (90 if share else LATEST_RUNG):
                raise forms.ValidationError(gettext("A warning comes at 1 to 90 percent of the time left."))
            points.append({"share_left" if share else "minutes_left": number})
        if not 1 <= len(points) <= MOST_WARNINGS:
            raise forms.ValidationError(
                ngettext("Name one to %(n)s warning.", "Name one to %(n)s warnings.", MOST_WARNINGS)
                % {"n": MOST_WARNINGS}
            )
        return points

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        shares = [value for name, value in data.items() if name.startswith("share_") and value]
        if shares and sum(shares) != 100:
            self.add_error(None, gettext("The shares add up to %(n)s%%, not to 100%%.") % {"n": sum(shares)})
        rungs = [
            data[f"rung_{rung}"]
            for rung in Rung
            if rung != Rung.HOLDER and data.get(f"rung_{rung}") is not None
        ]
        if rungs != sorted(rungs):
            self.add_error(None, gettext("Each step of the ladder comes after the one before it."))
        return data

    def put_into(self, draft: Agreement) -> None:
        data = self.cleaned_data
        draft.warn_points = data["warnings"]
        draft.acknowledgement_minutes = data["acknowledgement_minutes"]
        draft.intake_seat, draft.overflow = data["intake_seat"], data["overflow"]
        draft.ladder = [{"who": Rung.HOLDER.value, "after_minutes": 0}] + [
            {"who": rung.value, "after_minutes": data[f"rung_{rung}"]}
            for rung in Rung
            if rung != Rung.HOLDER and data[f"rung_{rung}"] is not None
        ]
        draft.pause_limits = {
            reason.value: data[f"pause_{reason}"]
            for reason in PauseReason
            if data[f"pause_{reason}"] is not None
        }
        draft.routing_shares = {
            name.removeprefix("share_"): value
            for name, value in data.items()
            if name.startswith("share_") and value
        }
        draft.signers = {side.value: named for side in Side if (named := sorted(data[f"signers_{side}"]))}


def _minutes(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=LATEST_RUNG, required=False, **more)


def _initial(draft: Agreement) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "warnings": ", ".join(
            f"{point['minutes_left']} m" if "minutes_left" in point else f"{point['share_left']}%"
            for point in draft.warn_points
        ),
        "acknowledgement_minutes": draft.acknowledgement_minutes,
        "intake_seat": draft.intake_seat_id,
        "overflow": draft.overflow,
    }
    shown |= {f"rung_{rung['who']}": rung["after_minutes"] for rung in draft.ladder}
    shown |= {f"pause_{reason}": minutes for reason, minutes in draft.pause_limits.items()}
    shown |= {f"share_{person}": share for person, share in draft.routing_shares.items()}
    return shown | {f"signers_{side}": people for side, people in draft.signers.items()}
