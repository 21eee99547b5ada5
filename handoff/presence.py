"""When colleagues work. This room needs to know, and cannot ask the agreement that keeps the hours: `sla` tells it how.

presence.told_by(load)      load(people) -> {user id: Hours}; who is left out works at all hours
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class Hours(Protocol):
    """What `sla.business_time.BusinessCalendar` can say."""

    def is_open(self, at: datetime) -> bool: ...

    def next_opening(self, at: datetime) -> datetime: ...

    def local_date(self, at: datetime) -> date: ...

    def is_working_day(self, on: date) -> bool: ...


Load = Callable[[Iterable["User"]], "dict[int, Hours]"]
_load: list[Load] = []


def told_by(load: Load) -> None:
    _load[:] = [load]


def hours_of(people: Iterable[User]) -> dict[int, Hours]:
    return _load[0](people) if _load else {}
