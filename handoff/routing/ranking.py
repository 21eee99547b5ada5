"""Who goes first, as a pure function of what is known about each colleague. No database, no clock, no chance.

1. Who is away, or has had what was agreed for this month, is out. When that leaves nobody and the agreement says so,
   those at capacity take it anyway.
2. Of the others, those compete who are at work, or start on the earliest day when nobody is.
3. With agreed shares, the one who is furthest behind his share goes first. `credit` counts hand-offs in millionths: each
   decision gives every competitor his part and takes one from whoever receives. Who does not compete gets no part, so that
   he is owed nothing when he is back.
4. Without shares, the one with the fewest open hand-offs; but nobody gets more than two ahead of a colleague in one day,
   so that an empty desk after leave is not flooded.
5. Of equals, the one who has waited longest for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

ONE = 1_000_000  # a hand-off, in millionths
AHEAD_IN_A_DAY = 2
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Out(StrEnum):
    """Why a colleague does not compete."""

    ABSENT = "ABSENT"
    AT_CAPACITY = "AT_CAPACITY"
    NOT_AT_WORK = "NOT_AT_WORK"
    NO_SHARE = "NO_SHARE"
    OTHERS_BY_RULE = "OTHERS_BY_RULE"


@dataclass(frozen=True)
class Candidate:
    """What routing knows of a colleague at the moment of the decision."""

    id: int
    name: str = ""
    team_id: int | None = None
    is_absent: bool = False
    starts_on: date | None = (
        None  # the next day on which he works; None: he is at work, or nobody keeps hours
    )
    open_handoffs: int = 0
    received_today: int = 0
    received_this_month: int = 0
    capacity: int | None = None  # his part of what sales promised for the month
    share: int = 0  # percent, as agreed
    credit: int = 0
    last_received_at: datetime | None = None

    @property
    def is_at_capacity(self) -> bool:
        return self.capacity is not None and self.received_this_month >= self.capacity


@dataclass(frozen=True)
class Ranking:
    """`order`: who competes, the first one receives. `out`: the others and why."""

    order: tuple[Candidate, ...]
    out: Mapping[int, Out]
    went_over: bool = False
    by_share: bool = False

    @property
    def first(self) -> Candidate | None:
        return self.order[0] if self.order else None


def rank(candidates: Iterable[Candidate], *, anyway: bool = False) -> Ranking:
    """`anyway`: when everybody who is there is at capacity, they take it nevertheless."""
    everybody = sorted(candidates, key=lambda person: person.id)
    present = [person for person in everybody if not person.is_absent]
    free = [person for person in present if not person.is_at_capacity]
    went_over = anyway and not free and bool(present)
    able = present if went_over else free
    soonest = min(map(_day, able), default=date.min)
    here = [person for person in able if _day(person) == soonest]
    by_share = any(person.share for person in here)
    competing = [person for person in here if person.share or not by_share]
    order = sorted(competing, key=_by_share(competing) if by_share else _by_load(competing))
    chosen = {person.id for person in competing}
    out = {
        person.id: _why_out(person, free=able, here=here) for person in everybody if person.id not in chosen
    }
    return Ranking(tuple(order), out, went_over, by_share)


def parts(competing: Sequence[Candidate]) -> dict[int, int]:
    """What each competitor is due of one hand-off."""
    total = sum(person.share for person in competing) or 1
    return {person.id: ONE * person.share // total for person in competing}


def credits_after(competing: Sequence[Candidate], chosen: int) -> dict[int, int]:
    """Everybody's credit once `chosen` has received. Together they are what they were before."""
    due = parts(competing)
    after = {person.id: person.credit + due[person.id] for person in competing}
    after[chosen] -= sum(due.values())
    return after


# Mechanics


def _day(person: Candidate) -> date:
    return person.starts_on or date.min


def _by_share(competing: Sequence[Candidate]):
    due = parts(competing)
    return lambda person: (-(person.credit + due[person.id]), *_equals(person))


def _by_load(competing: Sequence[Candidate]):
    fewest = min((person.received_today for person in competing), default=0)
    return lambda person: (person.received_today - fewest >= AHEAD_IN_A_DAY, *_equals(person))


def _equals(person: Candidate) -> tuple[int, datetime, int]:
    return person.open_handoffs, person.last_received_at or LONG_AGO, person.id


def _why_out(person: Candidate, *, free: Sequence[Candidate], here: Sequence[Candidate]) -> Out:
    if person.is_absent:
        return Out.ABSENT
    if person not in free:
        return Out.AT_CAPACITY
    return Out.NO_SHARE if person in here else Out.NOT_AT_WORK
