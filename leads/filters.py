"""Which leads a list shows. The whole view is in the address, so that each figure elsewhere can open exactly its leads.

Parameters (every one optional; they narrow each other; an unknown value is named on the page and left out, the API answers 400):

    q                            words, each the beginning of a word of the name, company, e-mail or phone
    stage                        one or more of the stages, repeated: stage=MQL&stage=SQL
    reached                      a stage of the main line: reached it or a later one, wherever the lead stands now
    state                        open | closed                (closed: customer, lost or disqualified)
    source, campaign             the key of a source, the number of a campaign; "none" for leads without
    owner, marketer              a colleague's number, "mine", or "none"       (rep is another name for owner)
    company                      the number of a company
    country                      the country of the company, as it is written there
    hot, no_next_step            yes                          (no next step: of the open leads that a rep has)
    captured_from, captured_to   half open: from the first moment, before the second. A day (2026-11-01, from midnight
                                 in the company's time zone) or a moment (2026-11-01T09:00:00+01:00)
    mql_ sql_ accepted_ contacted_ opportunity_ customer_ closed_ lost_ disqualified_  with from / to: when the lead first
                                 reached that stage (`closed` is lost or disqualified)

`address({...})` builds the link to the list; `LeadFilters(data={...}).qs` the queryset, for whoever counts the same leads.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from leads.fields import MomentField, OneOfField, QuickChecks, QuickSelect
from leads.models import CLOSED_STAGES, MAIN_LINE, OPEN_STAGES, Campaign, Company, Lead, Source, Stage
from leads.querysets import LeadQuerySet
from smarketing import planned, shell
from smarketing.accounts.models import User, person_name

NONE, MINE, YES = "none", "mine", "yes"
MOMENTS = {
    "captured": _("Captured"),
    "mql": _("Qualified"),
    "sql": _("Sales-ready"),
    "accepted": _("Accepted"),
    "contacted": _("Contacted"),
    "opportunity": _("Opportunity"),
    "customer": _("Customer"),
    "closed": _("Closed"),
    "lost": _("Lost"),
    "disqualified": _("Disqualified"),
}
SHARED_COLUMN = {
    "lost": Stage.LOST,
    "disqualified": Stage.DISQUALIFIED,
}  # both keep their moment in closed_at
SHOWN_MOMENTS = ("captured",)  # the others are hidden fields: they come with a link and show as chips
LONGEST_LIST = 300


def address(parameters: Mapping[str, Any]) -> str:
    """The list with exactly these leads. Moments may be datetimes or dates; what is empty is left out."""
    pairs = [
        (name, item.isoformat() if hasattr(item, "isoformat") else str(item))
        for name, value in parameters.items()
        for item in (value if isinstance(value, list | tuple | set) else [value])
        if item not in (None, "")
    ]
    return shell.address("leads:list") + (f"?{urlencode(pairs)}" if pairs else "")


class Shared(django_filters.Filter):
    """What it asks for never changes, so that each visit takes it as it is: to copy all of it took a twentieth of the list."""

    def __deepcopy__(self, _memo: Any) -> Shared:
        return copy(self)


class One(Shared):
    """Narrows to one thing; "none" to the leads without."""

    field_class = OneOfField

    def filter(self, qs: Any, value: Any) -> Any:
        if value in ("", None):
            return qs
        if value == NONE:
            return qs.filter(**{f"{self.field_name}__isnull": True})
        if value == MINE:
            return (
                qs.filter(**{self.field_name: self.parent.request.user}) if self.parent.request else qs.none()
            )
        return qs.filter(**{self.field_name: value})


class Moment(Shared):
    """One end of a half-open period in which a moment lies."""

    field_class = MomentField

    def __init__(self, name: str, end: str) -> None:
        self.name, self.stage = name, SHARED_COLUMN.get(name)
        lookup, words = ("gte", _("from")) if end == "from" else ("lt", _("before"))
        super().__init__(
            field_name="closed_at" if self.stage else f"{name}_at",
            lookup_expr=lookup,
            label=format_lazy("{} {}", MOMENTS[name], words),
            **({} if name in SHOWN_MOMENTS else {"widget": forms.HiddenInput}),
        )

    def filter(self, qs: Any, value: Any) -> Any:
        if value is None:
            return qs
        qs = qs.filter(stage=self.stage) if self.stage else qs
        return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": value})


MomentFilters = type(
    "MomentFilters",
    (django_filters.FilterSet,),
    {f"{name}_{end}": Moment(name, end) for name in MOMENTS for end in ("from", "to")},
)


OPTIONS = f"""
(SELECT 'source', key, name, '', '' FROM leads_source ORDER BY name LIMIT {LONGEST_LIST})
UNION ALL (SELECT 'campaign', id::text, name, '', '' FROM leads_campaign ORDER BY name LIMIT {LONGEST_LIST})
UNION ALL (SELECT 'owner', person.id::text, first_name, last_name, email
           FROM accounts_user person JOIN accounts_team team ON team.id = team_id
           WHERE person.is_active AND team.kind = 'SALES' ORDER BY first_name, last_name, person.id LIMIT {LONGEST_LIST})
