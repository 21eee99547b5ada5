"""What happens to a hand-off starts, stops, holds and passes on its clocks, inside the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handoff import signals
from handoff.models import ContactAttempt, ContactCounts, Handoff
from sla import clocks, reclassing
from sla.models import Clock, Measure, Pause, PauseReason
from sla.scorecard import responding
from smarketing.accounts.models import Side, User


@receiver(signals.handoff_sent)
def start_clocks(handoff: Handoff, at: datetime, **_: Any) -> None:
    clocks.start_for(handoff, at=at)


@receiver(signals.handoff_received)
def pass_clocks_on(handoff: Handoff, at: datetime, receiver: User | None, **more: Any) -> None:
    for clock in _clocks_of(handoff, Side.SALES).open():
        clock.reassign(receiver, by=more.get("by"), at=at)


@receiver(signals.handoff_accepted)
def stop_answer_when_accepted(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """Whoever accepts from the pool holds the clocks from then on."""
    for clock in _clocks_of(handoff, Side.SALES):
        clock.reassign(handoff.receiver, by=by, at=at)
        if clock.measure == Measure.ANSWER:
            clock.stop(occurred_at=at, by=by, at=at)


@receiver(signals.handoff_returned)
def stop_when_returned(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """A return is an answer; no first contact is owed any more, and the lead is with marketing."""
    for clock in _clocks_of(handoff):
        if clock.measure == Measure.ANSWER:
            clock.stop(occurred_at=at, by=by, at=at)
        else:
            clock.cancel(by=by, at=at)
    clocks.start_for_marketing(handoff, Measure.RETURN, at=at)


@receiver(signals.return_settled)
def stop_return_when_settled(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """Sent again, contested or recycled: marketing dealt with it."""
    for clock in _clocks_of(handoff, Side.MARKETING).filter(measure=Measure.RETURN):
        clock.stop(occurred_at=at, by=by, at=at)


@receiver(signals.contest_decided)
def run_again_when_upheld(
    handoff: Handoff, at: datetime, upheld: bool, by: User | None = None, **_: Any
) -> None:
    """Back with sales: what the return ended runs again, without the time that the lead was with marketing."""
    returned = handoff.returns.order_by("-id").first()
    if not upheld or returned is None:
        return
    for clock in _clocks_of(handoff, Side.SALES):
        if clock.measure == Measure.ANSWER and not handoff.is_unanswered:
            continue
        Pause.objects.create(
            clock=clock,
            reason=PauseReason.MARKETING_ANSWERS,
            from_at=max(returned.returned_at, clock.started_at),
            to_at=at,
            made_by=by,
        )
        clock.reopen(by=by, at=at)


@receiver(signals.information_asked)
def hold_while_marketing_answers(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """The clock passes to marketing: those of sales stand still, and one of marketing's runs."""
    for clock in _clocks_of(handoff, Side.SALES).open():
        clock.pause(PauseReason.MARKETING_ANSWERS, by=by, at=at)
    clocks.start_for_marketing(handoff, Measure.QUESTION, at=at)


@receiver(signals.information_given)
def go_on_after_the_answer(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """Also when sales did not wait for it: then no answer is owed any more."""
    for clock in _clocks_of(handoff).open():
        if clock.measure != Measure.QUESTION:
            clock.resume(PauseReason.MARKETING_ANSWERS, by=by, at=at)
        elif handoff.replied_at:
            clock.stop(occurred_at=handoff.replied_at, by=by, at=at)
        else:
            clock.cancel(by=by, at=at)


@receiver(signals.contact_logged)
def stop_at_contact(handoff: Handoff, attempt: ContactAttempt, at: datetime, **_: Any) -> None:
    """Whoever contacts the lead has answered the hand-off too, at that moment."""
    for clock in _clocks_of(handoff, Side.SALES):
        if clock.measure == Measure.ANSWER or _counts(attempt, clock):
            clock.stop(occurred_at=attempt.occurred_at, by=attempt.made_by, at=at)
        if clock.measure == Measure.FIRST_CONTACT:
            responding.learn(handoff, clock)


@receiver(signals.class_changed)
def measure_the_promise_for_its_class(
    handoff: Handoff, at: datetime, reason: str, by: User | None = None, **_: Any
) -> None:
    reclassing.reclass_for(handoff, reason, by=by, at=at)


@receiver(signals.duplicate_confirmed)
def merge_its_clocks(handoff: Handoff, kept: Handoff, at: datetime, by: User, **_: Any) -> None:
    """What was promised of either is promised of the one that goes on; that it was looked at holds nothing any more."""
    clocks.merge(kept, handoff, by=by, at=at)
    for clock in _clocks_of(kept, Side.SALES).open():
        clock.resume(PauseReason.DUPLICATE_REVIEW, by=by, at=at)


@receiver(signals.handoff_closed)
def cancel_what_still_runs(handoff: Handoff, at: datetime, **more: Any) -> None:
    for clock in _clocks_of(handoff).open():
        clock.cancel(by=more.get("by"), at=at)


def _clocks_of(handoff: Handoff, side: str = "") -> Any:
    # Always in the same order, so that two acts on one hand-off wait for each other instead of deadlocking.
    clocks_of_it = Clock.objects.filter(handoff=handoff)
    if side:
        clocks_of_it = clocks_of_it.of_side(side)
    return clocks_of_it.select_related("agreement", "calendar_version").order_by("id")


def _counts(attempt: ContactAttempt, clock: Clock) -> bool:
    return clock.agreement.contact_counts == ContactCounts.ATTEMPT or attempt.is_conversation
