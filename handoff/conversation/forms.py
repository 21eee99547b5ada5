"""What people fill in to talk about a hand-off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from handoff.conversation import coffee, mentions
from handoff.conversation.zones import local, zone_of, zone_words
from handoff.forms import MomentInput
from handoff.models import LONGEST_MESSAGE, Coffee, Handoff
from smarketing.accounts.models import User
from smarketing.form_fields import choice_field, rows_field


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Both teams read it. @Name mentions a colleague."),
    )
    mention = forms.ModelChoiceField(
        label=_("Tell"), queryset=User.objects.none(), required=False, empty_label=_("nobody in particular")
    )

    def __init__(self, *args: Any, handoff: Handoff, writer: User, **kwargs: Any) -> None:
        other = coffee.other_side(handoff, writer)
        told = {"initial": {"mention": other.pk if other else None}, "prefix": "talk"}
        super().__init__(*args, **{**told, **kwargs})
        people = User.objects.active().exclude(pk=writer.pk).order_by("first_name", "last_name", "id")
        rows_field(self, "mention").queryset = people

    def clean_text(self) -> str:
        """A name that could be two colleagues is asked about before anything is written."""
        text: str = self.cleaned_data["text"]
        if "@" in text:
            try:
                mentions.mentioned_in(text, mentions.colleagues())
            except mentions.UnclearMention as error:
                raise forms.ValidationError(str(error)) from error
        return text

    @property
    def mentioned(self) -> list[User]:
        person = self.cleaned_data.get("mention")
        return [person] if person else []


TIMES = ("first", "second", "third")


class CoffeeForm(forms.Form):
    """Up to three times, in the zone of who fills it in; `suggested` stand there to begin with."""

    first = forms.DateTimeField(label=_("A time"), widget=MomentInput())
    second = forms.DateTimeField(label=_("Or"), widget=MomentInput(), required=False)
    third = forms.DateTimeField(label=_("Or"), widget=MomentInput(), required=False)
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, choices=[], initial=15)

    def __init__(
        self,
        *args: Any,
        person: User,
        now: datetime,
        suggested: Sequence[datetime] = (),
        asks_length: bool = True,
        **kwargs: Any,
    ) -> None:
        naive = [local(moment, person).replace(tzinfo=None) for moment in suggested]
        initial = dict(zip(TIMES, naive, strict=False))
        super().__init__(*args, **{"prefix": "coffee", "initial": initial, **kwargs})
        self.person, self.now = person, now
        zone = zone_words(person)
        hints = [str(_("You both work then."))] if suggested else []
        hints += [_("In your own time: %(zone)s.") % {"zone": zone}] if zone else []
        self.fields["first"].help_text = " ".join(hints)
        if asks_length:
            choice_field(self, "minutes").choices = [
                (length, _("%(number)s minutes") % {"number": length}) for length in coffee.LENGTHS
            ]
        else:
            del self.fields["minutes"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in TIMES:
            moment = cleaned.get(name)
            if moment:
                cleaned[name] = moment.replace(tzinfo=zone_of(self.person))
                if cleaned[name] <= self.now:
                    self.add_error(name, _("This time has passed."))
        return cleaned

    @property
    def times(self) -> list[datetime]:
        return [moment for name in TIMES if (moment := self.cleaned_data.get(name))]


class AgreeForm(forms.Form):
    starts_at = forms.ChoiceField(label=_("Which time?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, proposed: Coffee, person: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "agree", **kwargs})
        choices = [
            (moment.isoformat(), formats.date_format(local(moment, person), "D j F H:i"))
            for moment in proposed.moments
            if moment > now
        ]
        choice_field(self, "starts_at").choices = choices
        if len(choices) == 1:
            self.initial["starts_at"] = choices[0][0]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["starts_at"])
