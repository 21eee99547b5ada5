"""Which number breaks first: what is asked against what was promised, and against the people who are there. Pure; no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """`asked` of what `there` is, both a month. `key` names it: capacity, hours, delivered."""

    key: str
    asked: float
    there: float

    @property
    def load(self) -> float:
        """1 is full; nothing there and something asked is more than full."""
        if self.there > 0:
            return self.asked / self.there
        return float("inf") if self.asked > 0 else 0.0

    @property
    def is_broken(self) -> bool:
        return self.asked > self.there

    def holds_until(self, goal: float) -> float | None:
        """The goal at which it is just full, since all that is asked grows with the goal."""
        return goal / self.load if 0 < self.load < float("inf") else None


@dataclass(frozen=True)
class Staffing:
    """Who is there to call, in a month."""

    reps: float
    days: float  # working days of one rep who is never away
    away: float  # working days on which somebody is away, of all reps together
    hours_a_day: float  # for leads, of the working day

    @property
    def present_days(self) -> float:
        return max(0.0, self.reps * self.days - self.away)

    @property
    def hours(self) -> float:
        return self.present_days * self.hours_a_day


def limits(
    *,
    accepted: float,
    sales_ready: float,
    hours: float,
    staffing: Staffing,
    capacity: float | None,
    delivered: float | None,
) -> list[Limit]:
    """In the order in which they break. What nobody promised sets no limit."""
    found = [
        Limit("hours", hours, staffing.hours),
        *([Limit("capacity", accepted, capacity)] if capacity is not None else []),
        *([Limit("delivered", sales_ready, delivered)] if delivered is not None else []),
    ]
    return sorted(found, key=lambda limit: -limit.load)


def breaks_first(found: Sequence[Limit]) -> Limit | None:
    return found[0] if found and found[0].asked > 0 else None
