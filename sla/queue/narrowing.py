"""A view of the queue, narrowed: to a source, a campaign, what is due by when, and to words that were typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django import forms
from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy

from leads import narrowing
from leads.fields import QuickSelect, row_number
from leads.models import Campaign, Lead, Source
from sla.queue.worklist import SOON, Line, day_after
from smarketing.prepared import Prepared

LATE, WITHIN, TODAY, WEEK = "late", "soon", "today", "week"
DUE = [
    (LATE, gettext_lazy("Late")),
    (WITHIN, gettext_lazy("Within 30 minutes")),
    (TODAY, gettext_lazy("Today")),
    (WEEK, gettext_lazy("Within a week")),
]


class NarrowForm(forms.Form):
    """Shows what is chosen; nothing in it can be wrong."""

    q = forms.CharField(label=gettext_lazy("Name, company, phone"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False, widget=QuickSelect)
    campaign = forms.ChoiceField(label=gettext_lazy("Campaign"), required=False, widget=QuickSelect)
    due = forms.ChoiceField(
        label=gettext_lazy("Due"),
        required=False,
        widget=QuickSelect,
        choices=[("", gettext_lazy("All")), *DUE],
    )


class Narrowing(narrowing.Narrowing):
    """Of the queue."""

    names = ("q", "source", "campaign", "due")

    def of(self, lines: Sequence[Line], *, at: datetime) -> list[Line]:
        """The lines that remain, in the same order. At most one query."""
        asked = self.asked
        due = asked.get("due", "")
        left = [line for line in lines if _is_due(line, due, at)] if due else list(lines)
        if not asked.keys() - {"due"}:
            return left
        leads: Any = Lead.objects.filter(pk__in=[line.lead_id for line in left])
        if source := asked.get("source"):
            leads = leads.filter(source__key=source)
        if campaign := asked.get("campaign"):
            leads = leads.filter(campaign=row_number(campaign) or 0)
        if words := asked.get("q"):
            leads = leads.matching(words)
        found = set(leads.values_list("pk", flat=True))
        return [line for line in left if line.lead_id in found]

    def form(self, lines: Sequence[Line]) -> NarrowForm:
        """Only sources and campaigns that occur can be chosen. One query."""
        form = NarrowForm(self.parameters or None, auto_id="narrow-%s")
        for name, choices in _occurring(lines).items():
            self.offer(form, name, choices)
        return form


def _is_due(line: Line, due: str, at: datetime) -> bool:
    ends = {LATE: at, WITHIN: at + SOON, TODAY: day_after(at), WEEK: at + timedelta(days=7)}
    return line.due_at is not None and due in ends and line.due_at < ends[due]


NAMED = Prepared(
    lambda sources, campaigns: (
        Source.objects.filter(pk__any_of=sources)
        .values_list(Value("source"), "key", "name")
        .union(
            Campaign.objects.filter(pk__any_of=campaigns).values_list(
                Value("campaign"), Cast("pk", CharField()), "name"
            ),
            all=True,
        )
    ),
    sources=list,
    campaigns=list,
)


def _occurring(lines: Sequence[Line]) -> dict[str, list[tuple[str, str]]]:
    """By the field that offers them, in order of their names."""
    sources = {line.source_id for line in lines if line.source_id}
    campaigns = {line.campaign_id for line in lines if line.campaign_id}
    found = NAMED.rows(sources=list(sources), campaigns=list(campaigns)) if sources or campaigns else []
    offered: dict[str, list[tuple[str, str]]] = {"source": [], "campaign": []}
    for field, key, name in sorted(found, key=itemgetter(2)):
        offered[field].append((key, name))
    return offered
