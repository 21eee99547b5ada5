"""What a rep must know before he dials, on one page. Missing parts of the brief show as missing, so that marketing sees the gap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from handoff.drafting import Completeness, completeness_of
from handoff.models import BEFORE_CONTACT, BriefItem, Handoff
from handoff.one_page import Page, Points, Text, fitted
from leads import local_time, timeline
from leads.local_time import LocalTime
from leads.models import Contact, Lead, Qualification
from leads.tidying import phone_in_groups
from leads.timeline import Entry, Group

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LAST_CONTACTS = 5
FIRST = 2  # items of the brief that stand above all others
ASKED = _("Asked and answered")
REFUSAL = re.compile(r"^\s*(no|nee|none|geen|false|0)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """Of one lead. Without a hand-off it has no brief; the rest is there."""

    lead: Lead
    handoff: Handoff | None
    brief: list[BriefItem]
    verdict: Qualification | None
    local: LocalTime | None = None  # where the lead is, when the clock says something else there
    last_contacts: list[Entry] = field(default_factory=list)
    can_be_prepared: bool = False

    @property
    def contact(self) -> Contact:
        return self.lead.contact

    @property
    def may_call(self) -> bool:
        return may_call(self.contact)

    @property
    def phone(self) -> str:
        return phone_in_groups(self.contact.phone)

    @property
    def first_items(self) -> list[tuple[BriefItem, Text]]:
        """Why now and what they want, or whatever the agreement asks first; beside each what is printed of it."""
        return list(zip(self.brief[:FIRST], self.paper.first, strict=True))

    @property
    def other_items(self) -> list[tuple[BriefItem, Text]]:
        return list(zip(self.brief[FIRST:], self.paper.right, strict=True))

    @property
    def contacts_on_paper(self) -> int:
        return len(self.last_contacts) - self.paper.contacts.cut

    @property
    def questions_on_paper(self) -> int:
        return len(self.to_ask) - self.paper.questions.cut

    @property
    def completeness(self) -> Completeness:
        return completeness_of(self.brief)

    @property
    def criteria(self) -> list[dict[str, Any]]:
        return self.verdict.lines if self.verdict else []

    @property
    def not_printed(self) -> set[str]:
        """Keys of the criteria for which paper has no room."""
        met, others = _parted(self.criteria)
        kept = (met, self.paper.met), (others, self.paper.open)
        return {line["key"] for lines, points in kept for line in lines[len(lines) - points.cut :]}

    @cached_property
    def paper(self) -> Page:
        """What is printed of it."""
        texts = [Text(item.label, item.text or item.waived_reason) for item in self.brief]
        met, others = _parted(self.criteria)
        handoff = self.handoff
        page = Page(
            head=self._head_in_lines(),
            first=texts[:FIRST],
            right=texts[FIRST:],
            met=Points([line["label"] for line in met], least=0),
            open=Points([line["label"] for line in others]),
            questions=Points(self.to_ask),
            override=self.verdict.override_reason if self.verdict else "",
            asked=Text(str(ASKED), f"{handoff.question} {handoff.reply_text}")
            if handoff and handoff.reply_text
            else None,
            contacts=Points([str(entry.title) for entry in self.last_contacts], least=1),
        )
        return fitted(page)

    def _head_in_lines(self) -> float:
        role = f"{self.contact.job_title} {self.lead.company or ''} {self.lead.company.city if self.lead.company else ''}"
        consent = f"{self.contact.email} {self.contact.language} {self.contact.consent}"
        more = sum(
            len(text) // letters for text, letters in ((str(self.lead), 36), (role, 48), (consent, 56))
        )
        return 5 + 0.6 * (more + (self.local is not None)) + 3 * (not self.may_call)

    @cached_property
    def to_ask(self) -> list[str]:
        """What people could not answer yet, as the criteria say it is found out."""
        hints = {}
        if self.verdict and self.verdict.criteria_set:
            hints = {line.key: line.hint for line in self.verdict.criteria_set.criteria.all()}
        return [
            hints.get(line["key"]) or line["label"]
            for line in self.criteria
            if str(line["answer"]).upper() == "UNKNOWN" and str(line["kind"]).upper() == "SOFT"
        ]

    @property
    def number(self) -> str:
        return f"{self.lead.pk}-{self.handoff.cycle}" if self.handoff else str(self.lead.pk)


def may_call(contact: Contact) -> bool:
    """Nobody is called who asked not to be, or whose permission says no."""
    return contact.may_be_contacted and not REFUSAL.match(contact.consent)


def of(leads: Sequence[Lead], *, reader: User, at: datetime) -> list[Sheet]:
    """The sheets of these leads, in this order."""
    handoffs = _latest_handoffs(leads)
    return [_sheet(lead, handoffs.get(lead.pk), reader, at) for lead in leads]


def left_empty(leads: Sequence[Lead]) -> dict[int, list[str]]:
    """For each of these leads that was handed over, the labels of what its brief does not tell."""
    return {
        lead_id: [item.label for item in _in_order(handoff) if not item.text]
        for lead_id, handoff in _latest_handoffs(leads).items()
    }


def _latest_handoffs(leads: Sequence[Lead]) -> dict[int, Handoff]:
    rows = (
        Handoff.objects.standing()
        .filter(lead__in=leads)
        .select_related("sender", "receiver", "receiving_team", "qualification__criteria_set")
        .prefetch_related("brief_items", "qualification__criteria_set__criteria")
        .order_by("cycle")
    )
    return {handoff.lead_id: handoff for handoff in rows}


def _sheet(lead: Lead, handoff: Handoff | None, reader: User, at: datetime) -> Sheet:
    if handoff:
        handoff.lead = lead
    return Sheet(
        lead=lead,
        handoff=handoff,
        brief=_in_order(handoff) if handoff else [],
        verdict=handoff.qualification if handoff else None,
        local=local_time.there(
            at,
            zone=lead.facts.get(local_time.FACT),
            country=lead.company.country if lead.company else "",
            city=lead.company.city if lead.company else "",
        ),
        last_contacts=_last_contacts(lead),
        can_be_prepared=bool(
            handoff
            and handoff.receiver_id == reader.pk
            and handoff.state in BEFORE_CONTACT
            and handoff.prepared_at is None
            and handoff.first_attempt_at is None
        ),
    )


def _in_order(handoff: Handoff) -> list[BriefItem]:
    return sorted(handoff.brief_items.all(), key=lambda item: item.position)


def _parted(criteria: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those that are met, and the others."""
    met = [line for line in criteria if str(line["answer"]).upper() == "YES"]
    return met, [line for line in criteria if line not in met]


def _last_contacts(lead: Lead) -> list[Entry]:
    """What the lead did and what we said to it, newest first."""
    entries = [
        entry
        for group in (Group.TOUCHES, Group.TALKS)
        for entry in timeline.page(lead, group=group, limit=LAST_CONTACTS).entries
    ]
    return sorted(entries, key=lambda entry: entry.order, reverse=True)[:LAST_CONTACTS]
