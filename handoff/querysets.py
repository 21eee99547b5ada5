"""Sets of hand-offs, as adjectives that chain."""

from __future__ import annotations

from typing import Any

from django.db import models

from handoff.models.state import OPEN_STATES, UNANSWERED_STATES, State


class HandoffQuerySet(models.QuerySet[Any]):
    def open(self) -> HandoffQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def unanswered(self) -> HandoffQuerySet:
        return self.filter(state__in=UNANSWERED_STATES)

    def standing(self) -> HandoffQuerySet:
        """Those that nobody took back."""
        return self.exclude(state=State.WITHDRAWN)

    def in_pool(self) -> HandoffQuerySet:
        """Waiting for anybody of sales to claim it."""
        return self.unanswered().filter(receiver=None)

    def received_by(self, person: Any) -> HandoffQuerySet:
        return self.filter(receiver=person)

    def sent_by(self, person: Any) -> HandoffQuerySet:
        return self.filter(sender=person)

    def latest_first(self) -> HandoffQuerySet:
        return self.order_by("-sent_at", "-id")

    def longest_waiting_first(self) -> HandoffQuerySet:
        return self.order_by("sent_at", "id")

    def for_list(self) -> HandoffQuerySet:
        """With everything that a row of a list shows."""
        return self.select_related(
            "lead__contact",
            "lead__company",
            "lead__source",
            "lead__campaign",
            "sender",
            "receiver",
            "receiving_team",
        )

    def for_rows(self) -> HandoffQuerySet:
        """With what a row of a long list shows, and nothing else: fifty whole hand-offs cost more to load than to show."""
        of_handoff = (
            "state", "hot", "sent_at", "accepted_at", "returned_at", "closed_at", "first_attempt_at", "first_contact_at", "prepared_at",
            "return_reason", "outcome", "attempts", "cycle",
        )  # fmt: skip
        people = [
            f"{who}__{name}"
            for who in ("sender", "receiver")
            for name in ("first_name", "last_name", "email")
        ]
        of_lead = [
            "stage",
            "contact__first_name",
            "contact__last_name",
            "contact__email",
            "company__name",
            "source__name",
        ]
        return self.select_related(
            "lead__contact", "lead__company", "lead__source", "lead__opportunity", "sender", "receiver"
        ).only(
            *of_handoff,
            *people,
            *(f"lead__{name}" for name in of_lead),
            "lead__opportunity__amount",
            "lead__opportunity__currency",
            "lead__opportunity__won_at",
        )
