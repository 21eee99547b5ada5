"""The open time of a stretch as three lists, so that the database can look up many due moments at once.

Pure, like `sla.business_time`, which stays the only place that knows what is open; these lists are copied from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sla.business_time import BusinessCalendar, NoOpenTime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
A_LITTLE_BEFORE = timedelta(days=3)  # a start exactly at a closing belongs to the time before it
PATIENCE = timedelta(days=366)

# One due moment: `start` and `target`, `opens`, `closes` and `worked` of its side, all in microseconds; `due` is empty where the
# calendar has no open time left. (How many openings lie before the start, how much was worked by then, where that plus the target falls.)
# OFFSET 0 keeps each step a step: woven into one expression, the first would be worked out dozens of times.
DUE = """
CROSS JOIN LATERAL (SELECT width_bucket(start, opens) AS place OFFSET 0) AS placed
CROSS JOIN LATERAL (SELECT target + CASE WHEN place = 0 THEN 0 ELSE worked[place] + least(start, closes[place]) - opens[place] END AS goal OFFSET 0) AS aimed
CROSS JOIN LATERAL (SELECT width_bucket(goal - 1, worked) AS last OFFSET 0) AS reached
CROSS JOIN LATERAL (SELECT CASE
    WHEN target = 0 AND start <= closes[place] THEN start
    WHEN target = 0 THEN opens[place + 1]
    WHEN goal <= worked[last] + closes[last] - opens[last] THEN opens[last] + goal - worked[last] END AS due OFFSET 0) AS found
"""


@dataclass(frozen=True)
class Timetable:
    """Intervals in order; `worked` is the open time before each. Instants are microseconds since 1970 in UTC."""

    opens: list[int]
    closes: list[int]
    worked: list[int]

    @classmethod
    def covering(
        cls, calendar: BusinessCalendar, start: datetime, end: datetime, *, longest: int
    ) -> Timetable:
        """Enough for every start in [start, end) and every target up to `longest` seconds."""
        try:
            until = calendar.due_after(end, longest)
        except NoOpenTime:
            until = end + PATIENCE
        table = cls([], [], [])
        so_far = 0
        for opening, closing in calendar.open_intervals(start - A_LITTLE_BEFORE, until):
            table.opens.append(instant(opening))
            table.closes.append(instant(closing))
            table.worked.append(so_far)
            so_far += (closing - opening) // MICROSECOND
        return table


def instant(moment: datetime) -> int:
    """Microseconds since 1970, as the lists have them."""
    return (moment - EPOCH) // MICROSECOND
