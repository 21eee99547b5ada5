"""Sales asks for information and marketing answers, once: the clock goes to marketing and comes back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handoff import errors, signals
from handoff.models import EventKind, Handoff, HandoffEvent, State
from leads import undoing

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@undoing.can_be_undone("ASK", _("Asked for information"))
@transaction.atomic
def ask(handoff: Handoff, question: str, *, by: User, at: datetime) -> HandoffEvent:
    """`Handoff.ask` is the name by which others call it."""
    question = question.strip()
    if not question:
        raise errors.WordsNeeded
    asked = handoff._update(
        Q(receiver=handoff.receiver, state=State.SENT, asked_at=None),
        state=State.ASKED,
        asked_at=at,
        question=question,
    )
    if not asked:
        handoff.refresh_from_db()
        if handoff.asked_at and handoff.state == State.SENT:
            raise errors.AlreadyAsked
        raise handoff._conflict(errors.AlreadyAnswered)
    event = handoff._record(EventKind.ASKED, by=by, at=at, note=question)
    signals.information_asked.send(sender=Handoff, handoff=handoff, at=at, by=by)
    return event


@undoing.can_be_undone("REPLY", _("Answered the question"))
@transaction.atomic
def reply(handoff: Handoff, text: str, *, by: User, at: datetime) -> HandoffEvent:
    """`Handoff.reply` is the name by which others call it."""
    text = text.strip()
    if not text:
        raise errors.WordsNeeded
    if not handoff._update(Q(state=State.ASKED), state=State.SENT, replied_at=at, reply_text=text):
        raise handoff._conflict(errors.NothingAsked)
    event = handoff._record(EventKind.REPLIED, by=by, at=at, note=text)
    signals.information_given.send(sender=Handoff, handoff=handoff, at=at, by=by)
    return event
