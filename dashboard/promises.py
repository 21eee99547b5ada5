"""What the agreement in force promises for a month, and what came of it so far: one function, both sides, every figure with its leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import floor

from django.core.cache import cache
from django.utils.translation import get_language, gettext, ngettext

from dashboard import cases
from dashboard.cases import ALL, KEPT, MISSED
from dashboard.periods import Period, month_of
from leads.filters import address
from leads.models import Lead
from sla import promises
from sla.models import Agreement, OwnValue, Term, TermKind
from smarketing.accounts.models import Side
from smarketing.words import number

FEW = 20  # below, a share says little
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Pace:
    """Working days of the month: gone by the moment of asking, and in all."""

    gone: int
    days: int

    def expected(self, target: float) -> float:
        return target * self.gone / self.days if self.days else target


@dataclass(frozen=True)
class Kept:
    """One promise in one month. `actual` and `target` are counts or shares in percent, as `is_share` says; None is not known yet.

    `pace`: the count that was expected by now. `misses_left`: how many more may be missed before the share is broken, negative when it is.
    """

    key: str
    owner: str
    sentence: str
    how_measured: str
    is_share: bool
    target: float | None
    actual: float | None
    cases: int
    misses: int | None
    misses_left: int | None
    pace: float | None
    url: str
    misses_url: str

    @property
    def is_few(self) -> bool:
        return self.is_share and self.cases < FEW

    @property
    def actual_share(self) -> float | None:
        return None if self.actual is None else self.actual / 100

    @property
    def words(self) -> str:
        """How much room is left, in words."""
        if self.misses_left is not None:
            if self.misses_left < 0:
                return ngettext("%(n)s too many", "%(n)s too many", -self.misses_left) % {
                    "n": number(-self.misses_left)
                }
            return ngettext("%(n)s miss left", "%(n)s misses left", self.misses_left) % {
                "n": number(self.misses_left)
            }
        if self.actual is None or self.target is None:
            return ""
        wanted = self.target if self.pace is None else self.pace
        gap = round(self.actual - wanted)
        if self.is_share or self.pace is None:
            return gettext("promise kept") if self.actual >= wanted else gettext("below the promise")
        if gap >= 0:
            return gettext("on pace") if gap == 0 else gettext("%(n)s ahead of pace") % {"n": number(gap)}
        return gettext("%(n)s behind pace") % {"n": number(-gap)}

    @property
    def state(self) -> str:
        """met, soon (a little behind) or late, calm when there is too little to judge."""
        if self.actual is None or self.target is None or self.is_few:
            return "calm"
        wanted = self.target if self.is_share or self.pace is None else self.pace
        if self.actual >= wanted:
            return "met"
        return "late" if self.actual < 0.9 * wanted or self.is_share else "soon"


def for_month(month: Period, *, at: datetime) -> list[Kept]:
    """Every promise of the agreement in force; empty when there is none. Over 2,000 hand-offs in the month it may be a minute old."""
    agreement = Agreement.objects.in_force()
    if agreement is None:
        return []
    if not cases.are_many(month):
        return _all(agreement, month, at)
    key = f"promises:{agreement.pk}:{month.first}:{get_language()}"
    return cache.get_or_set(key, lambda: _all(agreement, month, at), KEPT_SECONDS) or []


def _all(agreement: Agreement, month: Period, at: datetime) -> list[Kept]:
    pace = {side: pace_of(agreement, side, month, at) for side in Side.values}
    return [
        _measure(term, month, pace.get(term.side, pace[Side.MARKETING]), at)
        for term in agreement.terms_in_order()
    ]


def pace_of(agreement: Agreement, side: str, month: Period, at: datetime) -> Pace:
    """By the working days of that side's calendar; the day of asking counts as gone."""
    calendar = agreement.calendar_of(side).current.business_calendar()
    assert month.first
    assert month.last
    today = calendar.local_date(at)
    gone = calendar.working_days_between(month.first, min(today, month.last)) if today >= month.first else 0
    return Pace(gone, calendar.working_days_between(month.first, month.last))


def _measure(term: Term, month: Period, pace: Pace, at: datetime) -> Kept:
    match term.kind:
        case TermKind.SQLS_DELIVERED | TermKind.CAPACITY:
            return _count(term, cases.count(term, month, ALL, at=at), pace, cases.url(term, month, ALL))
        case TermKind.CONVERSION:
            return _conversion(term, month)
        case TermKind.OWN:
            return _own(term, month)
        case TermKind.CONTACT_ATTEMPTS | TermKind.REVENUE | TermKind.COST_PER_SQL:
            return _kept(term, is_share=False, target=None, actual=None, cases=0)
    good, bad = cases.count(term, month, KEPT, at=at), cases.count(term, month, MISSED, at=at)
    return _share(term, good, bad, cases.url(term, month, KEPT), cases.url(term, month, MISSED))


def _conversion(term: Term, month: Period) -> Kept:
    """The cohort that is old enough: captured so many months before this month."""
    assert month.first
    cohort = month_of(_months_before(month.first, term.cohort_months or 0))
    assert cohort.first
    captured = Lead.objects.filter(captured_at__gte=cohort.starts_at, captured_at__lt=cohort.ends_at)
    leads = captured.count()
    customers = captured.filter(customer_at__lt=month.ends_at).count()
    url = address({**cohort.as_parameters(), "customer_from": "1900-01-01", "customer_to": month.end})
    return _share(term, customers, leads - customers, url, address(cohort.as_parameters()), left=False)


def _own(term: Term, month: Period) -> Kept:
    assert month.first
    value = OwnValue.objects.filter(term_key=term.key, month=month.first).first()
    target = _number(term.target_amount)
    return _kept(
        term,
        is_share=False,
        target=target,
        actual=_number(value.value if value else None),
        cases=1 if value else 0,
    )


def _count(term: Term, actual: int, pace: Pace, url: str) -> Kept:
    target = term.target_count or 0
    return _kept(
        term,
        is_share=False,
        target=target,
        actual=actual,
        cases=actual,
        pace=round(pace.expected(target), 1),
        url=url,
    )


def _share(term: Term, good: int, bad: int, url: str, misses_url: str, *, left: bool = True) -> Kept:
    cases, target = good + bad, _number(term.target_share)
    allowed = None if target is None else floor(cases * (100 - target) / 100 + 1e-9)
    return _kept(
        term,
        is_share=True,
        target=target,
        actual=round(100 * good / cases, 2) if cases else None,
        cases=cases,
        misses=bad if left else None,
        misses_left=allowed - bad if left and allowed is not None else None,
        url=url,
        misses_url=misses_url if left else "",
    )


def _kept(term: Term, *, is_share: bool, target: float | None, actual: float | None, cases: int, misses: int | None = None,
          misses_left: int | None = None, pace: float | None = None, url: str = "", misses_url: str = "") -> Kept:  # fmt: skip
    return Kept(
        key=term.key, owner=term.side, sentence=promises.sentence(term), how_measured=promises.how_measured(term), is_share=is_share,
        target=target, actual=actual, cases=cases, misses=misses, misses_left=misses_left, pace=pace, url=url, misses_url=misses_url,
    )  # fmt: skip


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
