"""Starting the clocks of a hand-off, and finding them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from handoff.models import Handoff
from sla import moving, pausing
from sla.models import (
    Agreement,
    CalendarVersion,
    Clock,
    ClockEvent,
    ClockEventKind,
    ClockState,
    EventNote,
    Measure,
    Segment,
    Term,
    TermKind,
)
from smarketing.accounts.models import Side, Team

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@transaction.atomic(savepoint=False)
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
    """The ball is with marketing: its clock runs, under the agreement with which the hand-off is measured.

    None while it runs already. A question is asked once; each return is a duty of its own, so it has a clock of its own:
    the one that an earlier return had is finished, and frozen.
    """
    measured = Clock.objects.filter(handoff=handoff).select_related("agreement").order_by("id").first()
    agreement = measured.agreement if measured else Agreement.objects.in_force()
    term = (
        agreement
        and agreement.terms.filter(kind=TermKind.MARKETING_ANSWER, target_seconds__isnull=False).first()
    )
    earlier = Clock.objects.filter(handoff=handoff, measure=measure).order_by("-round").first()
    if not agreement or not term:
        return None
    if earlier and earlier.state == ClockState.CANCELLED:  # what started it was undone, and is done again now
        return _start_again(earlier, at=at)
    if earlier and (earlier.is_open or measure != Measure.RETURN):
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
        round=earlier.round + 1 if earlier else 1,
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


@transaction.atomic
def merge(kept: Handoff, other: Handoff, *, by: User | None, at: datetime) -> list[ClockEvent]:
    """Two leads were one: of each promise the earliest running start counts, with the pauses of both; the other clock is cancelled."""
    # Rows are locked in the order of their ids, as everywhere.
    both = Clock.objects.filter(handoff__in=[kept, other]).select_related("agreement", "calendar_version")
    found = {(clock.handoff_id, clock.measure): clock for clock in both.order_by("id")}
    events = []
    for measure in Measure:
        mine, its = found.get((kept.pk, measure)), found.get((other.pk, measure))
        for clock in sorted(filter(None, [mine, its]), key=lambda clock: clock.pk):
            clock.lock(at)
        if mine and its and mine.is_open and its.is_open:
            _take_over_pauses(mine, its)
            events.append(
                moving.move(
                    mine,
                    ClockEventKind.MERGED,
                    EventNote.MERGED,
                    by=by,
                    at=at,
                    started_at=min(mine.started_at, its.started_at),
                )
            )
        if its and its.is_open:
            its.cancel(EventNote.MERGED, by=by, at=at)
    return events


# Mechanics


def _take_over_pauses(mine: Clock, its: Clock) -> None:
    """The time that did not count there does not count here. One that still runs here for the same reason stays the longer one."""
    running = {pause.reason: pause for pause in mine.open_pauses()}
    for pause in its.all_pauses():
        same = running.get(pause.reason) if pause.to_at is None else None
        if same:
            ends = [each.until_at for each in (same, pause)]
            same.from_at = min(same.from_at, pause.from_at)
            same.until_at = None if None in ends else max(end for end in ends if end)
            same.save(update_fields=["from_at", "until_at"])
        else:
            mine.pauses.create(
                reason=pause.reason,
                from_at=pause.from_at,
                until_at=pause.until_at,
                to_at=pause.to_at,
                made_by=pause.made_by,
            )
    mine.write(**pausing.standing_of_pauses(mine))


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


def _start_again(clock: Clock, *, at: datetime) -> Clock:
    clock.lock(at)
    clock.write(state=ClockState.RUNNING, started_at=at)
    clock.write(**clock.planned_moments())
    clock.write(next_check_at=clock.next_moment())
    clock.segments.create(holder=clock.holder, from_at=at)
    clock.record(ClockEventKind.STARTED, happened_at=at, at=at)
    return clock


def _team_of(side: str) -> Team | None:
    return Team.objects.filter(kind=side).order_by("id").first()
