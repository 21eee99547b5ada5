"""Are we on plan: this month's numbers beside what was promised, or beside the month before where nothing was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil

from django.utils.translation import gettext as _

from dashboard import counting
from dashboard.promises import Kept, Pace
from leads.filters import address
from sla.models import Agreement, TermKind
from smarketing import words
from smarketing.accounts.models import Side
from smarketing.periods import Period, months_back


@dataclass(frozen=True)
class Line:
    """One number of the month: against a target with what was expected by today, or against the month before."""

    label: str
    value: int | Decimal
    target: float | None
    expected: float | None
    before: int | Decimal | None
    url: str
    definition: str
    is_money: bool = False

    @property
    def behind(self) -> int:
        """How many fewer than expected by today; negative is ahead."""
        return round(self.expected - float(self.value)) if self.expected is not None else 0

    @property
    def state(self) -> str:
        if self.expected is None:
            return "calm"
        if self.behind <= 0:
            return "met"
        return "late" if self.behind > 0.1 * self.expected else "soon"

    @property
    def words(self) -> str:
        if self.expected is None:
            return ""
        if self.behind == 0:
            return _("on pace")
        number = words.number(abs(self.behind))
        return (
            _("%(n)s behind pace") % {"n": number}
            if self.behind > 0
            else _("%(n)s ahead of pace") % {"n": number}
        )


@dataclass(frozen=True)
class Plan:
    lines: list[Line]
    pace: Pace | None
    needed_a_day: int | None  # sales-ready leads for each working day that is left, to reach the target


def for_month(month: Period, promises: list[Kept], pace: Pace | None) -> Plan:
    """`promises`: those of the same month, so that nothing is counted twice."""
    before, now = counting.of_months(months_back(month, 2))
    kept = {promise.key: promise for promise in promises}
    delivered, capacity = (kept.get(kind.lower()) for kind in (TermKind.SQLS_DELIVERED, TermKind.CAPACITY))
    lines = [
        _entered(_("Leads captured"), "captured", now["cohort_captured"], before["cohort_captured"], month),
        _promised(_("Sales-ready, handed over"), delivered)
        or _entered(_("Sales-ready"), "sql", now["entered_sql"], before["entered_sql"], month),
        _promised(_("Accepted by sales"), capacity)
        or _entered(_("Accepted by sales"), "accepted", now["entered_accepted"], before["entered_accepted"], month),
        _entered(_("Opportunities"), "opportunity", now["entered_opportunity"], before["entered_opportunity"], month),
        _entered(_("Customers"), "customer", now["entered_customer"], before["entered_customer"], month),
        Line(
            _("Amount won"), now["entered_amount"], None, None, before["entered_amount"],
            address(month.as_parameters("customer")), _("Amounts of opportunities won in the month, in the company's currency."), is_money=True,
        ),
    ]  # fmt: skip
    return Plan(lines, pace, _needed(delivered, pace))


def marketing_pace(month: Period, at: datetime) -> Pace | None:
    from dashboard.promises import pace_of

    agreement = Agreement.objects.in_force()
    return pace_of(agreement, Side.MARKETING, month, at) if agreement else None


def _promised(label: str, promise: Kept | None) -> Line | None:
    if promise is None:
        return None
    return Line(
        label, int(promise.actual or 0), promise.target, promise.pace, None, promise.url, promise.how_measured
    )


def _entered(label: str, moment: str, value: int, before: int, month: Period) -> Line:
    definition = (
        _("Leads captured in the month.")
        if moment == "captured"
        else _("Leads that first entered this stage in the month.")
    )
    return Line(label, value, None, None, before, address(month.as_parameters(moment)), definition)


def _needed(delivered: Kept | None, pace: Pace | None) -> int | None:
    if delivered is None or pace is None or pace.days <= pace.gone:
        return None
    missing = (delivered.target or 0) - (delivered.actual or 0)
    return ceil(missing / (pace.days - pace.gone)) if missing > 0 else 0
