"""Logging that somebody of sales tried to reach the lead. When it occurred decides, not when it was logged nor in which order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff import errors, signals
from handoff.models import (
    OPEN_STATES,
    Channel,
    ContactAttempt,
    EventKind,
    Handoff,
    Outcome,
    Result,
    State,
)
from leads import activities, closing, next_steps, undoing
from leads.models import Activity, ActivityKind, Lead, Stage, StageChange

if TYPE_CHECKING:
    from smarketing.accounts.models import User

KIND_OF = {
    Channel.CALL: ActivityKind.CALL,
    Channel.MAIL: ActivityKind.EMAIL,
    Channel.MEETING: ActivityKind.MEETING,
}


@undoing.can_be_undone("CONTACT", gettext_lazy("Contact logged"))
@transaction.atomic
def log_for(
    lead: Lead,
    channel: str,
    result: str,
    *,
    occurred_at: datetime | None = None,
    note: str = "",
    next_step: str = "",
    next_step_at: datetime | None = None,
    by: User,
    at: datetime,
) -> ContactAttempt | Activity:
    """The contact is kept with the lead's hand-off, or on its timeline when it has none, and the next step is planned.

    Raises NotAContactMoment, AlreadyAnswered, NotAhead.
    """
    handoff = _handoff_at(lead, occurred_at, at=at)
    if handoff:
        kept: ContactAttempt | Activity = handoff.log_contact(
            channel, result, occurred_at=occurred_at, note=note, by=by, at=at
        )
    else:
        kept = _log_without_handoff(
            lead, channel, result, occurred_at=occurred_at or at, note=note, by=by, at=at
        )
    if next_step_at:
        next_steps.plan(lead, next_step, due_at=next_step_at, by=by, at=at)
    else:
        next_steps.clear_when_done(lead, at=at)
    return kept


@undoing.can_be_undone("CONTACT", gettext_lazy("Contact logged"))
@transaction.atomic
def log(
    handoff: Handoff,
    channel: str,
    result: str,
    *,
    occurred_at: datetime | None,
    note: str,
    by: User,
    at: datetime,
) -> ContactAttempt:
    """One attempt more; the first moments are the earliest ever logged. `Handoff.log_contact` is the name by which others call it.

    Told of a hand-off that is closed by now, it counts like any other, but moves no lead: that came to its outcome.
    """
    channel, result = Channel(channel), Result(result)
    occurred_at = occurred_at or at
    _refuse_impossible(occurred_at, handoff, at=at)
    handoff._lock_lead()
    handoff.refresh_from_db(
        fields=["state", "outcome", "receiver", "received_at", "accepted_at", "closed_at", "first_contact_at"]
    )
    if handoff.state == State.CLOSED:
        _refuse_too_late(handoff, occurred_at, at=at)
    elif handoff.is_unanswered:
        handoff.accept(by=by, at=at, occurred_at=occurred_at)
    was_contacted = handoff.first_contact_at is not None
    attempt = handoff.contact_attempts.create(
        channel=channel, result=result, occurred_at=occurred_at, made_by=by, note=note.strip()
    )
    _keep_the_earliest(handoff, attempt)
    if handoff.first_contact_at and handoff.state == State.ACCEPTED:
        _first_contact_made(handoff, handoff.first_contact_at, by=by)
    elif handoff.state == State.CLOSED:
        _tell_the_closed(handoff, occurred_at, was_contacted=was_contacted, by=by)
    Lead.objects.filter(pk=handoff.lead_id).update(
        last_activity_at=Greatest("last_activity_at", Value(occurred_at))
    )
    signals.contact_logged.send(sender=Handoff, handoff=handoff, attempt=attempt, at=at)
    return attempt


def is_to_be_contacted(lead: Lead) -> bool:
    """Sales has it, or is offered it, and nobody has tried to reach it."""
    handoff = Handoff.objects.open().filter(lead=lead).only("attempts").first()
    return handoff.attempts == 0 if handoff else lead.stage == Stage.ACCEPTED


@undoing.can_be_undone("DISQUALIFY", gettext_lazy("Disqualified"))
@transaction.atomic
def disqualify_after(
    lead: Lead, reason: str, *, channel: str, result: str, by: User, at: datetime
) -> StageChange:
    """The contact that showed it is logged, and the lead is not a fit: both or neither."""
    log_for(lead, channel, result, by=by, at=at)
    lead.refresh_from_db(fields=["stage", "accepted_at", "contacted_at", "version"])
    return closing.disqualify(lead, reason, by=by, at=at)


def _refuse_impossible(occurred_at: datetime, handoff: Handoff, *, at: datetime) -> None:
    if occurred_at > at:
        raise errors.NotAContactMoment(_("A contact cannot lie in the future."))
    if occurred_at < handoff.sent_at:
        raise errors.NotAContactMoment(
            _("The lead was handed over %(moment)s; a contact before that does not count.")
            % {"moment": errors.spoken(handoff.sent_at)}
        )


def _handoff_at(lead: Lead, occurred_at: datetime | None, *, at: datetime) -> Handoff | None:
    """The hand-off to which a contact of that moment belongs: the open one, or one that was closed since, while it may still be told."""
    rows = Handoff.objects.filter(lead=lead).select_related("rules", "receiver")
    standing = rows.open().first()
    if occurred_at is None or (standing and standing.sent_at <= occurred_at):
        return standing
    ended = (
        rows.filter(state=State.CLOSED, sent_at__lte=occurred_at, closed_at__gte=occurred_at)
        .exclude(outcome=Outcome.DUPLICATE)
        .latest_first()
        .first()
    )
    return ended if ended and at - occurred_at <= ended.rules.late_logging_span else standing


def _refuse_too_late(handoff: Handoff, occurred_at: datetime, *, at: datetime) -> None:
    """Before it was closed, and not longer ago than the agreement allows. Of a duplicate it is told with the hand-off that went on."""
    is_duplicate = handoff.outcome == Outcome.DUPLICATE
    if is_duplicate or handoff.closed_at is None or occurred_at > handoff.closed_at:
        raise handoff._conflict(errors.AlreadyAnswered)
    if at - occurred_at > handoff.rules.late_logging_span:
        raise errors.NotAContactMoment(
            _("This hand-off is closed; a contact is told at most %(hours)s h after it was made.")
            % {"hours": handoff.rules.late_logging_hours}
        )


def _tell_the_closed(handoff: Handoff, occurred_at: datetime, *, was_contacted: bool, by: User) -> None:
    """Whoever contacts a lead has answered its hand-off, also when that is told afterwards."""
    if handoff.accepted_at is None:
        handoff._update(Q(state=State.CLOSED), accepted_at=occurred_at)
        handoff._record(EventKind.ACCEPTED, by=by, at=occurred_at)
    if handoff.first_contact_at and not was_contacted:
        handoff._record(EventKind.CONTACTED, by=by, at=handoff.first_contact_at)


def _keep_the_earliest(handoff: Handoff, attempt: ContactAttempt) -> None:
    moments = {"first_attempt_at": Least(F("first_attempt_at"), Value(attempt.occurred_at))}
    if attempt.is_conversation:
        moments["first_conversation_at"] = Least(F("first_conversation_at"), Value(attempt.occurred_at))
    counted = handoff.rules.first_contact_of("first_attempt_at", "first_conversation_at")
    if counted in moments:
        moments["first_contact_at"] = moments[counted]
    told = [*OPEN_STATES, State.CLOSED]
    if not Handoff.objects.filter(pk=handoff.pk, state__in=told).update(
        attempts=F("attempts") + 1, **moments
    ):
        raise handoff._conflict(errors.AlreadyAnswered)
    handoff.refresh_from_db(
        fields=["attempts", "first_attempt_at", "first_conversation_at", "first_contact_at"]
    )


def _first_contact_made(handoff: Handoff, first: datetime, *, by: User) -> None:
    """The lead stands at contacted, at the earliest from its acceptance on; the promise is judged by `first_contact_at`."""
    moment = max(first, handoff.accepted_at or first)
    if handoff._update(Q(state=State.ACCEPTED), state=State.CONTACTED):
        lead: Lead = handoff.lead
        if lead.stage == Stage.ACCEPTED:
            lead.mark_contacted(by=by, at=moment)
        handoff._record("CONTACTED", by=by, at=first)


def _log_without_handoff(
    lead: Lead, channel: str, result: str, *, occurred_at: datetime, note: str, by: User, at: datetime
) -> Activity:
    """A lead that came to sales before this product did, by an import: the stage moves the same way."""
    if occurred_at > at:
        raise errors.NotAContactMoment(_("A contact cannot lie in the future."))
    if lead.stage == Stage.ACCEPTED:
        lead.mark_contacted(by=by, at=max(occurred_at, lead.accepted_at or occurred_at))
    return activities.log(
        lead,
        KIND_OF[Channel(channel)],
        by=by,
        at=at,
        occurred_at=occurred_at,
        title=str(Result(result).label),
        body=note,
    )
