"""What a rep must know before he dials, on one page. Missing parts of the brief show as missing, so that marketing sees the gap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from handoff.drafting import Completeness, completeness_of
from handoff.models import BEFORE_CONTACT, BriefItem, Handoff
from leads import timeline
from leads.models import Contact, Lead, Qualification
from leads.timeline import Entry, Group

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LAST_CONTACTS = 5
REFUSAL = re.compile(r"^\s*(no|nee|none|geen|false|0)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """Of one lead. Without a hand-off it has no brief; the rest is there."""

    lead: Lead
    handoff: Handoff | None
    brief: list[BriefItem]
    verdict: Qualification | None
    last_contacts: list[Entry] = field(default_factory=list)
    can_be_prepared: bool = False

    @property
    def contact(self) -> Contact:
        return self.lead.contact

    @property
    def may_call(self) -> bool:
        return may_call(self.contact)

    @property
    def first_items(self) -> list[BriefItem]:
        """Why now and what they want, or whatever the agreement asks first."""
        return self.brief[:2]

    @property
    def other_items(self) -> list[BriefItem]:
        return self.brief[2:]

    @property
    def completeness(self) -> Completeness:
        return completeness_of(self.brief)

    @property
    def criteria(self) -> list[dict[str, Any]]:
        return self.verdict.lines if self.verdict else []

    @property
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


def of(leads: Sequence[Lead], *, reader: User) -> list[Sheet]:
    """The sheets of these leads, in this order."""
    handoffs = _latest_handoffs(leads)
    return [_sheet(lead, handoffs.get(lead.pk), reader) for lead in leads]


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


def _sheet(lead: Lead, handoff: Handoff | None, reader: User) -> Sheet:
    if handoff:
        handoff.lead = lead
    return Sheet(
        lead=lead,
        handoff=handoff,
        brief=_in_order(handoff) if handoff else [],
        verdict=handoff.qualification if handoff else None,
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


def _last_contacts(lead: Lead) -> list[Entry]:
    """What the lead did and what we said to it, newest first."""
    entries = [
        entry
        for group in (Group.TOUCHES, Group.TALKS)
        for entry in timeline.page(lead, group=group, limit=LAST_CONTACTS).entries
    ]
    return sorted(entries, key=lambda entry: entry.order, reverse=True)[:LAST_CONTACTS]
