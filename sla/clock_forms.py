"""What people say when they act on a clock: why, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.forms import MomentInput
from sla import pauses_in_words
from sla.disputing import decisions_for
from sla.holding import CHOSEN
from sla.models import Clock, PauseReason, RecomputeScope


def words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}), **more
    )


class PauseForm(forms.Form):
    """For which reason, and until when. Says how long each reason may hold this clock from `at` on."""

    use_required_attribute = False  # the moment is needed for one reason, not for the other

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(reason, reason.label) for reason in CHOSEN],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    until = forms.DateTimeField(
        label=_("Until"),
        widget=MomentInput(),
        error_messages={"required": _("Which date did the lead ask for?")},
        help_text=_(
            "The date that the lead asked for. While a duplicate is looked at, it may stay empty: as long as is allowed. The clock goes on by itself then."
        ),
    )

    def __init__(self, *args: Any, clock: Clock, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = self.data.get("reason") != PauseReason.DUPLICATE_REVIEW
        self.fields["reason"].help_text = " ".join(pauses_in_words.allowed(clock, CHOSEN, at=at))

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until and until <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that is still to come."))
        return until


class DisputeForm(forms.Form):
    reason = words(
        _("What is wrong"), help_text=_("The other team reads it and answers. Both see it on the clock.")
    )


class DisputeAnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("What do you say?"), widget=forms.RadioSelect(attrs={"class": "stack"})
    )
    answer = words(_("In your words"))

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(decision, decision.label) for decision in decisions_for(clock)]


class ScopeForm(forms.Form):
    scope = forms.ChoiceField(
        label=_("Counted with"),
        choices=RecomputeScope.choices,
        initial=RecomputeScope.HOURS,
        widget=forms.RadioSelect(attrs={"class": "stack"}),
    )


class ReasonForm(forms.Form):
    reason = words(_("Why"))


class ClassForm(ReasonForm):
    """Says which way it was meant, so that a stale page cannot turn it back."""

    hot = forms.TypedChoiceField(
        choices=[("yes", _("hot")), ("no", _("not hot"))],
        coerce=lambda said: said == "yes",
        widget=forms.HiddenInput,
    )
