"""The list of the qualify page: leads that marketing still has, with what is missing on each.

At a million leads nothing here counts or judges them all: the list and its count stop at CAP, and the filters "ready" and "one missing"
read what is kept (`keeping.py`). What is not settled yet is judged here, at most LOOKED_THROUGH leads of it, which the page says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from leads.criteria import keeping
from leads.criteria.keeping import WAITING_STAGES
from leads.criteria.known_facts import COLUMNS
from leads.criteria.readiness import missing_count
from leads.criteria.verdicts import Verdict, verdicts
from leads.models import CriteriaSet, Lead, Source
from leads.querysets import LeadQuerySet
from smarketing.accounts.models import Side
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from smarketing.accounts.models import User

PAGE = 50
CAP = 1_000
LOOKED_THROUGH = 1_000


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


def after(lead: Lead) -> int | None:
    """The number of the next one to judge: captured just before this one, else the newest."""
    found = OLDER.rows(pk=lead.pk, at=lead.captured_at) or NEWEST.rows(pk=lead.pk)
    return found[0][0] if found else None


def _older(pk: int, at: datetime) -> Any:
    older = Q(captured_at__lt=at) | Q(captured_at=at, pk__lt=pk)
    return leads_waiting().filter(older, captured_at__lte=at).newest_first().values_list("pk")[:1]


OLDER = Prepared(_older, pk=int, at=datetime)
NEWEST = Prepared(
    lambda pk: leads_waiting().exclude(pk=pk).newest_first().values_list("pk")[:1],
    pk=int,
)


# What a row shows and a rule may test. A lead with all its columns takes twice as long to make.
SHOWN = ("stage", "captured_at", "facts", "answers", "company__name", "source__name")
OF_CONTACT = ("first_name", "last_name", "email", "job_title")
TESTED = dict.fromkeys(path for fact in COLUMNS.values() for path in fact.columns)

LISTED = Prepared(
    lambda ids: (
        Lead.objects.select_related("contact", "company", "source", "campaign")
        .only(*SHOWN, *(f"contact__{name}" for name in OF_CONTACT), *TESTED)
        .filter(pk__any_of=ids)
    ),
    ids=list,
)


@cache
def _first_of_all(order: str) -> Prepared:
    return Prepared(lambda: in_order(leads_waiting(), order).values_list("pk")[: CAP + 1])


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
        found = {lead.pk: lead for lead in LISTED.objects(ids=ids)}
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
        """Verdicts are still being worked out for more leads than were looked through here."""
        return self.show != Show.ALL and self.criteria_set is not None and self._unsettled[1]

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
        if self.show == Show.ALL or (self.criteria_set is None and self.show == Show.READY):
            if self.mine or self.source:
                return list(in_order(self._narrowed, self.order).values_list("pk", flat=True)[: CAP + 1])
            return [pk for (pk,) in _first_of_all(self.order).rows()]
        if self.criteria_set is None:
            return []  # nothing was agreed, so nothing is missing
        found = [*self._settled(self.criteria_set), *self._judged_here(self.criteria_set)]
        return [pk for _at, pk in sorted(found, reverse=self.order == Order.NEWEST)][: CAP + 1]

    def _settled(self, criteria_set: CriteriaSet) -> list[tuple[datetime, int]]:
        """Capture and number of the leads that lack as much as is asked for, as far as that is kept."""
        kept = keeping.settled(criteria_set, self._reach, at=self.at).filter(missing=self._lacking)
        if self.mine or self.source:
            kept = kept.filter(lead__in=self._narrowed)
        newest = ("-captured_at", "-lead") if self.order == Order.NEWEST else ("captured_at", "lead")
        return list(kept.order_by(*newest).values_list("captured_at", "lead")[: CAP + 1])

    def _judged_here(self, criteria_set: CriteriaSet) -> list[tuple[datetime, int]]:
        """The same of those of which nothing is kept that counts."""
        numbers, _is_more = self._unsettled
        if not numbers:
            return []
        leads = self._narrowed.filter(pk__in=numbers)
        lacking = leads.alias(lacking=missing_count(criteria_set, at=self.at)).filter(lacking=self._lacking)
        return list(lacking.values_list("captured_at", "pk"))

    @cached_property
    def _unsettled(self) -> tuple[list[int], bool]:
        waiting = in_order(self._narrowed, self.order)
        return keeping.unsettled(self._reach, waiting, at=self.at, at_most=LOOKED_THROUGH)

    @cached_property
    def _reach(self) -> keeping.Reach:
        assert self.criteria_set is not None
        return keeping.reach(self.criteria_set)

    @property
    def _lacking(self) -> int:
        return 0 if self.show == Show.READY else 1

    @property
    def _narrowed(self) -> LeadQuerySet:
        leads = leads_waiting()
        if self.mine:
            leads = leads.filter(marketer=self.mine)
        return leads.filter(source=self.source) if self.source else leads
