"""Once a week each marketer is told what became of what he handed over: one line of figures, and the page where they open."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoff.models import Handoff, Outcome, State
from sla.models import Notice, NoticeKind
from sla.notices import announce
from smarketing import words
from smarketing.accounts.models import Side, User
from smarketing.periods import Period


def tell_last_week(at: datetime) -> int:
    """The week that ended on Sunday, once per marketer, whenever this runs first. Safe to run twice. Returns how many were told."""
    week = last_week(at)
    year, number, _day = week.first_day.isocalendar()
    key = f"outcomes:{year}-{number:02d}"
    told = set(Notice.objects.filter(key=key).values_list("recipient", flat=True))
    marketers = User.objects.active().on_side(Side.MARKETING).exclude(pk__in=told).select_related("team")
    return sum(_tell(marketer, week, key, at=at) for marketer in marketers.order_by("id"))


def last_week(at: datetime) -> Period:
    """Monday to Sunday, in the company's zone."""
    monday = timezone.localtime(at).date() - timedelta(days=timezone.localtime(at).weekday())
    return Period(monday - timedelta(days=7), monday)


@transaction.atomic
def _tell(marketer: User, week: Period, key: str, *, at: datetime) -> int:
    counted = Handoff.objects.standing().sent_by(marketer).aggregate(**_figures(week))
    amount = counted.pop("amount")
    if not any(counted.values()):
        return 0
    with translation.override(marketer.language):
        text = f"{week.in_words()}: {_in_words(counted, amount)}"
    return announce(NoticeKind.OUTCOMES, recipients=[marketer], key=key, at=at, text=text)


def _figures(week: Period) -> dict[str, Count | Sum]:
    def within(moment: str) -> Q:
        return Q(**{f"{moment}__gte": week.starts_at, f"{moment}__lt": week.ends_at})

    won = within("closed_at") & Q(outcome=Outcome.WON)
    ended = [Outcome.LOST, Outcome.DISQUALIFIED, Outcome.RECYCLED]
    return {
        "contacted": Count("pk", filter=within("first_attempt_at")),
        "won": Count("pk", filter=won),
        "ended": Count("pk", filter=within("closed_at") & Q(outcome__in=ended)),
        "returned": Count("pk", filter=within("returned_at") & Q(state=State.RETURNED)),
        "amount": Sum(
            "lead__opportunity__amount", filter=won & Q(lead__opportunity__currency=settings.CURRENCY)
        ),
    }


def _in_words(counted: dict[str, int], amount: object) -> str:
    """Only what is not nothing."""
    won = ngettext("%(n)s customer", "%(n)s customers", counted["won"]) % {"n": counted["won"]}
    if amount:
        won = f"{won} ({words.money(amount, settings.CURRENCY, cents=False)})"  # type: ignore[arg-type]
    said = {
        "contacted": _("%(n)s contacted for the first time") % {"n": counted["contacted"]},
        "won": won,
        "ended": _("%(n)s ended without a sale") % {"n": counted["ended"]},
        "returned": _("%(n)s returned") % {"n": counted["returned"]},
    }
    return ", ".join(text for name, text in said.items() if counted[name])
