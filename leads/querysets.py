"""Sets of leads, as adjectives that chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from leads.searching import words_query

MOMENTS = ("mql_at", "sql_at", "accepted_at", "contacted_at", "opportunity_at", "customer_at", "closed_at")


class LeadQuerySet(models.QuerySet[Any]):
    matches_many = False  # searched for words that more than `finding.FEW` contacts have

    def _clone(self) -> Any:
        clone = super()._clone()  # type: ignore[misc]
        clone.matches_many = self.matches_many
        return clone

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
        """Each word of `text` begins a word of the contact's name, company, e-mail or phone. Looks at once how many contacts that are."""
        from leads import finding

        found = finding.contacts_like(text)
        if found.contacts is not None:
            return self.filter(contact__in=found.contacts)
        common = self.filter(contact__search=words_query(text))
        common.matches_many = True
        return common

    def newest_first(self) -> LeadQuerySet:
        return self.order_by("-captured_at", "-id")

    def for_rows(self) -> LeadQuerySet:
        """With what a row of the long list shows, and nothing else: fifty whole leads cost more to load than to show."""
        of_contact = ("first_name", "last_name", "email", "job_title")
        shown = (
            "stage",
            "captured_at",
            "hot_at",
            "next_step",
            "next_step_at",
            "company__name",
            "source__key",
            "source__name",
        )
        of_owner = ("first_name", "last_name", "email")
        return self.select_related("contact", "company", "source", "campaign", "owner").only(
            *shown,
            *MOMENTS,
            "campaign__name",
            *(f"contact__{name}" for name in of_contact),
            *(f"owner__{name}" for name in of_owner),
        )

    def for_api(self) -> LeadQuerySet:
        """With everything that other software reads of a lead."""
        return self.select_related("contact", "company", "source", "campaign", "owner", "marketer")

    def for_list(self) -> LeadQuerySet:
        """With everything that a row of a list shows, and without the text vector of the search."""
        return self.select_related("contact", "company", "source", "campaign", "owner").defer(
            "contact__search"
        )
