"""The hand-offs behind each promise of a month: the figure counts exactly what its link lists."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from dashboard.periods import Period
from handoff.models import BriefItem, Handoff
from sla.models import Clock, Term, TermKind
from sla.promises import MEASURED_BY_CLOCKS

ALL, KEPT, MISSED = "all", "kept", "missed"
MANY = 2_000
COUNTED = [TermKind.SQLS_DELIVERED, TermKind.CAPACITY]  # a number is promised, nothing is kept or missed
BY_CLOCK = MEASURED_BY_CLOCKS
HAS_CASES = [*COUNTED, *BY_CLOCK, TermKind.SQL_QUALITY, TermKind.BRIEF_COMPLETE]


def handoffs(term: Term, month: Period, which: str, *, at: datetime) -> QuerySet[Handoff]:
    """Those that count for the promise in the month: kept, missed, or both ("all")."""
    if term.kind in BY_CLOCK:
        return Handoff.objects.filter(pk__in=_clocks(term, month, which, at).values("handoff"))
    if term.kind == TermKind.CAPACITY:
        return Handoff.objects.filter(accepted_at__gte=month.starts_at, accepted_at__lt=month.ends_at)
    sent = Handoff.objects.filter(sent_at__gte=month.starts_at, sent_at__lt=month.ends_at)
    if term.kind == TermKind.SQL_QUALITY:
        accepted = sent.filter(accepted_at__isnull=False, returned_at__isnull=True)
        return _chosen(which, accepted, sent.filter(returned_at__isnull=False))
    if term.kind == TermKind.BRIEF_COMPLETE:
        lacks = Exists(BriefItem.objects.filter(handoff=OuterRef("pk"), required=True, text=""))
        return _chosen(which, sent.filter(~lacks), sent.filter(lacks))
    return sent


def count(term: Term, month: Period, which: str, *, at: datetime) -> int:
    """How many `handoffs()` would list; by the clocks alone where they decide, since a hand-off has one clock of a kind."""
    if term.kind in BY_CLOCK:
        return _clocks(term, month, which, at).count()
    return handoffs(term, month, which, at=at).count()


def are_many(month: Period) -> bool:
    """So many hand-offs that counting each promise anew for everybody who looks would cost more than it tells."""
    sent = Handoff.objects.filter(sent_at__gte=month.starts_at, sent_at__lt=month.ends_at)
    return sent.order_by()[: MANY + 1].count() > MANY


def url(term: Term, month: Period, which: str) -> str:
    assert month.first
    return reverse("dashboard:cases", args=[term.key]) + f"?month={month.first:%Y-%m}&show={which}"


def _clocks(term: Term, month: Period, which: str, at: datetime) -> QuerySet[Clock]:
    """By the month of the hand-off. Overdue and open is missed; open in time is no case yet. A new version of the term goes on counting."""
    clocks = Clock.objects.filter(
        term__key=term.key, started_at__gte=month.starts_at, started_at__lt=month.ends_at
    )
    return _chosen(which, clocks.met(), clocks.missed(at))


def _chosen(which: str, kept: QuerySet, missed: QuerySet) -> QuerySet:
    return kept if which == KEPT else missed if which == MISSED else kept | missed
