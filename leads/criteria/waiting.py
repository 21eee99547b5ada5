"""The list of the qualify page: leads that marketing still has, with what is missing on each.

At a million leads nothing here counts or judges them all: the list and its count stop at CAP, and the filters "ready" and "one missing"
look through the first LOOKED_THROUGH leads of the chosen order, which the page says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from leads.criteria.readiness import missing_count
from leads.criteria.verdicts import Verdict, verdicts
from leads.models import CriteriaSet, Lead, Source, Stage
from leads.querysets import LeadQuerySet
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User

PAGE = 50
CAP = 1_000
LOOKED_THROUGH = 1_000
WAITING_STAGES = (Stage.NEW, Stage.MQL, Stage.RECYCLED)


class Order(TextChoices):
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")


class Show(TextChoices):
    ALL = "", _("All")
    READY = "ready", _("Ready")
    ONE_MISSING = "one-missing", _("One thing missing")


def leads_waiting() -> LeadQuerySet:
    return Lead.objects.filter(stage__in=WAITING_STAGES)


def count_for(user: User) -> int:
    """What the rail shows beside "Qualify": for marketing the leads that wait, at most a hundred; for others nothing."""
    return len(leads_waiting().values("pk")[:100]) if user.works_for(Side.MARKETING) else 0


def in_order(leads: LeadQuerySet, order: str) -> LeadQuerySet:
    return leads.order_by("captured_at", "id") if order == Order.OLDEST else leads.newest_first()


def after(lead: Lead) -> Lead | None:
    """The next one to judge: captured just before this one, else the newest."""
    others = leads_waiting().exclude(pk=lead.pk).newest_first()
    older = Q(captured_at__lt=lead.captured_at) | Q(captured_at=lead.captured_at, pk__lt=lead.pk)
    return others.filter(captured_at__lte=lead.captured_at).filter(older).first() or others.first()


@dataclass(frozen=True)
class Row:
    lead: Lead
    verdict: Verdict


@dataclass(frozen=True)
class WaitingList:
    """One page of it. `mine` is the marketer whose leads are wanted."""

    criteria_set: CriteriaSet | None
    at: datetime
    show: str = Show.ALL
    order: str = Order.NEWEST
    mine: User | None = None
    source: Source | None = None
    number: int = 1

    @cached_property
    def rows(self) -> list[Row]:
        start = (self.number - 1) * PAGE
        ids = self._ids[start : start + PAGE]
        found = {
            lead.pk: lead for lead in Lead.objects.for_list().defer("contact__search").filter(pk__in=ids)
        }
        leads = [found[pk] for pk in ids if pk in found]
        return [
            Row(lead, said)
            for lead, said in zip(leads, verdicts(leads, self.criteria_set, at=self.at), strict=True)
        ]

    @property
    def count(self) -> int:
        return min(len(self._ids), CAP)

    @property
    def is_capped(self) -> bool:
        return len(self._ids) > CAP

    @property
    def is_partial(self) -> bool:
        """Only the first LOOKED_THROUGH leads were judged, and there may be more."""
        return self.show != Show.ALL and self._looked_through >= LOOKED_THROUGH

    @property
    def has_next(self) -> bool:
        return self.number * PAGE < self.count

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def start_index(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * PAGE + len(self.rows)

    # Mechanics

    @cached_property
    def _ids(self) -> list[int]:
        """The leads of the view, at most CAP + 1, in order."""
        return [pk for pk, lacking in self._judged if self._is_wanted(lacking)][: CAP + 1]

    @property
    def _looked_through(self) -> int:
        return len(self._judged)

    @cached_property
    def _judged(self) -> list[tuple[int, int | None]]:
        leads = in_order(self._narrowed, self.order)
        if self.show == Show.ALL:
            return [(pk, None) for pk in leads.values_list("pk", flat=True)[: CAP + 1]]
        first = leads.values("pk")[:LOOKED_THROUGH]
        lacking = missing_count(self.criteria_set, at=self.at)
        judged = in_order(Lead.objects.filter(pk__in=first).annotate(lacking=lacking), self.order)
        return list(judged.values_list("pk", "lacking"))

    @property
    def _narrowed(self) -> LeadQuerySet:
        leads = leads_waiting()
        if self.mine:
            leads = leads.filter(marketer=self.mine)
        return leads.filter(source=self.source) if self.source else leads

    def _is_wanted(self, lacking: int | None) -> bool:
        return lacking == {Show.READY: 0, Show.ONE_MISSING: 1}.get(Show(self.show))
