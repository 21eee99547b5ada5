"""The cases that every release passes (the end of sla-clock.md), by name: worked out by hand here, or a pointer to the test that has it."""

from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import BusinessCalendar

HOUR = 3_600
OFFICE = {day: [("09:00", "17:00")] for day in range(5)}
AROUND_THE_CLOCK = {day: [("00:00", "24:00")] for day in range(7)}


def due(zone, week, start, hours, overrides=None, pauses=()) -> str:
    calendar, place = BusinessCalendar(zone, week, overrides or {}), ZoneInfo(zone)

    def local(text):
        return datetime.fromisoformat(text).replace(tzinfo=place)

    spans = [(local(begin), local(end)) for begin, end in pauses]
    moment = calendar.due_with_pauses(local(start), round(hours * HOUR), spans)
    return moment.astimezone(place).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("zone", "start", "hours", "expected"),
    [
        ("America/New_York", "2026-03-08 01:00", 4, "2026-03-08 06:00"),
        ("America/New_York", "2026-11-01 00:30", 4, "2026-11-01 03:30"),
        ("Europe/Amsterdam", "2026-03-29 01:00", 4, "2026-03-29 06:00"),
        ("Europe/Amsterdam", "2026-10-25 01:00", 4, "2026-10-25 04:00"),
        ("Australia/Lord_Howe", "2026-10-04 01:00", 4, "2026-10-04 05:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:00", 4, "2026-04-05 04:30"),
    ],
)
def test_clock_changes_both_ways_in_three_zones(zone, start, hours, expected):
    assert due(zone, AROUND_THE_CLOCK, start, hours) == expected


def test_an_overnight_shift_over_a_holiday():
    """The shift of Thursday evening ends on Friday at six, though Friday is closed; the next one opens on Saturday evening."""
    nights = {day: [("22:00", "06:00")] for day in range(7)}

    assert (
        due("Europe/Amsterdam", nights, "2026-12-24 23:00", 8, {date(2026, 12, 25): []}) == "2026-12-26 23:00"
    )


def test_a_lunch_split():
    split = {day: [("09:00", "12:30"), ("13:00", "17:00")] for day in range(5)}

    assert due("Europe/Amsterdam", split, "2026-11-24 12:00", 1) == "2026-11-24 13:30"


def test_a_holiday_next_to_a_weekend():
    assert (
        due("Europe/Amsterdam", OFFICE, "2026-12-24 16:30", 1, {date(2026, 12, 25): []}) == "2026-12-28 09:30"
    )


def test_a_start_on_the_last_second():
    calendar = BusinessCalendar("UTC", OFFICE)
    start = datetime(2026, 11, 27, 16, 59, 59, tzinfo=ZoneInfo("UTC"))

    assert calendar.due_after(start, 1) == datetime(2026, 11, 27, 17, 0, tzinfo=ZoneInfo("UTC"))
    assert calendar.due_after(start, 2) == datetime(2026, 11, 30, 9, 0, 1, tzinfo=ZoneInfo("UTC"))


def test_a_pause_across_a_weekend():
    paused = [("2026-11-27 16:00", "2026-11-30 10:00")]

    assert due("Europe/Amsterdam", OFFICE, "2026-11-27 15:00", 4, pauses=paused) == "2026-11-30 13:00"


def test_overlapping_pauses():
    paused = [("2026-11-24 10:00", "2026-11-24 12:00"), ("2026-11-24 11:00", "2026-11-24 13:00")]

    assert due("Europe/Amsterdam", OFFICE, "2026-11-24 09:00", 4, pauses=paused) == "2026-11-24 16:00"


ELSEWHERE = {
    "stop from pause": "test_clocks.test_stopping_from_a_pause_ends_the_pause_first",
    "overlapping pauses of a clock": "test_pausing.test_overlapping_pauses_count_once",
    "reassignment one second before due": "test_clocks.test_passing_it_on_one_second_before_due_makes_it_the_teams",
    "change of class during a pause": "test_reclassing.test_a_change_of_class_during_a_pause_keeps_the_pause",
    "a calendar edit mid-clock": "test_recomputing.test_a_change_of_hours_moves_nothing_by_itself",
    "merge of two running clocks": "test_reopening_and_merging.test_of_two_running_clocks_the_earliest_start_counts",
    "occurred before due, logged after the flag": (
        "test_sweeps.test_a_contact_that_occurred_in_time_and_is_logged_after_the_flag_clears_it"
    ),
    "contact and sweep at the same moment": "test_sweeps.test_contact_and_sweep_at_the_same_moment",
    "two sweeps": "test_sweeps.test_two_sweeps_at_once_flag_once",
    "100,000 running clocks": "test_sweeps.test_among_100_000_running_clocks_it_reads_those_that_are_due",
    "worker down for 24 hours": "test_sweeps.test_after_an_outage_the_breach_has_its_true_moment",
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_every_other_case_has_its_test(case):
    module, name = ELSEWHERE[case].split(".")

    assert callable(getattr(import_module(f"tests.sla.{module}"), name))
