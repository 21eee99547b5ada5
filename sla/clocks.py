"""Starting the clocks of a hand-off, and finding them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from handoff.models import Handoff
from sla.models import (
    Agreement,
    Clock,
    ClockEvent,
    ClockEventKind,
    ClockState,
    Measure,
    Segment,
    Term,
    TermKind,
)
from sla.planning import plan, warning
from smarketing.accounts.models import Side


@transaction.atomic
def start_for(handoff: Handoff, *, at: datetime) -> list[Clock]:
    """The clocks that the agreement in force demands, started at the hand-off; none without an agreement."""
    agreement = Agreement.objects.select_related("sales_calendar").in_force()
    if agreement is None:
        return []
    version = agreement.calendar_of(Side.SALES).current
    clocks = [
        planned_clock(handoff, measure, term, agreement=agreement, calendar_version=version)
        for measure, term in measured_terms(agreement.terms.all(), hot=handoff.hot)
    ]
    Clock.objects.bulk_create(clocks)
    ClockEvent.objects.bulk_create(
        ClockEvent(clock=clock, kind=ClockEventKind.STARTED, happened_at=clock.started_at, detected_at=at)
        for clock in clocks
    )
    Segment.objects.bulk_create(
        Segment(clock=clock, holder=clock.holder, from_at=clock.started_at) for clock in clocks
    )
    return clocks


def measured_terms(terms: Iterable[Term], *, hot: bool) -> list[tuple[Measure, Term]]:
    """What is measured on one hand-off, by which term. A hot lead without a promise of its own gets that for other leads."""
    by_kind = {term.kind: term for term in terms if term.target_seconds is not None}
    first_contact = by_kind.get(TermKind.FIRST_CONTACT_OTHER)
    if hot:
        first_contact = by_kind.get(TermKind.FIRST_CONTACT_HOT, first_contact)
    chosen = {Measure.ANSWER: by_kind.get(TermKind.ANSWER_HANDOFF), Measure.FIRST_CONTACT: first_contact}
    return [(measure, term) for measure, term in chosen.items() if term is not None]


def planned_clock(
    handoff: Handoff, measure: str, term: Term, *, agreement: Agreement, calendar_version
) -> Clock:
    """A running clock, not saved yet, with all its moments; also for those who create many at once."""
    assert term.target_seconds is not None
    warn = warning(term.target_seconds, agreement.warn_points)
    planned = plan(calendar_version.business_calendar(), handoff.sent_at, term.target_seconds, warn)
    return Clock(
        handoff=handoff,
        measure=measure,
        side=term.side,
        holder=handoff.receiver,
        team=handoff.receiving_team,
        agreement=agreement,
        term=term,
        calendar_version=calendar_version,
        state=ClockState.RUNNING,
        target_seconds=term.target_seconds,
        warn_seconds=warn,
        started_at=handoff.sent_at,
        due_at=planned.due_at,
        warn_at=planned.warn_at,
        ladder_at=list(planned.ladder_at),
        next_check_at=planned.warn_at,
    )
