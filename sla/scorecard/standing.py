"""Where a figure stands against its target: pace, room left, state, and the words for them. Pure arithmetic on numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from smarketing import words
from smarketing.periods import Period

if TYPE_CHECKING:
    from sla.models import Agreement

COUNT, SHARE, MONEY, NUMBER = "count", "percent", "money", "number"
FEW = 20  # below, a share says little


@dataclass(frozen=True)
class Pace:
    """Working days of the month: gone by the moment of asking, and in all."""

    gone: int
    days: int

    def expected(self, target: float) -> float:
        return target * self.gone / self.days if self.days else target

    @property
    def left(self) -> int:
        return self.days - self.gone


def pace_of(agreement: Agreement, side: str, month: Period, at: datetime) -> Pace:
    """By the working days of that side's calendar, holidays left out; the day of asking counts as gone."""
    calendar = agreement.calendar_of(side).current.business_calendar()
    assert month.first
    assert month.last
    today = calendar.local_date(at)
    gone = calendar.working_days_between(month.first, min(today, month.last)) if today >= month.first else 0
    return Pace(gone, calendar.working_days_between(month.first, month.last))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A figure beside its target. `pace` is what was expected by now; without one, the target counts at any moment."""

    unit: str
    target: float | None
    actual: float | None
    cases: int
    misses: int | None = None
    misses_left: int | None = None
    pace: float | None = None
    at_most: bool = False

    @property
    def is_share(self) -> bool:
        return self.unit == SHARE

    @property
    def is_money(self) -> bool:
        return self.unit == MONEY

    @property
    def is_few(self) -> bool:
        return self.is_share and self.cases < FEW

    @property
    def actual_share(self) -> float | None:
        return None if self.actual is None else self.actual / 100

    @property
    def said(self) -> str:
        """The figure as people read it."""
        return said(self.actual, self.unit)

    @property
    def target_said(self) -> str:
        return said(self.target, self.unit)

    @property
    def words(self) -> str:
        """How much room is left, in words."""
        if self.misses_left is not None:
            return misses_in_words(self.misses_left)
        if self.actual is None or self.target is None:
            return ""
        if self.pace is None or self.is_share:
            return gettext("promise kept") if self._is_met else gettext("below the promise") if not self.at_most else gettext("above the promise")  # fmt: skip
        gap = round(self.actual - self.pace)
        amount = {"n": said(abs(gap), self.unit)}
        if self.pace == self.target:  # no working day is left
            if gap == 0:
                return gettext("promise kept")
            return gettext("%(n)s more than promised") % amount if gap > 0 else gettext("%(n)s short of the promise") % amount  # fmt: skip
        if gap == 0:
            return gettext("on pace")
        return gettext("%(n)s ahead of pace") % amount if gap > 0 else gettext("%(n)s behind pace") % amount

    @property
    def state(self) -> str:
        """met, soon (a little behind) or late; calm when there is too little to judge."""
        if self.actual is None or self.target is None or self.is_few:
            return "calm"
        if self._is_met:
            return "met"
        if self.is_share or self.at_most:
            return "late"
        return "late" if round(self._wanted - self.actual) > 0.1 * self._wanted else "soon"

    @property
    def few_words(self) -> str:
        return ngettext(
            "%(n)s case: too few to judge", "%(n)s cases: too few to judge", self.cases
        ) % {"n": words.number(self.cases)}  # fmt: skip

    @property
    def _wanted(self) -> float:
        assert self.target is not None
        return self.target if self.is_share or self.pace is None else self.pace

    @property
    def _is_met(self) -> bool:
        assert self.actual is not None
        return self.actual <= self._wanted if self.at_most else self.actual >= self._wanted


def misses_in_words(left: int) -> str:
    if left < 0:
        return ngettext("%(n)s too many", "%(n)s too many", -left) % {"n": words.number(-left)}
    return ngettext("%(n)s miss left", "%(n)s misses left", left) % {"n": words.number(left)}


def said(value: float | None, unit: str) -> str:
    """`91.2%`, `118`, `€84,000`, `3.50`."""
    if value is None:
        return words.NOTHING
    if unit == SHARE:
        return words.percent(value / 100, 0 if round(value, 1) == round(value) else 1)
    if unit == MONEY:
        return words.money(value, cents=value < 1_000)
    return words.number(value, 0 if value == int(value) else 2)
