"""What the page of a lead shows beside its timeline: each fact with the name under which it is edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from leads import editing, tidying
from leads.forms import fact_label
from leads.models import Lead

SHOWN = (
    "phone",
    "email",
    "job_title",
    "company",
    "company_size",
    "industry",
    "country",
    "city",
    "company_domain",
    "source",
    "campaign",
    "language",
    "consent",
)
LINKS = {"phone": "tel:", "email": "mailto:"}


@dataclass(frozen=True)
class Known:
    name: str
    label: Any
    value: Any
    link: str = ""

    @property
    def words(self) -> str:
        """As people read it: a phone number in groups, a list with commas, yes and no."""
        if self.name == "phone":
            return tidying.phone_in_groups(self.value)
        if isinstance(self.value, bool):
            return _("yes") if self.value else _("no")
        if isinstance(self.value, list):
            return ", ".join(map(str, self.value))
        return str(self.value)

    @property
    def id(self) -> str:
        """For an element of the page: swapping the panel keeps the focus by it."""
        return self.name.replace(":", "-").replace(" ", "-")


def about(lead: Lead) -> list[Known]:
    """All that is known, and nothing that is not. A person who does not want contact has no links to call or write."""
    may = lead.contact.may_be_contacted
    columns = [(name, editing.LABELS[name], editing.current(lead, name)) for name in SHOWN]
    named = [(editing.FACT + key, fact_label(key), lead.facts[key]) for key in sorted(lead.facts)]
    return [
        Known(name, label, value, f"{LINKS[name]}{value}" if name in LINKS and may else "")
        for name, label, value in [*columns, *named]
        if value not in (None, "")
    ]
