"""When a clock is due, warns and climbs, on calendars that end."""

from datetime import UTC, date, datetime

from sla.business_time import BusinessCalendar
from sla.planning import plan

HOUR = 3_600
LAST_DAY = BusinessCalendar(zone="UTC", week={}, overrides={date(2026, 12, 1): [("09:00", "17:00")]})


def at(hour, minute=0):
    return datetime(2026, 12, 1, hour, minute, tzinfo=UTC)


def test_a_ladder_ends_with_the_open_time_and_the_promise_stands():
    planned = plan(LAST_DAY, at(9), 7 * HOUR, warns=[HOUR], rungs=[HOUR // 2, 4 * HOUR])

    assert planned.due_at == at(16)
    assert planned.warn_at == at(15)
    assert planned.ladder_at == [at(16, 30)]


def test_a_promise_that_no_open_time_can_hold_is_never_due():
    planned = plan(LAST_DAY, at(9), 9 * HOUR, warns=[8 * HOUR], rungs=[0])

    assert (planned.due_at, planned.warn_at, planned.ladder_at) == (None, None, [])
