"""The inbox, narrowed: to words that were typed, a source, hot leads or others, and one who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from leads import narrowing
from leads.fields import QuickSelect, row_number
from leads.models import Lead, Source
from smarketing.accounts.models import Side, User, person_name
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from handoff.querysets import HandoffQuerySet

HOT, OTHERS = "yes", "no"
MOST = 200  # that can be chosen from a list


SOURCES = Prepared(lambda: Source.objects.order_by("name").values_list("key", "name")[:MOST])
REPS = Prepared(
    lambda: (
        User.objects.active()
        .on_side(Side.SALES)
        .order_by("first_name", "id")
        .values_list("pk", "first_name", "last_name", "email")[:MOST]
    )
)


class NarrowForm(forms.Form):
    """Shows what is chosen; nothing in it can be wrong."""

    q = forms.CharField(label=gettext_lazy("Name, company, phone"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False, widget=QuickSelect)
    hot = forms.ChoiceField(
        label=gettext_lazy("Hot"),
        required=False,
        widget=QuickSelect,
        choices=[("", gettext_lazy("All")), (HOT, gettext_lazy("Hot")), (OTHERS, gettext_lazy("Others"))],
    )
    receiver = forms.ChoiceField(label=gettext_lazy("Rep"), required=False, widget=QuickSelect)


class Narrowing(narrowing.Narrowing):
    """Of the inbox."""

    names = ("q", "source", "hot", "receiver")

    def of(self, rows: HandoffQuerySet) -> HandoffQuerySet:
        """The hand-offs that remain, in the same order."""
        asked = self.asked
        if words := asked.get("q"):
            rows = rows.filter(lead__in=Lead.objects.matching(words).values("pk"))
        if source := asked.get("source"):
            rows = rows.filter(lead__source__key=source)
        if hot := asked.get("hot"):
            rows = rows.filter(hot=hot == HOT) if hot in (HOT, OTHERS) else rows.none()
        if receiver := asked.get("receiver"):
            rows = rows.filter(receiver=row_number(receiver) or 0)
        return rows

    def form(self) -> NarrowForm:
        """Two queries."""
        form = NarrowForm(self.parameters or None, auto_id="narrow-%s")
        reps = [(str(number), person_name(*names)) for number, *names in REPS.rows()]
        for name, choices in (("source", SOURCES.rows()), ("receiver", reps)):
            self.offer(form, name, choices)
        return form
