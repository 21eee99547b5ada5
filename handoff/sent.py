"""What became of the hand-offs that were sent: the list with its sums, and what narrows it. The address is the view, so that each figure opens its list.

result      one of RESULTS          marketer, rep   a colleague's number, or "mine"
source      a number, or "none"     prepared        yes | no   (of those that were contacted)
waived      yes                     from, to        days: sent in the half-open period
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoff.models import UNANSWERED_STATES, BriefItem, Handoff, Outcome, State
from handoff.querysets import HandoffQuerySet
from leads.models import Source
from smarketing.periods import Period
from smarketing.rates import Rate

if TYPE_CHECKING:
    from smarketing.accounts.models import User

PAGE = 50
REACHED = Q(first_conversation_at__isnull=False)
OPPORTUNITY = Q(lead__opportunity_at__gte=F("sent_at")) & REACHED
WON = Q(outcome=Outcome.WON)
RESULTS: dict[str, tuple[Any, Q]] = {
    "waiting": (_("Waiting for sales"), Q(state__in=UNANSWERED_STATES)),
    "accepted": (_("Accepted"), Q(accepted_at__isnull=False) & ~Q(state=State.RETURNED)),
    "returned": (_("Returned"), Q(state=State.RETURNED)),
    "contacted": (_("Contacted"), Q(first_attempt_at__isnull=False)),
    "reached": (_("Reached"), REACHED),
    "opportunity": (_("Opportunity"), OPPORTUNITY),
    "won": (_("Customer"), WON),
    "ended": (
        _("Ended without a sale"),
        Q(outcome__in=[Outcome.LOST, Outcome.DISQUALIFIED, Outcome.RECYCLED]),
    ),
}


@dataclass(frozen=True)
class Sums:
    """Of one group of hand-offs. `amount` is of won opportunities in the company's currency."""

    label: str
    sent: int
    accepted: int
    returned: int
    reached: int
    opportunities: int
    won: int
    waived: int
    amount: Decimal | None
    asked: Mapping[str, Any]

    @property
    def acceptance(self) -> Rate:
        return Rate(self.accepted, self.accepted + self.returned)


def in_period(rows: Any, period: Period) -> Any:
    bounds = {"sent_at__gte": period.starts_at, "sent_at__lt": period.ends_at}
    return rows.filter(**{name: at for name, at in bounds.items() if at})


def narrowed(asked: Mapping[str, str], period: Period, *, reader: User) -> HandoffQuerySet:
    """The hand-offs that the address asks for; what means nothing finds nothing."""
    rows: HandoffQuerySet = in_period(Handoff.objects.standing(), period)
    if asked.get("result"):
        chosen = RESULTS.get(asked["result"])
        rows = rows.filter(chosen[1]) if chosen else rows.none()
    for name, column in (("marketer", "sender"), ("rep", "receiver"), ("source", "lead__source")):
        rows = _of_one(rows, column, asked.get(name, ""), reader)
    if asked.get("prepared") in ("yes", "no"):
        is_not = asked["prepared"] == "no"
        rows = rows.filter(first_attempt_at__isnull=False, prepared_at__isnull=is_not)
    if asked.get("waived") == "yes":
        rows = rows.filter(_has_waived())
    return rows


def page(rows: HandoffQuerySet, *, after: int | None) -> tuple[list[Handoff], int | None]:
    """Fifty, newest first, and from where the next page begins."""
    last = Handoff.objects.filter(pk=after).values_list("sent_at", "pk").first() if after else None
    if last:
        rows = rows.filter(Q(sent_at__lt=last[0]) | Q(sent_at=last[0], pk__lt=last[1]))
    found = list(rows.for_rows().latest_first()[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def sums(rows: HandoffQuerySet, label: str) -> Sums:
    return _sums(rows.aggregate(**_counted()), label, {})


def by_source(rows: HandoffQuerySet, nothing: str) -> list[Sums]:
    counted = list(rows.values(group=F("lead__source")).annotate(**_counted()).order_by("-sent", "group"))
    called = dict(Source.objects.filter(pk__in=[row["group"] for row in counted]).values_list("pk", "name"))
    return [
        _sums(row, called.get(row["group"], nothing), {"source": row["group"] or "none"}) for row in counted
    ]


def address(period: Period, **asked: Any) -> str:
    query = {name: value for name, value in asked.items() if value}
    days = {"from": period.first, "to": period.end}
    query |= {name: day.isoformat() for name, day in days.items() if day}
    return f"{reverse('handoff:sent')}?{urlencode(query)}"


# Mechanics


def _of_one(rows: HandoffQuerySet, column: str, value: str, reader: User) -> HandoffQuerySet:
    if not value:
        return rows
    if value == "mine":
        return rows.filter(**{column: reader.pk})
    if value == "none":
        return rows.filter(**{f"{column}__isnull": True})
    return rows.filter(**{column: value}) if value.isdecimal() and len(value) < 19 else rows.none()


def _has_waived() -> Exists:
    return Exists(BriefItem.objects.filter(handoff=OuterRef("pk")).exclude(waived_reason=""))


def _counted() -> dict[str, Any]:
    in_our_currency = WON & Q(lead__opportunity__currency=settings.CURRENCY)
    return {
        "sent": Count("pk"),
        **{
            name: Count("pk", filter=RESULTS[result][1])
            for name, result in {
                "accepted": "accepted",
                "returned": "returned",
                "reached": "reached",
                "opportunities": "opportunity",
                "won": "won",
            }.items()
        },
        "waived": Count("pk", filter=_has_waived()),
        "amount": Sum("lead__opportunity__amount", filter=in_our_currency),
    }


def _sums(row: Mapping[str, Any], label: str, asked: Mapping[str, Any]) -> Sums:
    return Sums(label=label, asked=asked, **{name: row[name] for name in _counted()})