"""


class Options:
    """What the selects of one form offer: sources, campaigns and reps, read together when the first of them is drawn."""

    @cached_property
    def read(self) -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            planned.execute(cursor, OPTIONS, [])
            return list(cursor.fetchall())

    def of(self, kind: str) -> list[tuple[str, str]]:
        return [(key, _name(*words)) for its_kind, key, *words in self.read if its_kind == kind]


def _name(first: str, last: str, email: str) -> str:
    """A person is called as everywhere; the others have only one name."""
    return person_name(first, last, email) if email else first


class LeadFilters(MomentFilters):  # type: ignore[valid-type,misc]
    """Named filters only. The base queryset is what the reader may see."""

    _form_class: Any = None
    q = django_filters.CharFilter(method="by_words", label=_("Name, company, e-mail"), max_length=200)
    stage = django_filters.MultipleChoiceFilter(
        choices=Stage.choices, method="by_stage", label=_("Stage"), widget=QuickChecks
    )
    source = One(model=Source, key="key", special=[(NONE, _("No source"))], label=_("Source"))
    owner = One(
        model=User,
        special=[(MINE, _("My leads")), (NONE, _("Nobody in sales"))],
        label=_("Sales rep"),
    )
    campaign = One(model=Campaign, special=[(NONE, _("No campaign"))], label=_("Campaign"))
    reached = django_filters.ChoiceFilter(
        choices=[(stage.value, stage.label) for stage in MAIN_LINE],
        method="by_reached",
        widget=QuickSelect,
        label=_("Reached"),
        empty_label=_("Any stage"),
    )
    state = django_filters.ChoiceFilter(
        choices=[("open", _("Open")), ("closed", _("Closed"))],
        method="by_state",
        widget=QuickSelect,
        label=_("Open or closed"),
        empty_label=_("All"),
    )
    hot = django_filters.ChoiceFilter(
        choices=[(YES, _("Hot"))], method="by_hot", widget=QuickSelect, label=_("Hot"), empty_label=_("All")
    )
    no_next_step = django_filters.ChoiceFilter(
        choices=[(YES, _("No next step"))],
        method="by_no_next_step",
        widget=QuickSelect,
        label=_("Next step"),
        empty_label=_("All"),
    )
    country = django_filters.CharFilter(
        field_name="company__country",
        max_length=80,
        label=_("Country"),
        widget=forms.TextInput(attrs={"size": 6}),
    )
    company = One(model=Company, label=_("Company"), widget=forms.HiddenInput)
    marketer = One(
        model=User,
        special=[(MINE, _("Mine")), (NONE, _("Nobody"))],
        label=_("Marketer"),
        widget=forms.HiddenInput,
    )
    rep = One(
        field_name="owner",
        model=User,
        special=[(MINE, _("Mine")), (NONE, _("Nobody"))],
        label=_("Sales rep"),
        widget=forms.HiddenInput,
    )

    def get_form_class(self) -> Any:
        """One for all visits; each form has fields of its own."""
        cls = type(self)
        if cls._form_class is None:
            cls._form_class = super().get_form_class()
        return cls._form_class

    @property
    def form(self) -> Any:
        if not hasattr(self, "_form"):
            self.options = Options()
            for name in ("source", "campaign", "owner"):
                super().form.fields[name].offer(partial(self.options.of, name))
        return super().form

    class Meta:
        model = Lead
        fields: list[str] = []

    def by_words(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return leads.matching(value)

    def by_stage(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return leads.filter(stage__in=value) if value else leads

    def by_reached(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return leads.reached(value)

    def by_state(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return leads.filter(stage__in=OPEN_STAGES if value == "open" else CLOSED_STAGES)

    def by_hot(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return leads.filter(hot_at__isnull=False)

    def by_no_next_step(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return leads.filter(
            stage__in=[Stage.ACCEPTED, Stage.CONTACTED, Stage.OPPORTUNITY], next_step_at__isnull=True
        )
