"""What an act on a lead may change in this room, and what the hand-off's history says when it is undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handoff.models import AttemptTakenBack, BriefDraft, ContactAttempt, EventKind, Handoff, Return
from leads import undoing
from leads.models import Act, Lead
from leads.signals import act_undone
from leads.taking_back import undone_words
from smarketing.accounts.models import User

HANDOFF = [
    "state",
    "receiver_id",
    "received_at",
    "asked_at",
    "question",
    "replied_at",
    "reply_text",
    "accepted_at",
    "returned_at",
    "return_reason",
    "return_note",
    "first_attempt_at",
    "first_conversation_at",
    "first_contact_at",
    "attempts",
    "closed_at",
    "outcome",
    "duplicate_of_id",
]
RETURN = ["state", "settled_at", "settled_by_id", "settlement", "contest_words", "decided_at"]


def register() -> None:
    undoing.keep(Handoff, lambda lead: Handoff.objects.filter(lead=lead), HANDOFF, take_back=withdraw)
    undoing.keep(Return, lambda lead: Return.objects.filter(handoff__lead=lead), RETURN)
    undoing.keep(
        ContactAttempt,
        lambda lead: ContactAttempt.objects.filter(handoff__lead=lead),
        [],
        take_back=take_attempt_back,
    )


def withdraw(handoff: Handoff, *, by: User, at: datetime) -> None:
    """The brief is a draft again, so that nothing that was written is lost."""
    handoff.withdraw(by=by, at=at)
    items = list(handoff.brief_items.all())
    BriefDraft.objects.update_or_create(
        lead_id=handoff.lead_id,
        person=by,
        defaults={
            "texts": {item.key: item.text for item in items},
            "waived": {item.key: item.waived_reason for item in items if item.waived_reason},
            "kept_at": at,
        },
    )


def take_attempt_back(attempt: ContactAttempt, *, by: User, at: datetime) -> None:
    AttemptTakenBack.objects.create(attempt=attempt, taken_back_at=at, taken_back_by=by)


@receiver(act_undone)
def tell_the_handoff(act: Act, lead: Lead, by: User, at: datetime, **_more: Any) -> None:
    for key in act.changes.get(Handoff._meta.label, {}):
        Handoff.objects.get(pk=key)._record(EventKind.UNDONE, by=by, at=at, note=undone_words(act))
