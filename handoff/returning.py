"""Sales gives a lead back before contact, and what marketing does about it: fix it and send it again, contest it, or let it go.

Sending again and letting go are settled by the acts themselves (`sending.send`, the lead that moves), so that every door does it.
A contest is decided by the team leads of both sides together: the newest word of each side counts, and while they differ it stays open.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handoff import errors, signals
from handoff.models import (
    BEFORE_CONTACT,
    NEED_A_NOTE,
    UNSETTLED,
    ContestDecision,
    EventKind,
    Handoff,
    HandoffEvent,
    Outcome,
    Return,
    ReturnReason,
    ReturnState,
    Settlement,
    State,
)
from leads import undoing
from leads.models import Lead, Stage
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@undoing.can_be_undone("RETURN", _("Returned"))
@transaction.atomic
def give_back(handoff: Handoff, reason: str, note: str, *, by: User, at: datetime) -> HandoffEvent:
    """`Handoff.return_` is the name by which others call it."""
    reason, note = ReturnReason(reason), note.strip()
    if reason in NEED_A_NOTE and not note:
        raise errors.NoteNeeded
    handoff._lock_lead()
    before = Handoff.objects.filter(pk=handoff.pk).values_list("state", flat=True).get()
    returned = handoff._update(
        Q(receiver=handoff.receiver, state__in=BEFORE_CONTACT),
        state=State.RETURNED,
        returned_at=at,
        closed_at=at,
        return_reason=reason,
        return_note=note[:500],
        outcome=Outcome.RETURNED,
    )
    if not returned:
        raise handoff._conflict(errors.AlreadyAnswered)
    Return.objects.create(
        handoff=handoff,
        returned_at=at,
        returned_by=by,
        reason=reason,
        note=note[:500],
        state_before=before,
    )
    if handoff.lead.stage == Stage.ACCEPTED:
        handoff.lead.mark_returned(str(reason.label), by=by, at=at)
    event = handoff._record(EventKind.RETURNED, by=by, at=at, note=note or str(reason.label))
    signals.handoff_returned.send(sender=Handoff, handoff=handoff, at=at, by=by)
    return event


def unsettled(lead: Lead) -> Return | None:
    """The return that somebody still has to do something about."""
    return (
        Return.objects.filter(handoff__lead=lead, state__in=UNSETTLED)
        .select_related("handoff", "returned_by")
        .order_by("-id")
        .first()
    )


@undoing.can_be_undone("CONTEST", _("Contested"))
@transaction.atomic
def contest(handoff: Handoff, words: str, *, by: User, at: datetime) -> HandoffEvent:
    """Marketing holds that the lead is what was agreed. The team leads of both sides decide. Raises WordsNeeded, NothingToSettle."""
    words = words.strip()
    if not words:
        raise errors.WordsNeeded
    handoff._lock_lead()
    returned = _of(handoff, [ReturnState.OPEN])
    settled = {"settled_at": at, "settled_by": by, "settlement": Settlement.CONTESTED}
    _move(returned, ReturnState.CONTESTED, contest_words=words[:500], **settled)
    event = handoff._record(EventKind.CONTESTED, by=by, at=at, note=words)
    signals.return_settled.send(sender=Handoff, handoff=handoff, at=at, by=by, how=Settlement.CONTESTED.value)
    return event


@transaction.atomic
def decide(
    handoff: Handoff, *, upheld: bool, words: str = "", by: User, at: datetime
) -> list[ContestDecision]:
    """What a team lead thinks; once both sides think the same, so it is. Who leads both sides speaks for both. Raises NothingToSettle."""
    handoff._lock_lead()
    returned = _of(handoff, [ReturnState.CONTESTED])
    decisions = [
        ContestDecision.objects.create(
            returned=returned,
            side=side,
            upheld=upheld,
            words=words.strip()[:500],
            decided_by=by,
            decided_at=at,
        )
        for side in Side
        if by.decides_for(side)
    ]
    if {decision.upheld for decision in standing(returned).values()} == {upheld} and agreed(returned):
        _conclude(handoff, returned, upheld=upheld, by=by, at=at)
    return decisions


def standing(returned: Return) -> dict[str, ContestDecision]:
    """The newest word of each side that has spoken."""
    newest = returned.decisions.select_related("decided_by").order_by("side", "-id").distinct("side")
    return {decision.side: decision for decision in newest}


def agreed(returned: Return) -> bool:
    said = standing(returned)
    return len(said) == len(Side) and len({decision.upheld for decision in said.values()}) == 1


def settle_by_sending(returned: Return, *, by: User | None, at: datetime) -> None:
    """The lead is handed over again: that answers the return."""
    _settle(returned, Settlement.SENT_AGAIN, EventKind.SENT_AGAIN, by=by, at=at)


def settle_by_closing(lead: Lead, *, by: User | None, at: datetime) -> None:
    """Marketing nurtures or discards it; a contest falls away."""
    returned = unsettled(lead)
    if returned is not None:
        _settle(returned, Settlement.RECYCLED, EventKind.LET_GO, by=by, at=at)


# Mechanics


def _of(handoff: Handoff, states: list[ReturnState]) -> Return:
    returned = handoff.returns.filter(state__in=states).order_by("-id").first()
    if returned is None:
        raise handoff._conflict(errors.NothingToSettle)
    return returned


def _move(returned: Return, state: str, **columns: object) -> None:
    """The row is locked by its lead's."""
    Return.objects.filter(pk=returned.pk).update(state=state, **columns)
    for name, value in {**columns, "state": state}.items():
        setattr(returned, name, value)


def _settle(returned: Return, how: Settlement, kind: EventKind, *, by: User | None, at: datetime) -> None:
    first = returned.settled_at is None
    columns = {"settled_at": at, "settled_by": by, "settlement": how} if first else {}
    _move(returned, ReturnState(how.value), **columns)
    returned.handoff._record(kind, by=by, at=at)
    if first:
        signals.return_settled.send(sender=Handoff, handoff=returned.handoff, at=at, by=by, how=how.value)


def _conclude(handoff: Handoff, returned: Return, *, upheld: bool, by: User, at: datetime) -> None:
    _move(returned, ReturnState.UPHELD if upheld else ReturnState.REJECTED, decided_at=at)
    if not upheld:
        handoff._record(EventKind.REJECTED, by=by, at=at)
    else:
        _restore(handoff, returned, by=by, at=at)
    signals.contest_decided.send(sender=Handoff, handoff=handoff, at=at, by=by, upheld=upheld)


def _restore(handoff: Handoff, returned: Return, *, by: User, at: datetime) -> None:
    """Back with the receiver it had, as it stood before; a question that was open has lapsed."""
    before = State.SENT if returned.state_before == State.ASKED else State(returned.state_before)
    restored = handoff._update(
        Q(state=State.RETURNED),
        state=before,
        returned_at=None,
        closed_at=None,
        return_reason="",
        return_note="",
        outcome="",
    )
    if not restored:
        raise handoff._conflict(errors.NothingToSettle)
    if before == State.ACCEPTED and handoff.lead.stage == Stage.SQL:
        rep = handoff.receiver or by
        handoff.lead.mark_accepted(by=rep, at=at)
    handoff._record(EventKind.UPHELD, by=by, at=at)
