"""Starting the clocks of a hand-off, and finding them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from handoff.models import Handoff
from sla.models import (
    Agreement,
    CalendarVersion,
    Clock,
    ClockEvent,
    ClockEventKind,
    ClockState,
    Measure,
    Segment,
    Term,
    TermKind,
)
from smarketing.accounts.models import Side, Team


@transaction.atomic
def start_for(handoff: Handoff, *, at: datetime) -> list[Clock]:
    """The clocks that the agreement in force demands, started at the hand-off; none without an agreement."""
    agreement = Agreement.objects.select_related("sales_calendar").in_force()
    if agreement is None:
        return []
    version = agreement.calendar_of(Side.SALES).current
    return _start(
        [
            planned_clock(handoff, measure, term, agreement=agreement, calendar_version=version)
            for measure, term in measured_terms(agreement.terms.all(), hot=handoff.hot)
        ],
        at=at,
    )


@transaction.atomic
def start_for_marketing(handoff: Handoff, measure: Measure, *, at: datetime) -> Clock | None:
    """The ball is with marketing: its clock runs, once per hand-off, under the agreement with which the hand-off is measured."""
    measured = Clock.objects.filter(handoff=handoff).select_related("agreement").order_by("id").first()
    agreement = measured.agreement if measured else Agreement.objects.in_force()
    term = (
        agreement
        and agreement.terms.filter(kind=TermKind.MARKETING_ANSWER, target_seconds__isnull=False).first()
    )
    if not agreement or not term or Clock.objects.filter(handoff=handoff, measure=measure).exists():
        return None
    sender = handoff.sender
    team = sender.team if sender and sender.is_marketing else _team_of(Side.MARKETING)
    if team is None:
        return None
    version = agreement.calendar_of(Side.MARKETING).current
    clock = planned_clock(
        handoff,
        measure,
        term,
        agreement=agreement,
        calendar_version=version,
        holder=sender if sender and sender.works_for(Side.MARKETING) else None,
        team=team,
        started_at=at,
    )
    return _start([clock], at=at)[0]


def measured_terms(terms: Iterable[Term], *, hot: bool) -> list[tuple[Measure, Term]]:
    """What is measured on one hand-off, by which term. A hot lead without a promise of its own gets that for other leads."""
    by_kind = {term.kind: term for term in terms if term.target_seconds is not None}
    first_contact = by_kind.get(TermKind.FIRST_CONTACT_OTHER)
    if hot:
        first_contact = by_kind.get(TermKind.FIRST_CONTACT_HOT, first_contact)
    chosen = {Measure.ANSWER: by_kind.get(TermKind.ANSWER_HANDOFF), Measure.FIRST_CONTACT: first_contact}
    return [(measure, term) for measure, term in chosen.items() if term is not None]


def planned_clock(
    handoff: Handoff,
    measure: str,
    term: Term,
    *,
    agreement: Agreement,
    calendar_version: CalendarVersion,
    **columns: Any,
) -> Clock:
    """A running clock, not saved yet, with all its moments; also for those who create many at once. `columns` differ from the hand-off's."""
    assert term.target_seconds is not None
    clock = Clock(
        **{
            "handoff": handoff,
            "measure": measure,
            "side": term.side,
            "holder": handoff.receiver,
            "team": handoff.receiving_team,
            "agreement": agreement,
            "term": term,
            "calendar_version": calendar_version,
            "state": ClockState.RUNNING,
            "target_seconds": term.target_seconds,
            "started_at": handoff.sent_at,
            **columns,
        }
    )
    for name, value in clock.planned_moments().items():
        setattr(clock, name, value)
    clock.next_check_at = clock.next_moment()
    return clock


# Mechanics


def _start(clocks: list[Clock], *, at: datetime) -> list[Clock]:
    Clock.objects.bulk_create(clocks)
    ClockEvent.objects.bulk_create(
        ClockEvent(clock=clock, kind=ClockEventKind.STARTED, happened_at=clock.started_at, detected_at=at)
        for clock in clocks
    )
    Segment.objects.bulk_create(
        Segment(clock=clock, holder=clock.holder, from_at=clock.started_at) for clock in clocks
    )
    return clocks


def _team_of(side: str) -> Team | None:
    return Team.objects.filter(kind=side).order_by("id").first()
