"""Sets of leads, as adjectives that chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from leads.models.stage import MAIN_LINE, MOMENT_OF, OPEN_STAGES
from leads.searching import all_of

MOMENTS = ("mql_at", "sql_at", "accepted_at", "contacted_at", "opportunity_at", "customer_at", "closed_at")


class LeadQuerySet(models.QuerySet[Any]):
    matches_many = False  # searched for words that more than `finding.FEW` contacts have
    is_searched = (
        False  # searched for rarer words: reading a page and counting cost the same, so it is done in one
    )

    def _clone(self) -> Any:
        clone = super()._clone()  # type: ignore[misc]
        clone.matches_many, clone.is_searched = self.matches_many, self.is_searched
        return clone

    def open(self) -> LeadQuerySet:
        return self.filter(stage__in=OPEN_STAGES)

    def owned_by(self, person: Any) -> LeadQuerySet:
        return self.filter(owner=person)

    def captured_in(self, start: datetime, end: datetime) -> LeadQuerySet:
        """Captured in the half-open period [start, end)."""
        return self.filter(captured_at__gte=start, captured_at__lt=end)

    def reached(self, stage: str) -> LeadQuerySet:
        """Reached this stage of the main line or a later one, wherever they stand now."""
        beyond = models.Q()
        for further in MAIN_LINE[MAIN_LINE.index(stage) :]:  # type: ignore[arg-type]
            beyond |= models.Q(**{f"{MOMENT_OF[further]}__isnull": False})
        return self.filter(beyond)

    def matching(self, text: str) -> LeadQuerySet:
        """Each word of `text` begins a word of the contact's name, company, e-mail or phone. Looks at once how common the words are."""
        from leads import finding

        plan = finding.plan_for(text)
        if plan is None:
            return self.none()
        if plan.walk:
            found = self.filter(finding.Tested(models.F("contact__search"), all_of(plan.words)))
        else:
            found = self.filter(finding.AnyOf("contact_id", plan.contacts()))
        found.matches_many, found.is_searched = plan.walk, not plan.walk
        return found

    def newest_first(self) -> LeadQuerySet:
        return self.order_by("-captured_at", "-id")

    def for_api(self) -> LeadQuerySet:
        """With everything that other software reads of a lead."""
        return self.select_related("contact", "company", "source", "campaign", "owner", "marketer")

    def for_page(self) -> LeadQuerySet:
        """With everything that the page of a lead shows of it."""
        return self.for_list().select_related("marketer", "opportunity")

    def for_list(self) -> LeadQuerySet:
        """With everything that a row of a list shows, and without the text vector of the search."""
        return self.select_related("contact", "company", "source", "campaign", "owner").defer(
            "contact__search"
        )
