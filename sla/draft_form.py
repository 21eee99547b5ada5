"""A draft of the agreement as one form: when and how it measures, what is promised, the brief, and what is hot."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from leads.models import CriteriaSet, Source
from leads.models.criteria import CriteriaState
from sla.flags_form import FlagsForm
from sla.hot_rule_form import HotRuleForm
from sla.models import Agreement, Term, TermKind, TermPeriod, TermSide
from sla.promises import KINDS
from smarketing.form_fields import choice_field, needed_at_times, rows_field

NEW_OWN_TERMS, NEW_ITEMS = 2, 2
COUNTED_UP = (TermKind.SQLS_DELIVERED, TermKind.REVENUE)  # over a month or over a quarter
EXCEPTIONS = ("excluded_sources", "exceptions")


class HowForm(forms.ModelForm):
    """When it starts and how it measures."""

    class Meta:
        model = Agreement
        fields = [
            "starts_on",
            "review_on",
            "note",
            "criteria_set",
            "marketing_calendar",
            "sales_calendar",
            "contact_counts",
            "late_logging_hours",
            "minimum_left_minutes",
        ]
        labels = {"criteria_set": _("What is sales-ready")}
        help_texts = {
            "starts_on": _("Signed by both sides before then, it measures hand-offs from that day on."),
            "criteria_set": _("Empty keeps the criteria that are in force."),
        }
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("starts_on", "review_on")
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = CriteriaSet.objects.filter(state__in=[CriteriaState.PROPOSED, CriteriaState.IN_FORCE])
        rows_field(self, "criteria_set").queryset = choices.order_by("-version")


class TermForm(forms.ModelForm):
    """One promise: only the fields that its kind needs. Not promised, it is not in the draft."""

    because = ""  # why it suggests what it does

    promised = forms.BooleanField(label=_("Promised"), required=False)
    hours = forms.DecimalField(
        label=_("within, in working hours"),
        min_value=Decimal("0.25"),
        max_value=2000,
        max_digits=7,
        decimal_places=2,
    )

    excluded_sources = forms.MultipleChoiceField(
        label=_("Sources left out"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Term
        fields = [
            "label",
            "side",
            "target_count",
            "target_share",
            "target_amount",
            "period",
            "min_days",
            "cohort_months",
            "excluded_sources",
            "exceptions",
        ]

    def __init__(
        self,
        data: Any,
        *,
        kind: str,
        instance: Term | None,
        prefix: str,
        sources: Sequence[tuple[str, str]] = (),
    ) -> None:
        about = KINDS[kind]
        super().__init__(data, instance=instance or Term(kind=kind, side=about.side), prefix=prefix)
        self.kind, self.is_new = kind, instance is None
        self.initial["promised"] = not self.is_new
        if instance and instance.target_seconds is not None:
            self.initial["hours"] = (Decimal(instance.target_seconds) / 3600).normalize()
        wanted = {"promised", "exceptions", *about.needs}
        wanted |= {"period"} if kind in COUNTED_UP else set()
        wanted |= {"excluded_sources"} if about.by_lead else set()
        wanted |= {"side"} if kind == TermKind.OWN else set()
        wanted |= {"hours"} if "target_seconds" in about.needs else set()
        for name in set(self.fields) - wanted:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = False
            if name not in EXCEPTIONS:
                needed_at_times(field)
        if "excluded_sources" in self.fields:
            choice_field(self, "excluded_sources").choices = sources

    @property
    def title(self) -> str:
        return self.instance.label or str(TermKind(self.kind).label)

    @property
    def amounts(self) -> list[forms.BoundField]:
        """What is promised, without what is left out."""
        apart = ("promised", *EXCEPTIONS)
        return [self[name] for name in self.fields if name not in apart]

    @property
    def exceptions_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in EXCEPTIONS if name in self.fields]

    @property
    def leaves_out(self) -> bool:
        return bool(self.instance.exceptions or self.instance.excluded_sources)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "period" in self.fields and not data.get("period"):
            data["period"] = TermPeriod.MONTH
        if self.is_wanted(data):
            for name in ("hours" if name == "target_seconds" else name for name in KINDS[self.kind].needs):
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(
                        name, _("Say how much is promised.") if name != "label" else _("Give it a name.")
                    )
        return data

    def is_wanted(self, data: dict[str, Any]) -> bool:
        """An own term is wanted as soon as somebody names it."""
        return bool(data.get("promised") or (self.is_new and data.get("label")))

    def save_in(self, draft: Agreement, position: int) -> None:
        if not self.is_wanted(self.cleaned_data):
            if not self.is_new:
                self.instance.delete()
            return
        term = self.instance
        term.agreement, term.position = draft, position
        if (hours := self.cleaned_data.get("hours")) is not None:
            term.target_seconds = int(hours * 3600)
        if not term.key:
            term.key = term.kind.lower() if term.kind != TermKind.OWN else _free_key(draft, term.label)
        term.save()


class BriefItemForm(forms.Form):
    """One item that every hand-off must or may tell."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    label = forms.CharField(label=_("Question"), max_length=120, required=False)
    hint = forms.CharField(label=_("Hint"), max_length=200, required=False)
    required = forms.BooleanField(label=_("Demanded"), required=False)
    max_length = forms.IntegerField(
        label=_("Characters at most"), min_value=20, max_value=2000, required=False, initial=300
    )

    def item(self) -> dict[str, Any] | None:
        """None when it has no question: an item is removed by clearing it."""
        data = self.cleaned_data
        if not data.get("label"):
            return None
        return {
            "key": data["key"],
            "label": data["label"],
            "hint": data["hint"],
            "required": data["required"],
            "max_length": data["max_length"] or 300,
        }


