"""What hand-offs say of a person in free words goes when the person is erased; states, moments, reasons by choice and findings stay."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from handoff.models import (
    BriefDraft,
    BriefItem,
    ContactAttempt,
    ContestDecision,
    Handoff,
    HandoffEvent,
    Message,
    PoolTurn,
    Return,
)
from leads.blacking_out import black_out
from leads.signals import contact_erased


@receiver(contact_erased)
def black_out_hand_offs(lead_ids: list[int], **_: Any) -> None:
    """A brief item that was given still counts as given."""
    BriefDraft.objects.filter(lead__in=lead_ids).delete()
    of_leads = Q(handoff__lead__in=lead_ids)
    black_out(Handoff.objects.filter(lead__in=lead_ids), "question", "reply_text", "return_note")
    black_out(BriefItem.objects.filter(of_leads), "text", "waived_reason")
    black_out(Message.objects.filter(of_leads), "text")
    black_out(ContactAttempt.objects.filter(of_leads), "note")
    black_out(HandoffEvent.objects.filter(of_leads), "note")
    black_out(PoolTurn.objects.filter(of_leads), "note")
    black_out(Return.objects.filter(of_leads), "note", "contest_words")
    black_out(ContestDecision.objects.filter(returned__handoff__lead__in=lead_ids), "words")
