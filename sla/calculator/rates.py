"""The company's own rates: of the leads that reached a stage in the last months and are decided since, the share that moved on."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import sqrt

from django.db.models import Avg, Count, Q, StdDev

from handoff.models import Handoff
from leads.models import Lead, Opportunity
from sla.calculator.chain import Factor, Z, share
from sla.scorecard.facts import Part, answers

MONTH = timedelta(days=30.4375)
# factor: (the moment it starts from, the moment it leads to)
STEPS = {
    "win": ("opportunity_at", "customer_at"),
    "open": ("accepted_at", "opportunity_at"),
    "accept": ("sql_at", "accepted_at"),
    "qualify": ("captured_at", "sql_at"),
}


def own(months: int, *, at: datetime) -> dict[str, Factor]:
    """By factor. A lead that has neither moved on nor been closed is undecided and counts in none."""
    since = at - months * MONTH
    found = {name: _rate(start, end, since, at) for name, (start, end) in STEPS.items()}
    return {"amount": _amount(since, at), **found}


def accepted_of_handoffs(months: int, *, at: datetime) -> Factor:
    """Beside the rate of leads: of the hand-offs sent in these months and answered, the share accepted and not returned.

    As the scorecard counts quality. A lead that was returned, sent again and accepted then is one lead that was accepted, and two hand-offs.
    """
    sent = Handoff.objects.filter(sent_at__gte=at - months * MONTH, sent_at__lt=at)
    said = answers()
    counted = sent.aggregate(
        kept=Count("pk", filter=said[Part.KEPT]), missed=Count("pk", filter=said[Part.MISSED])
    )
    return share(counted["kept"], counted["kept"] + counted["missed"])


def _rate(start: str, end: str, since: datetime, at: datetime) -> Factor:
    reached = Lead.objects.filter(**{f"{start}__gte": since, f"{start}__lt": at})
    moved_on = Q(**{f"{end}__isnull": False})
    counted = reached.aggregate(
        on=Count("pk", filter=moved_on), all=Count("pk", filter=moved_on | Q(closed_at__isnull=False))
    )
    return share(counted["on"], counted["all"])


def _amount(since: datetime, at: datetime) -> Factor:
    """What a customer paid on average, with the 95 % interval of that average."""
    won = Opportunity.objects.filter(won_at__gte=since, won_at__lt=at, amount__isnull=False)
    told = won.aggregate(mean=Avg("amount"), spread=StdDev("amount", sample=True), cases=Count("pk"))
    mean, cases = float(told["mean"] or 0), told["cases"]
    reach = Z * float(told["spread"] or 0) / sqrt(cases) if cases else 0.0
    return Factor(max(0.0, mean - reach), mean, mean + reach, cases)
