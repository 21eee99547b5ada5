"""Erasure keeps the clock without the person: only what colleagues wrote beside it goes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from leads.blacking_out import black_out
from leads.signals import contact_erased
from sla.models import ClockEvent, Dispute


@receiver(contact_erased)
def black_out_clocks(lead_ids: list[int], **_: Any) -> None:
    of_leads = Q(clock__handoff__lead__in=lead_ids)
    black_out(ClockEvent.objects.filter(of_leads), "note")
    black_out(Dispute.objects.filter(of_leads), "reason", "answer")
