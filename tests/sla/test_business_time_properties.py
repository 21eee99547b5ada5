"""Working time on calendars nobody would think of, against the slow oracle and against its own laws."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla.business_time import BusinessCalendar, NoOpenTime
from tests.sla.business_time_oracle import WallClockOracle
from tests.sla.clock_changes import DAY, FIRST, LAST, ZONES, changes_of, step_for

# The same examples in every run: a failure in CI is a failure here.
many = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
few = settings(many, max_examples=20)

STRETCH = 8 * DAY
SECOND = timedelta(seconds=1)
LONGEST = 60 * 3600

quarters = st.integers(0, 95).map(lambda number: number * 900) | st.integers(0, 16).map(
    lambda number: number * 900
)
minutes = st.integers(0, 1439).map(lambda number: number * 60)
targets = st.sampled_from([0, 1, 3600, 8 * 3600]) | st.integers(0, LONGEST)


def written(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def intervals(times):
    closing = times.map(lambda seconds: written(seconds or 86_400))
    usual = st.sampled_from([("09:00", "17:00"), ("22:00", "06:00"), ("00:00", "24:00"), ("02:00", "03:00")])
    return st.lists(usual | st.tuples(times.map(written), closing), max_size=3)


@st.composite
def stretches(draw):
    """A zone and eight days in UTC, mostly with a change of its clocks in them."""
    zone = draw(st.sampled_from(ZONES))
    near = FIRST + draw(st.integers(0, (LAST - FIRST) // DAY - 1)) * DAY
    if changes_of(zone) and draw(st.integers(0, 3)):
        near = draw(st.sampled_from(changes_of(zone))) - draw(st.integers(0, 3)) * DAY
    begin = near.replace(hour=0, minute=0, second=0)
    return zone, begin, begin + STRETCH


@st.composite
def hours(draw, times=quarters):
    zone, begin, end = draw(stretches())
    week = {day: draw(intervals(times)) for day in range(7) if draw(st.integers(0, 4))}
    dates = st.integers(-2, 9).map(lambda number: begin.date() + number * DAY)
    overrides = draw(st.dictionaries(dates, intervals(times), max_size=3))
    return zone, week, overrides, begin, end


whole_seconds = st.just(0)
parts_of_a_second = whole_seconds | st.integers(0, 999_999)


def moments(begin, end, *, fraction=whole_seconds):
    seconds = st.integers(0, (end - begin) // SECOND)
    on_the_quarter = st.integers(0, (end - begin) // (900 * SECOND)).map(lambda number: number * 900)
    return st.builds(
        lambda whole, part: begin + timedelta(seconds=whole, microseconds=part),
        on_the_quarter | seconds,
        fraction,
    )


def due_or_skip(calendar, start, seconds):
    try:
        return calendar.due_after(start, seconds)
    except NoOpenTime:
        assume(False)


@many
@given(hours(), targets, st.data())
def test_it_agrees_with_the_wall_clock(shape, seconds, data):
    agree_on_a_case(shape, seconds, data)


@few
@given(hours(times=minutes), targets, st.data())
def test_it_agrees_with_the_wall_clock_to_the_minute(shape, seconds, data):
    agree_on_a_case(shape, seconds, data)


def agree_on_a_case(shape, seconds, data):
    zone, week, overrides, begin, end = shape
    step = step_for(zone, week, overrides, begin, end)
    calendar = BusinessCalendar(zone, week, overrides)
    oracle = WallClockOracle(zone, week, overrides, begin=begin, end=end, step=step)
    start = data.draw(moments(begin, begin + STRETCH / 2, fraction=parts_of_a_second), "start")
    until = data.draw(moments(start, end, fraction=parts_of_a_second), "until")
    aligned = st.integers(0, (end - begin) // SECOND // step).map(
        lambda number: begin + number * step * SECOND
    )
    pauses = data.draw(st.lists(st.tuples(aligned, aligned).map(sorted).map(tuple), max_size=3), "pauses")

    assert due_before(end, calendar, start, seconds, pauses) == before(
        end, oracle.due(start, seconds, pauses)
    )
    assert due_before(end, calendar, start, seconds, ()) == before(end, oracle.due(start, seconds))
    assert calendar.elapsed_between(start, until) == oracle.elapsed(start, until)
    assert calendar.elapsed_with_pauses(start, until, pauses) == oracle.elapsed(start, until, pauses)
    assert list(calendar.open_intervals(start, until)) == oracle.intervals(start, until)
    assert calendar.is_open(start) == oracle.is_open(start)


def due_before(end, calendar, start, seconds, pauses):
    try:
        return before(end, calendar.due_with_pauses(start, seconds, pauses))
    except NoOpenTime:
        return None


def before(end, due):
    """The oracle does not look further than its stretch."""
    return due if due and due < end else None


@many
@given(hours(), targets, st.data())
def test_what_was_added_has_elapsed(shape, seconds, data):
    calendar, start = drawn(shape, data)

    due = due_or_skip(calendar, start, seconds)

    assert calendar.elapsed_between(start, due) == seconds


@many
@given(hours(), targets, st.data())
def test_a_due_moment_lies_in_open_time_or_at_a_closing(shape, seconds, data):
    calendar, start = drawn(shape, data)

    due = due_or_skip(calendar, start, seconds)

    assert due >= start
    # An instant before, so that a closing counts: but a start at an opening has nothing open before it.
    assert calendar.is_open(due) or calendar.is_open(due - timedelta(microseconds=1))


@many
@given(hours(), targets, targets, st.data())
def test_adding_twice_is_adding_the_sum(shape, first, second, data):
    calendar, start = drawn(shape, data)

    at_once = due_or_skip(calendar, start, first + second)

    assert calendar.due_after(calendar.due_after(start, first), second) == at_once


@many
@given(hours(), targets, targets, st.data())
def test_more_time_is_due_no_sooner(shape, one, other, data):
    calendar, start = drawn(shape, data)

    longer = due_or_skip(calendar, start, max(one, other))

    assert calendar.due_after(start, min(one, other)) <= longer


@many
@given(hours(), targets, st.data())
def test_a_later_start_is_due_no_sooner(shape, seconds, data):
    calendar, start = drawn(shape, data)
    later = data.draw(moments(start, start + 3 * DAY, fraction=parts_of_a_second), "later")

    due_after_later = due_or_skip(calendar, later, seconds)

    assert due_or_skip(calendar, start, seconds) <= due_after_later


@many
@given(hours(), st.data())
def test_intervals_are_in_order_apart_and_add_up(shape, data):
    calendar, start = drawn(shape, data)
    end = data.draw(moments(start, start + 60 * DAY), "end")  # weeks that lie wholly in it are added up apart

    found = list(calendar.open_intervals(start, end))

    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(set(edges))
    assert all(start <= edge <= end for edge in edges)
    assert sum(
        (close - opening for opening, close in found), timedelta()
    ) // SECOND == calendar.elapsed_between(start, end)


@many
@given(hours(), targets, st.data())
def test_the_blocks_of_the_arithmetic_lead_to_the_due_moment(shape, seconds, data):
    calendar, start = drawn(shape, data)
    pauses = data.draw(st.lists(st.tuples(moments(*shape[3:]), moments(*shape[3:])), max_size=3), "pauses")
    try:
        due = calendar.due_with_pauses(start, seconds, pauses)
    except NoOpenTime:
        assume(False)

    blocks = calendar.blocks_until_due(start, seconds, pauses)

    assert sum(block.seconds for block in blocks) == seconds
    assert [block.end for block in blocks][-1:] == ([due] if seconds else [])


@many
@given(hours(), targets, st.data())
def test_resuming_is_adding_what_remains(shape, seconds, data):
    calendar, start = drawn(shape, data, fraction=whole_seconds)
    paused = data.draw(moments(start, start + 3 * DAY), "paused")
    resumed = data.draw(moments(paused, paused + 3 * DAY), "resumed")
    remaining = seconds - calendar.elapsed_between(start, paused)
    assume(remaining > 0)

    due = due_or_skip(calendar, resumed, remaining)

    assert calendar.due_with_pauses(start, seconds, [(paused, resumed)]) == due


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_around_the_clock_is_as_long_as_the_clock_says(zone):
    calendar = BusinessCalendar(zone, {day: [("00:00", "24:00")] for day in range(7)})

    for change in changes_of(zone):
        assert calendar.elapsed_between(change - 2 * DAY, change + 2 * DAY) == 4 * 86_400


def drawn(shape, data, *, fraction=parts_of_a_second):
    zone, week, overrides, begin, end = shape
    return BusinessCalendar(zone, week, overrides), data.draw(moments(begin, end, fraction=fraction), "start")
