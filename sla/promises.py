"""The kinds of promises: who owes each, which fields it needs, how it reads and how it is measured."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from leads.models import Source
from leads.models.opportunity import company_currency
from sla.models.term import TermKind, TermSide
from smarketing import words

if TYPE_CHECKING:
    from sla.models import Agreement, Term

HOUR = 3_600


@dataclass(frozen=True)
class Kind:
    side: str
    needs: tuple[str, ...]
    measured: Any
    example: dict[str, Any]

    @property
    def by_lead(self) -> bool:
        """Measured on leads and hand-offs one by one, so that those of some sources can be left out."""
        return "label" not in self.needs


KINDS: dict[str, Kind] = {
    TermKind.SQLS_DELIVERED: Kind(
        TermSide.MARKETING,
        ("target_count",),
        _("Hand-offs sent in the month."),
        {"target_count": 160},
    ),
    TermKind.SQL_QUALITY: Kind(
        TermSide.MARKETING,
        ("target_share",),
        _("Accepted hand-offs out of all that sales answered, by the month in which they were sent."),
        {"target_share": 80},
    ),
    TermKind.BRIEF_COMPLETE: Kind(
        TermSide.MARKETING,
        ("target_share",),
        _("Hand-offs sent with every demanded item of the brief, out of all sent."),
        {"target_share": 95},
    ),
    TermKind.MARKETING_ANSWER: Kind(
        TermSide.MARKETING,
        ("target_seconds", "target_share"),
        _(
            "Working time of marketing from a question until the reply, and from a return until the lead is sent again, contested or recycled. Open and overdue counts as missed."
        ),
        {"target_seconds": 4 * HOUR, "target_share": 90},
    ),
    TermKind.ANSWER_HANDOFF: Kind(
        TermSide.SALES,
        ("target_seconds", "target_share"),
        _(
            "Working time of sales from the hand-off until it is accepted or returned. A question to marketing holds the clock. Open and overdue counts as missed."
        ),
        {"target_seconds": 2 * HOUR, "target_share": 90},
    ),
    TermKind.FIRST_CONTACT_HOT: Kind(
        TermSide.SALES,
        ("target_seconds", "target_share"),
        _(
            "Working time of sales from the hand-off of a hot lead until the first genuine contact occurred. A question to marketing holds the clock. Open and overdue counts as missed."
        ),
        {"target_seconds": 1 * HOUR, "target_share": 90},
    ),
    TermKind.FIRST_CONTACT_OTHER: Kind(
        TermSide.SALES,
        ("target_seconds", "target_share"),
        _(
            "Working time of sales from the hand-off until the first genuine contact occurred. A question to marketing holds the clock. Open and overdue counts as missed."
        ),
        {"target_seconds": 4 * HOUR, "target_share": 90},
    ),
    TermKind.CONTACT_ATTEMPTS: Kind(
        TermSide.SALES,
        ("target_count", "min_days", "target_share"),
        _(
            "Leads closed as unreachable in the month that had so many attempts over so many days, out of all closed so."
        ),
        {"target_count": 5, "min_days": 7, "target_share": 90},
    ),
    TermKind.CAPACITY: Kind(
        TermSide.SALES,
        ("target_count",),
        _("Hand-offs that sales accepted in the month, against the number it promised to handle."),
        {"target_count": 180},
    ),
    TermKind.CONVERSION: Kind(
        TermSide.JOINT,
        ("target_share", "cohort_months"),
        _("Of the leads captured in a month, the share that had become a customer so many months later."),
        {"target_share": 5, "cohort_months": 6},
    ),
    TermKind.REVENUE: Kind(
        TermSide.JOINT,
        ("target_amount",),
        _("What the leads that became a customer in the period paid."),
        {},
    ),
    TermKind.COST_PER_SQL: Kind(
        TermSide.JOINT,
        ("target_amount",),
        _(
            "What the campaigns cost in the period, by the hand-offs sent in it. A campaign without a cost entered is left out and said so."
        ),
        {},
    ),
    TermKind.OWN: Kind(
        TermSide.JOINT,
        ("label", "target_amount"),
        _("A number that its owner enters each month, with a note."),
        {},
    ),
}

MEASURED_BY_CLOCKS = [
    TermKind.ANSWER_HANDOFF,
    TermKind.FIRST_CONTACT_HOT,
    TermKind.FIRST_CONTACT_OTHER,
    TermKind.MARKETING_ANSWER,
]


def sentence(term: Term) -> str:
    """What is promised, in the words that people sign."""
    share = words.percent(term.target_share / 100) if term.target_share is not None else words.NOTHING
    within = span(term.target_seconds)
    values = {
        "share": share,
        "within": within,
        "count": words.number(term.target_count),
        "period": term.get_period_display(),
        "amount": amount(term.target_amount),
    }
    match term.kind:
        case TermKind.SQLS_DELIVERED:
            return gettext("%(count)s sales-ready leads %(period)s") % values
        case TermKind.SQL_QUALITY:
            return gettext("%(share)s of answered hand-offs are accepted") % values
        case TermKind.BRIEF_COMPLETE:
            return gettext("Brief complete in %(share)s of hand-offs") % values
        case TermKind.MARKETING_ANSWER:
            return gettext("Answer a question or a return within %(within)s, in %(share)s") % values
        case TermKind.CONTACT_ATTEMPTS:
            return gettext(
                "At least %(count)s attempts over %(days)s days before giving up, in %(share)s"
            ) % {**values, "days": words.number(term.min_days)}
        case TermKind.REVENUE:
            return gettext("Revenue of %(amount)s %(period)s") % {**values, "amount": _money(term)}
        case TermKind.COST_PER_SQL:
            return gettext("At most %(amount)s spent per sales-ready lead") % {
                **values,
                "amount": _money(term),
            }
        case TermKind.ANSWER_HANDOFF:
            return gettext("Decide on a hand-off within %(within)s, in %(share)s") % values
        case TermKind.FIRST_CONTACT_HOT:
            return gettext("First contact with a hot lead within %(within)s, in %(share)s") % values
        case TermKind.FIRST_CONTACT_OTHER:
            return gettext("First contact with other leads within %(within)s, in %(share)s") % values
        case TermKind.CAPACITY:
            return gettext("Handle %(count)s hand-offs %(period)s") % values
        case TermKind.CONVERSION:
            months = term.cohort_months or 0
            return ngettext(
                "%(share)s of leads are a customer after %(months)s month",
                "%(share)s of leads are a customer after %(months)s months",
                months,
            ) % {**values, "months": months}
    return gettext("%(label)s: %(amount)s %(period)s") % {**values, "label": term.label}


def how_measured(term: Term) -> str:
    """Built from the fields: what is counted, what counts as contact, and what is left out."""
    told = [str(KINDS[term.kind].measured)]
    if term.kind in (TermKind.FIRST_CONTACT_HOT, TermKind.FIRST_CONTACT_OTHER):
        told.append(f"{term.agreement.get_contact_counts_display()}.")
    if term.excluded_sources:
        told.append(left_out(term))
    return " ".join(told)


def left_out(term: Term) -> str:
    """The exceptions that are data, in words."""
    names = Source.objects.filter(key__in=term.excluded_sources).order_by("name")
    return gettext("Leads from %(sources)s are left out.") % {"sources": ", ".join(map(str, names))}


def problems(term: Term) -> list[Any]:
    missing = [name for name in KINDS[term.kind].needs if getattr(term, name) in (None, "")]
    if not missing:
        return []
    fields = ", ".join(str(term._meta.get_field(name).verbose_name) for name in missing)  # type: ignore[union-attr]
    return [_("“%(term)s” lacks: %(fields)s.") % {"term": term, "fields": fields}]


def span(seconds: int | None) -> str:
    """A target in hours and minutes: a promise says "24 h", whatever the length of a working day."""
    if seconds is None:
        return words.NOTHING
    return words.working_duration(seconds, day=1_000 * HOUR)


def amount(value: Decimal | None) -> str:
    """Without cents where there are none."""
    return words.number(value, 0 if value is None or value == value.to_integral_value() else 2)


def _money(term: Term) -> str:
    value = term.target_amount
    return words.money(
        value, company_currency(), cents=value is not None and value != value.to_integral_value()
    )


def add_examples(draft: Agreement) -> None:
    """The draft gets every built-in promise with a plausible target: something to change rather than an empty page."""
    for position, (kind, about) in enumerate(KINDS.items(), start=1):
        if about.example:
            draft.terms.create(
                kind=kind, key=kind.lower(), side=about.side, position=position, **about.example
            )
