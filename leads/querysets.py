"""Sets of leads, as adjectives that chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from leads.searching import words_query


class LeadQuerySet(models.QuerySet[Any]):
    def open(self) -> LeadQuerySet:
        from leads.models.lead import OPEN_STAGES

        return self.filter(stage__in=OPEN_STAGES)

    def owned_by(self, person: Any) -> LeadQuerySet:
        return self.filter(owner=person)

    def captured_in(self, start: datetime, end: datetime) -> LeadQuerySet:
        """Captured in the half-open period [start, end)."""
        return self.filter(captured_at__gte=start, captured_at__lt=end)

    def reached(self, stage: str) -> LeadQuerySet:
        """Reached this stage of the main line or a later one, wherever they stand now."""
        from leads.models.lead import MAIN_LINE, MOMENT_OF

        beyond = models.Q()
        for further in MAIN_LINE[MAIN_LINE.index(stage) :]:  # type: ignore[arg-type]
            beyond |= models.Q(**{f"{MOMENT_OF[further]}__isnull": False})
        return self.filter(beyond)

    def matching(self, text: str) -> LeadQuerySet:
        """Each word of `text` begins a word of the contact's name, company, e-mail or phone."""
        query = words_query(text)
        return self.filter(contact__search=query) if query else self.none()

    def newest_first(self) -> LeadQuerySet:
        return self.order_by("-captured_at", "-id")

    def for_list(self) -> LeadQuerySet:
        """With everything that a row of a list shows, and without the text vector of the search."""
        return self.select_related("contact", "company", "source", "campaign", "owner").defer(
            "contact__search"
        )