class PromisesForm:
    """The promises of a draft alone: they are checked together and saved together."""

    def __init__(self, draft: Agreement, data: Any = None) -> None:
        self.draft = draft
        terms = list(draft.terms_in_order())
        by_kind = {term.kind: term for term in terms if term.kind != TermKind.OWN}
        own = [term for term in terms if term.kind == TermKind.OWN]
        sources = [(source.key, str(source)) for source in Source.objects.order_by("name", "id")]
        self.terms = [
            TermForm(data, kind=kind, instance=by_kind.get(kind), prefix=kind.lower(), sources=sources)
            for kind in KINDS
            if kind != TermKind.OWN
        ]
        self.own_terms = [
            TermForm(data, kind=TermKind.OWN, instance=term, prefix=f"own_{number}")
            for number, term in enumerate([*own, *[None] * NEW_OWN_TERMS])
        ]

    @property
    def parts(self) -> list[forms.BaseForm]:
        return [*self.terms, *self.own_terms]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(where, what it is called, what is wrong), for the summary."""
        return [
            (part[name].auto_id if name in part.fields else "", _named(part, name), str(error))
            for part in self.parts
            if part.is_bound
            for name, errors in part.errors.items()
            for error in errors
        ]

    def sides(self) -> list[tuple[str, list[TermForm]]]:
        """The built-in promises under who owes them."""
        return [
            (str(TermSide(side).label), [form for form in self.terms if KINDS[form.kind].side == side])
            for side in TermSide.values
        ]

    def explain(self, because: dict[str, str]) -> None:
        """Why a promise suggests what it does, beside it."""
        for form in self.terms:
            form.because = because.get(form.kind, "")

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self.parts])

    @transaction.atomic
    def save(self) -> None:
        for position, form in enumerate([*self.terms, *self.own_terms], start=1):
            form.save_in(self.draft, position)


class DraftForm(PromisesForm):
    """All parts of a draft."""

    def __init__(self, draft: Agreement, data: Any = None) -> None:
        super().__init__(draft, data)
        self.how = HowForm(data, instance=draft, prefix="how")
        self.brief = [
            BriefItemForm(data, initial=item, prefix=f"brief_{number}")
            for number, item in enumerate([*draft.brief_items, *[{}] * NEW_ITEMS])
        ]
        self.flags = FlagsForm(data, draft=draft, prefix="flags")
        self.hot = HotRuleForm(data, rule=draft.hot_rule, prefix="hot")

    @property
    def parts(self) -> list[forms.BaseForm]:
        return [self.how, *self.terms, *self.own_terms, *self.brief, self.flags, self.hot]

    @transaction.atomic
    def save(self) -> None:
        draft = self.how.save(commit=False)
        self.flags.put_into(draft)
        draft.hot_rule = self.hot.cleaned_data["rule"]
        draft.brief_items = _with_keys([item for form in self.brief if (item := form.item())])
        draft.save()
        super().save()


def _named(part: forms.BaseForm, name: str) -> str:
    label = str(part.fields[name].label or name) if name in part.fields else ""
    return f"{part.title}: {label}" if isinstance(part, TermForm) else label


def _with_keys(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An item keeps its key through all versions; a new one gets it from its question."""
    taken = {item["key"] for item in items if item["key"]}
    for item in items:
        if not item["key"]:
            item["key"] = _free(slugify(item["label"])[:50].replace("-", "_") or "item", taken)
            taken.add(item["key"])
    return items


def _free_key(draft: Agreement, label: str) -> str:
    return _free(slugify(label)[:50] or "own", set(draft.terms.values_list("key", flat=True)))


def _free(wanted: str, taken: set[str]) -> str:
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}_{number}", number + 1
    return key
