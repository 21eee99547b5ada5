"""The checklist as a form: per criterion yes, no or unknown, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.forms.utils import flatatt
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.criteria.judging import LONGEST_EVIDENCE, judge
from leads.criteria.verdicts import CriterionVerdict, Verdict
from leads.fields import QuickText
from leads.models import Answer, Criterion, Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User

CHECKED = mark_safe(" checked")
KEYS = {Answer.YES: "y", Answer.NO: "n", Answer.UNKNOWN: "u"}


class AnswerRadios(forms.RadioSelect):
    """Yes, No, Unknown; with the keys y, n and u while the row is the current one. Written in one go: there are many."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        taste = self.build_attrs(self.attrs, attrs)
        begin = taste.pop("id", name)
        radio = '<label><input type="radio" name="{}" value="{}" data-hotkey="{}" id="{}_{}"{}{}>{}</label>'
        options = (
            (
                name,
                key,
                KEYS[Answer(key)],
                begin,
                place,
                flatatt(taste),
                CHECKED if key == value else "",
                label,
            )
            for place, (key, label) in enumerate(self.choices)
        )
        return format_html_join("", radio, options)


@dataclass(frozen=True)
class Row:
    """One criterion on the page."""

    line: CriterionVerdict
    answer: forms.BoundField
    evidence: forms.BoundField

    @property
    def errors(self) -> list[str]:
        return [str(error) for error in [*self.answer.errors, *self.evidence.errors]]


class ChecklistForm(forms.Form):
    """Bound to a verdict: what differs from it was answered now."""

    criteria_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, verdict: Verdict, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"criteria_version": verdict.criteria_version}, **kwargs})
        self.verdict = verdict
        for line in verdict.criteria:
            self.fields[f"answer_{line.key}"] = forms.ChoiceField(
                label=line.label,
                choices=Answer.choices,
                initial=line.answer.value,
                required=False,
                widget=AnswerRadios,
            )
            self.fields[f"evidence_{line.key}"] = forms.CharField(
                label=gettext_lazy("Evidence"),
                required=False,
                max_length=LONGEST_EVIDENCE,
                widget=QuickText(attrs={"dir": "auto", "autocomplete": "off"}),
            )

    @property
    def must_haves(self) -> Iterator[Row]:
        return (self._row(line) for line in self.verdict.must_haves)

    @property
    def nice_to_haves(self) -> Iterator[Row]:
        return (self._row(line) for line in self.verdict.nice_to_haves)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("criteria_version") != self.verdict.criteria_version:
            raise forms.ValidationError(self._came_into_force(cleaned.get("criteria_version")))
        for line, answer, evidence in self.changes():
            if line.automatic not in (None, answer) and not evidence:
                self.add_error(f"evidence_{line.key}", _("Say why the automatic answer is not right."))
        return cleaned

    def changes(self) -> Iterator[tuple[CriterionVerdict, Answer, str]]:
        """What was answered differently, or with new evidence."""
        for line in self.verdict.criteria:
            answer = Answer(self.cleaned_data.get(f"answer_{line.key}") or line.answer)
            evidence = (self.cleaned_data.get(f"evidence_{line.key}") or "").strip()
            if answer != line.answer or evidence:
                yield line, answer, evidence

    def save(self, lead: Lead, *, by: User, at: datetime) -> int:
        """Every change is a judgement; says how many there were."""
        with transaction.atomic():
            return len(
                [
                    judge(lead, line.key, answer, evidence, by=by, at=at)
                    for line, answer, evidence in self.changes()
                ]
            )

    def tell_missing(self, verdict: Verdict) -> None:
        """Name what keeps the lead from being sales-ready, each at its question."""
        for line in verdict.missing:
            words = _("The answer is no.") if line.answer == Answer.NO else _("This is unknown.")
            self.add_error(f"answer_{line.key}", words)
        if verdict.points_short:
            self.add_error(None, _("%(points)s of the %(needed)s points that are needed.") % {"points": verdict.points, "needed": verdict.points_needed})  # fmt: skip

    def _came_into_force(self, before: int | None) -> str:
        """What changed since the page was made."""
        keys = {line.key for line in self.verdict.criteria}
        then = set(Criterion.objects.filter(criteria_set__version=before or 0).values_list("key", flat=True))
        words = _("Criteria v%(version)s came into force meanwhile. Look at the questions again.")
        words %= {"version": self.verdict.criteria_version}
        new = len(keys - then)
        more = ngettext("%(n)s question is new.", "%(n)s questions are new.", new) % {"n": new}
        return f"{words} {more}" if new else words

    def _row(self, line: CriterionVerdict) -> Row:
        return Row(line, self[f"answer_{line.key}"], self[f"evidence_{line.key}"])


class ReasonForm(forms.Form):
    """Why a lead leaves the list."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=QuickText(attrs={"dir": "auto"})
    )
