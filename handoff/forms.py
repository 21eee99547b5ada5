"""What people fill in. Forms check and tidy; the verbs do."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff import duplicating
from handoff.models import NEED_A_NOTE, Channel, Handoff, Result, ReturnReason
from smarketing.accounts.models import Side, User


class ReturnForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=ReturnReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What would make it acceptable?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Marketing reads this first. Needed for “Outside the agreed definition” and “Other”."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") in NEED_A_NOTE and not cleaned.get("note"):
            self.add_error("note", _("Say in a sentence what would make it acceptable."))
        return cleaned


class ContestForm(forms.Form):
    words = forms.CharField(
        label=_("Why this lead is what was agreed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The team leads of both sides decide; both see what you write."),
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            ("upheld", _("Back to sales, with the rep who had it")),
            ("rejected", _("It stays with marketing")),
        ],
        widget=forms.RadioSelect,
        help_text=_("It counts once the team lead of the other side decides the same."),
    )
    words = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class AskForm(forms.Form):
    question = forms.CharField(
        label=_("What do you need to know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The clock passes to marketing until it answers. There is one round."),
    )


class ReplyForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )


class ReassignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, handoff: Handoff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().on_side(Side.SALES).exclude(pk=handoff.receiver_id or 0)
        cast("forms.ModelChoiceField[User]", self.fields["to"]).queryset = people.order_by("first_name", "id")


class NumberedRadios(forms.RadioSelect):
    """Choices with the keys 1, 2, 3…"""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"]["data-hotkey"] = str(int(option["index"]) + 1)
        return option


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time of the company."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs={"step": 60, **attrs}, format="%Y-%m-%dT%H:%M")


class ContactForm(forms.Form):
    """A contact with the lead: when nothing is said about the moment, it was just now."""

    result = forms.ChoiceField(
        label=_("How did it go?"), choices=Result.choices, widget=NumberedRadios(attrs={"class": "segmented"})
    )
    channel = forms.ChoiceField(
        label=_("How"),
        choices=Channel.choices,
        initial=Channel.CALL,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    occurred_at = forms.DateTimeField(
        label=_("When"), required=False, widget=MomentInput(), help_text=_("Empty: just now.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    next_step = forms.CharField(
        label=_("Next step"), required=False, max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    next_step_at = forms.DateTimeField(
        label=_("On"),
        required=False,
        widget=MomentInput(),
        help_text=_("Needed when they asked to be called back."),
    )

    def clean_occurred_at(self) -> datetime | None:
        occurred_at: datetime | None = self.cleaned_data["occurred_at"]
        if occurred_at and occurred_at > timezone.now():
            raise forms.ValidationError(_("A contact cannot lie in the future."))
        return occurred_at

    def clean_next_step_at(self) -> datetime | None:
        return ahead(self.cleaned_data["next_step_at"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        waits = cleaned.get("result") == Result.CALL_BACK or cleaned.get("next_step")
        if waits and not cleaned.get("next_step_at") and "next_step_at" not in self.errors:
            self.add_error("next_step_at", _("Say when: then it comes back to your queue."))
        return cleaned


class LateContactForm(ContactForm):
    """A contact that was made before the hand-off was closed, and is told only now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["next_step"], self.fields["next_step_at"]
        self.fields["occurred_at"].required = True
        self.fields["occurred_at"].help_text = _("Before the hand-off was closed.")

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class HandoffChoice(forms.ModelChoiceField):
    """Named by its lead, and who has it."""

    def label_from_instance(self, handoff: Handoff) -> str:
        parts = [
            handoff.lead,
            handoff.lead.company,
            handoff.receiver or _("the pool"),
            handoff.get_state_display(),
        ]
        return " · ".join(str(part) for part in parts if part)


class DuplicateForm(forms.Form):
    kept = HandoffChoice(
        label=_("It is the same person as"),
        queryset=Handoff.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect(attrs={"class": "stack"}),
        help_text=_(
            "That hand-off goes on, with the earlier start of the two. This one is closed, and its lead ends."
        ),
    )

    def __init__(self, *args: Any, handoff: Handoff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [each.pk for each in duplicating.candidates(handoff)]
        self.is_alone = not found
        cast("HandoffChoice", self.fields["kept"]).queryset = Handoff.objects.filter(
            pk__in=found
        ).select_related("lead__contact", "lead__company", "receiver")


class NextStepForm(forms.Form):
    next_step = forms.CharField(
        label=_("What"), required=False, max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    next_step_at = forms.DateTimeField(label=_("Snooze until"), widget=MomentInput())

    def clean_next_step_at(self) -> datetime | None:
        return ahead(self.cleaned_data["next_step_at"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))


class NotAFitForm(ReasonForm):
    """Before the first contact: what a contact showed, and how it went."""

    field_order = ("result", "channel", "reason")
    result = forms.ChoiceField(
        label=_("How did it go?"), choices=Result.choices, widget=NumberedRadios(attrs={"class": "segmented"})
    )
    channel = forms.ChoiceField(
        label=_("How"),
        choices=Channel.choices,
        initial=Channel.CALL,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )


class WinForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Amount"), min_value=0, max_digits=14, decimal_places=2, required=False, localize=True
    )


class OpportunityForm(WinForm):
    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Z]{3}$",
        error_messages={"invalid": _("Three capitals, such as EUR.")},
        widget=forms.TextInput(attrs={"size": 4, "maxlength": 3}),
    )
    expected_on = forms.DateField(
        label=_("Expected on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def ahead(moment: datetime | None) -> datetime | None:
    if moment and moment <= timezone.now():
        raise forms.ValidationError(_("A next step lies ahead: give a moment to come."))
    return moment
