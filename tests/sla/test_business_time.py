"""Working time, worked by hand: each rule of the clock as a case that a salesperson could check on a calendar."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import (
    BusinessCalendar,
    CountedBlock,
    DayNote,
    InvalidCalendar,
    InvalidTarget,
    NaiveMoment,
    NoOpenTime,
)

MINUTE = 60
HOUR = 3600
WORKING_DAYS = range(5)
EVERY_DAY = range(7)
CHRISTMAS = date(2026, 12, 25)
FRIDAY_OPENING = "2026-11-20 09:00"
FRIDAY_CLOSING = "2026-11-20 17:00"
MONDAY_OPENING = "2026-11-23 09:00"


def moment(text, zone="Europe/Amsterdam", *, fold=0):
    """A local time as an instant; `fold=1` is the second time round. In UTC, as times that occur twice equal nothing."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def hours(*intervals, days=WORKING_DAYS, zone="Europe/Amsterdam", overrides=None):
    return BusinessCalendar(zone=zone, week={day: intervals for day in days}, overrides=overrides or {})


def around_the_clock(zone):
    return hours(("00:00", "24:00"), days=EVERY_DAY, zone=zone)


@pytest.fixture
def office():
    return hours(("09:00", "17:00"))


class TestWithinADay:
    def test_time_counts_from_the_start(self, office):
        assert office.due_after(moment("2026-11-23 10:00"), 2 * HOUR) == moment("2026-11-23 12:00")

    def test_the_due_moment_is_in_utc(self, office):
        due = office.due_after(moment("2026-11-23 10:00"), 2 * HOUR)

        assert due.tzinfo is UTC
        assert due.isoformat() == "2026-11-23T11:00:00+00:00"

    def test_lunch_does_not_count(self):
        calendar = hours(("09:00", "12:30"), ("13:00", "17:00"))

        assert calendar.due_after(moment("2026-11-23 12:00"), HOUR) == moment("2026-11-23 13:30")

    def test_a_start_during_lunch_counts_from_the_afternoon(self):
        calendar = hours(("09:00", "12:30"), ("13:00", "17:00"))

        assert calendar.due_after(moment("2026-11-23 12:45"), HOUR) == moment("2026-11-23 14:00")

    def test_the_start_may_be_written_in_any_zone(self, office):
        start = moment("2026-11-23 04:00", "America/New_York")

        assert office.due_after(start, HOUR) == moment("2026-11-23 11:00")


class TestEdgesOfTheDay:
    def test_a_target_used_up_at_closing_is_due_at_that_closing(self, office):
        assert office.due_after(moment("2026-11-20 13:00"), 4 * HOUR) == moment(FRIDAY_CLOSING)

    def test_one_second_more_is_due_after_the_next_opening(self, office):
        due = office.due_after(moment("2026-11-20 13:00"), 4 * HOUR + 1)

        assert due == moment("2026-11-23 09:00:01")

    def test_a_start_at_closing_counts_from_the_next_opening(self, office):
        assert office.due_after(moment(FRIDAY_CLOSING), HOUR) == moment("2026-11-23 10:00")

    def test_a_start_on_the_last_second_uses_that_second(self, office):
        due = office.due_after(moment("2026-11-20 16:59:59"), HOUR)

        assert due == moment("2026-11-23 09:59:59")

    def test_a_start_before_opening_counts_from_opening(self, office):
        assert office.due_after(moment("2026-11-23 03:00"), HOUR) == moment("2026-11-23 10:00")

    def test_saturday_evening_does_not_keep_its_time_of_day(self, office):
        assert office.due_after(moment("2026-11-21 18:00"), HOUR) == moment("2026-11-23 10:00")

    def test_friday_afternoon_runs_over_the_weekend(self, office):
        due = office.due_after(moment("2026-11-20 16:30"), 4 * HOUR)

        assert due == moment("2026-11-23 12:30")
        assert office.elapsed_between(moment(MONDAY_OPENING), due) == 3 * HOUR + 30 * MINUTE

    def test_the_closing_moment_itself_is_closed(self, office):
        assert office.is_open(moment(FRIDAY_OPENING))
        assert office.is_open(moment("2026-11-20 16:59:59.999999"))
        assert not office.is_open(moment(FRIDAY_CLOSING))


class TestATargetOfZero:
    @pytest.mark.parametrize(
        ("start", "due"),
        [
            ("2026-11-20 11:00", "2026-11-20 11:00"),
            (FRIDAY_OPENING, FRIDAY_OPENING),
            (FRIDAY_CLOSING, FRIDAY_CLOSING),
            ("2026-11-20 17:00:01", MONDAY_OPENING),
            ("2026-11-22 12:00", MONDAY_OPENING),
        ],
        ids=["within hours", "at opening", "at closing", "just after closing", "on Sunday"],
    )
    def test_it_is_due_at_once_or_at_the_next_opening(self, office, start, due):
        assert office.due_after(moment(start), 0) == moment(due)

    def test_adding_nothing_to_a_due_moment_leaves_it(self, office):
        due = office.due_after(moment("2026-11-20 13:00"), 4 * HOUR)

        assert office.due_after(due, 0) == due

    def test_it_has_no_blocks(self, office):
        assert office.blocks_until_due(moment("2026-11-22 12:00"), 0) == []


class TestFractionsOfASecond:
    def test_the_start_keeps_its_microseconds(self, office):
        due = office.due_after(moment("2026-11-20 10:00:00.250000"), HOUR)

        assert due == moment("2026-11-20 11:00:00.250000")

    def test_a_second_may_be_shared_by_two_days(self, office):
        start = moment("2026-11-20 16:59:59.500000")

        due = office.due_after(start, 1)

        assert due == moment("2026-11-23 09:00:00.500000")
        assert office.elapsed_between(start, due) == 1

    def test_elapsed_time_is_rounded_down_once(self, office):
        start = moment("2026-11-20 16:59:59.500000")

        assert office.elapsed_between(start, moment("2026-11-23 09:00:00.499999")) == 0
        assert office.elapsed_between(start, moment("2026-11-23 09:00:01.499999")) == 1

    def test_blocks_still_add_up_to_the_target(self, office):
        blocks = office.blocks_until_due(moment("2026-11-20 16:59:58.500000"), 3)

        assert [block.seconds for block in blocks] == [1, 2]


class TestElapsed:
    def test_nights_and_weekends_do_not_count(self, office):
        assert office.elapsed_between(moment("2026-11-20 16:00"), moment("2026-11-23 10:00")) == 2 * HOUR

    def test_nothing_passes_over_a_weekend(self, office):
        assert office.elapsed_between(moment(FRIDAY_CLOSING), moment(MONDAY_OPENING)) == 0

    def test_nothing_has_passed_before_the_start(self, office):
        assert office.elapsed_between(moment("2026-11-20 16:00"), moment("2026-11-20 12:00")) == 0

    def test_tomorrow_in_auckland_begins_today_in_utc(self):
        auckland = hours(("09:00", "17:00"), zone="Pacific/Auckland")
        monday_morning = datetime(2026, 11, 22, 19, tzinfo=UTC), datetime(2026, 11, 22, 21, tzinfo=UTC)

        assert auckland.elapsed_between(*monday_morning) == HOUR

    def test_a_year_counts_its_working_days(self, office):
        year = office.elapsed_between(moment("2026-01-01 00:00"), moment("2027-01-01 00:00"))

        assert year == 261 * 8 * HOUR


class TestIntervals:
    def test_they_are_clipped_to_what_was_asked(self, office):
        found = office.open_intervals(moment("2026-11-20 16:00"), moment("2026-11-23 10:00"))

        assert list(found) == [
            (moment("2026-11-20 16:00"), moment(FRIDAY_CLOSING)),
            (moment(MONDAY_OPENING), moment("2026-11-23 10:00")),
        ]

    def test_overlapping_hours_count_once(self):
        calendar = hours(("09:00", "13:00"), ("12:00", "17:00"), ("10:00", "11:00"))

        assert list(calendar.open_intervals(moment("2026-11-23 00:00"), moment("2026-11-24 00:00"))) == [
            (moment("2026-11-23 09:00"), moment("2026-11-23 17:00"))
        ]

    def test_hours_that_touch_become_one(self):
        calendar = hours(("09:00", "12:00"), ("12:00", "17:00"))

        assert calendar.next_closing(moment("2026-11-23 10:00")) == moment("2026-11-23 17:00")

    def test_open_all_day_every_day_is_one_interval(self):
        start, end = moment("2026-11-20 12:00"), moment("2026-12-04 12:00")

        assert list(around_the_clock("Europe/Amsterdam").open_intervals(start, end)) == [(start, end)]

    def test_an_end_before_the_start_has_none(self, office):
        assert list(office.open_intervals(moment("2026-11-23 12:00"), moment("2026-11-20 12:00"))) == []

    def test_a_clip_inside_hours_that_overlap_across_midnight(self):
        calendar = hours(("10:00", "03:00"), ("00:00", "14:00"))
        start, end = moment("2026-11-23 22:00"), moment("2026-11-24 01:00")

        assert list(calendar.open_intervals(start, end)) == [(start, end)]


class TestNightShifts:
    @pytest.fixture
    def night(self):
        return hours(("22:00", "06:00"))

    def test_they_run_past_midnight(self, night):
        assert night.due_after(moment("2026-11-23 23:00"), 3 * HOUR) == moment("2026-11-24 02:00")

    def test_friday_night_reaches_into_saturday(self, night):
        assert night.is_open(moment("2026-11-21 05:59"))
        assert not night.is_open(moment("2026-11-21 22:00"))

    def test_monday_begins_in_the_evening(self, night):
        assert not night.is_open(moment("2026-11-23 03:00"))

    def test_one_of_almost_a_day_is_seen_from_the_utc_date_after_next(self):
        sunday = hours(("21:00", "20:30"), days=[6], zone="America/New_York")

        assert sunday.is_open(moment("2026-11-23 20:15", "America/New_York"))

    def test_they_run_into_the_next_days_hours(self):
        calendar = BusinessCalendar("Europe/Amsterdam", {0: [("22:00", "10:00")], 1: [("09:00", "17:00")]})
        monday_evening, tuesday_evening = moment("2026-11-23 21:00"), moment("2026-11-24 21:00")

        assert list(calendar.open_intervals(monday_evening, tuesday_evening)) == [
            (moment("2026-11-23 22:00"), moment("2026-11-24 17:00"))
        ]
        assert calendar.elapsed_between(monday_evening, tuesday_evening) == 19 * HOUR

    def test_a_holiday_takes_the_night_that_begins_on_it(self, night):
        calendar = hours(("22:00", "06:00"), overrides={CHRISTMAS: []})

        assert calendar.is_open(moment("2026-12-25 05:00"))
        assert not calendar.is_open(moment("2026-12-25 23:00"))
        assert not calendar.is_open(moment("2026-12-26 05:00"))

    def test_the_same_time_twice_is_a_whole_day(self):
        calendar = hours(("09:00", "09:00"), days=[0])

        assert calendar.elapsed_between(moment("2026-11-23 00:00"), moment("2026-11-30 00:00")) == 24 * HOUR

    def test_a_day_may_end_at_24(self):
        calendar = hours(("18:00", "24:00"), days=[0])

        assert calendar.due_after(moment("2026-11-23 20:00"), 4 * HOUR) == moment("2026-11-24 00:00")


class TestHolidays:
    def test_one_next_to_a_weekend_makes_it_longer(self):
        calendar = hours(("09:00", "17:00"), overrides={CHRISTMAS: []})

        assert calendar.due_after(moment("2026-12-24 16:00"), 2 * HOUR) == moment("2026-12-28 10:00")

    def test_one_on_a_monday_moves_the_due_moment_to_tuesday(self):
        easter_monday = date(2026, 4, 6)
        calendar = hours(("09:00", "17:00"), overrides={easter_monday: []})

        assert calendar.due_after(moment("2026-04-03 16:30"), 4 * HOUR) == moment("2026-04-07 12:30")

    def test_part_of_a_day(self):
        calendar = hours(("09:00", "17:00"), overrides={date(2026, 12, 24): [("09:00", "12:00")]})

        assert calendar.due_after(moment("2026-12-24 11:00"), 2 * HOUR) == moment("2026-12-25 10:00")

    def test_an_extra_working_day(self):
        calendar = hours(("09:00", "17:00"), overrides={date(2026, 11, 21): [("09:00", "15:00")]})

        assert calendar.due_after(moment(FRIDAY_CLOSING), HOUR) == moment("2026-11-21 10:00")

    def test_the_date_is_that_of_the_calendars_zone(self):
        calendar = hours(("09:00", "17:00"), zone="Pacific/Auckland", overrides={CHRISTMAS: []})
        still_the_24th_in_utc = datetime(2026, 12, 24, 21, tzinfo=UTC)

        assert not calendar.is_open(still_the_24th_in_utc)


class TestClockChanges:
    """Open all day, so that only the change itself can lengthen or shorten anything."""

    @pytest.mark.parametrize(
        ("zone", "start", "due"),
        [
            ("America/New_York", "2026-03-08 01:00", "2026-03-08 06:00"),
            ("America/New_York", "2026-11-01 00:30", "2026-11-01 03:30"),
            ("Europe/Amsterdam", "2026-03-29 01:00", "2026-03-29 06:00"),
            ("Europe/Amsterdam", "2026-10-25 01:00", "2026-10-25 04:00"),
            ("Australia/Lord_Howe", "2026-04-05 00:00", "2026-04-05 03:30"),
            ("Australia/Lord_Howe", "2026-10-04 00:00", "2026-10-04 04:30"),
        ],
    )
    def test_four_hours_are_four_hours(self, zone, start, due):
        assert around_the_clock(zone).due_after(moment(start, zone), 4 * HOUR) == moment(due, zone)

    @pytest.mark.parametrize(
        ("zone", "day", "length"),
        [
            ("Europe/Amsterdam", "2026-03-29", 23 * HOUR),
            ("Europe/Amsterdam", "2026-10-25", 25 * HOUR),
            ("America/New_York", "2026-03-08", 23 * HOUR),
            ("America/New_York", "2026-11-01", 25 * HOUR),
            ("Australia/Lord_Howe", "2026-04-05", 24 * HOUR + 30 * MINUTE),
            ("Australia/Lord_Howe", "2026-10-04", 23 * HOUR + 30 * MINUTE),
            ("Africa/Casablanca", "2026-02-15", 25 * HOUR),
            ("Africa/Casablanca", "2026-03-22", 23 * HOUR),
            ("Asia/Kolkata", "2026-03-29", 24 * HOUR),
        ],
    )
    def test_the_day_is_as_long_as_it_is(self, zone, day, length):
        calendar = BusinessCalendar(zone, {}, overrides={date.fromisoformat(day): [("00:00", "24:00")]})
        midnight = moment(f"{day} 00:00", zone)

        assert calendar.elapsed_between(midnight, midnight + timedelta(days=3)) == length

    def test_an_opening_in_the_skipped_hour_is_its_end(self):
        sunday = hours(("02:30", "05:00"), days=[6])

        assert sunday.next_opening(moment("2026-03-29 00:00")) == moment("2026-03-29 03:00")

    def test_a_closing_in_the_skipped_hour_is_its_end(self):
        sunday = hours(("01:00", "02:30"), days=[6])

        assert list(sunday.open_intervals(moment("2026-03-29 00:00"), moment("2026-03-30 00:00"))) == [
            (moment("2026-03-29 01:00"), moment("2026-03-29 03:00"))
        ]

    def test_the_half_hour_that_lord_howe_skips(self):
        sunday = hours(("02:15", "03:00"), days=[6], zone="Australia/Lord_Howe")
        sunday_morning = moment("2026-10-04 00:00", "Australia/Lord_Howe")

        assert sunday.due_after(sunday_morning, 30 * MINUTE) == moment(
            "2026-10-04 03:00", "Australia/Lord_Howe"
        )

    def test_hours_wholly_in_the_skipped_hour_are_left_out(self):
        sunday = hours(("02:10", "02:50"), days=[6])

        assert not sunday.is_working_day(date(2026, 3, 29))
        assert sunday.next_opening(moment("2026-03-28 00:00")) == moment("2026-04-05 02:10")

    def test_an_opening_that_occurs_twice_takes_the_first(self):
        sunday = hours(("02:30", "05:00"), days=[6])

        assert sunday.next_opening(moment("2026-10-25 00:00")) == moment("2026-10-25 02:30", fold=0)
        assert sunday.elapsed_between(moment("2026-10-25 00:00"), moment("2026-10-26 00:00")) == 3.5 * HOUR

    def test_a_closing_that_occurs_twice_takes_the_second(self):
        sunday = hours(("01:00", "02:30"), days=[6])

        assert sunday.next_closing(moment("2026-10-25 01:00")) == moment("2026-10-25 02:30", fold=1)
        assert sunday.elapsed_between(moment("2026-10-25 00:00"), moment("2026-10-26 00:00")) == 2.5 * HOUR

    def test_a_closing_at_the_moment_the_clock_is_put_back_to_takes_the_second_too(self):
        sunday = hours(("01:00", "02:00"), days=[6])

        assert sunday.next_closing(moment("2026-10-25 01:00")) == moment("2026-10-25 02:00", fold=1)
        assert sunday.elapsed_between(moment("2026-10-25 00:00"), moment("2026-10-26 00:00")) == 2 * HOUR

    def test_hours_apart_on_the_wall_may_overlap_in_fact(self):
        sunday = hours(("01:00", "02:15"), ("02:45", "04:00"), days=[6])

        assert list(sunday.open_intervals(moment("2026-10-25 00:00"), moment("2026-10-26 00:00"))) == [
            (moment("2026-10-25 01:00"), moment("2026-10-25 04:00"))
        ]

    @pytest.mark.parametrize("friday", ["2026-03-27", "2026-10-23"])
    def test_monday_is_right_after_a_change_on_sunday(self, office, friday):
        start = moment(f"{friday} 16:30")

        due = office.due_after(start, 4 * HOUR)

        assert due == moment(f"{date.fromisoformat(friday) + timedelta(days=3)} 12:30")

    def test_a_night_shift_loses_the_skipped_hour(self):
        night = hours(("22:00", "06:00"), days=[5])

        assert night.elapsed_between(moment("2026-03-28 12:00"), moment("2026-03-29 12:00")) == 7 * HOUR
        assert night.elapsed_between(moment("2026-10-24 12:00"), moment("2026-10-25 12:00")) == 9 * HOUR

    def test_a_date_that_never_was_has_no_hours(self):
        samoa = hours(("09:00", "17:00"), zone="Pacific/Apia")

        assert not samoa.is_working_day(date(2011, 12, 30))
        assert samoa.due_after(moment("2011-12-29 16:00", "Pacific/Apia"), 2 * HOUR) == moment(
            "2012-01-02 10:00", "Pacific/Apia"
        )


class TestNoOpenTime:
    @pytest.mark.parametrize("seconds", [0, 1, 4 * HOUR])
    def test_an_empty_week_is_never_around_the_clock(self, seconds):
        with pytest.raises(NoOpenTime):
            hours(days=[]).due_after(moment(FRIDAY_OPENING), seconds)

    def test_it_says_from_when(self):
        with pytest.raises(NoOpenTime, match="no open time in the 366 days after 2026-11-20T08:00:00"):
            hours(days=[]).due_after(moment(FRIDAY_OPENING), HOUR)

    def test_nothing_passes_on_an_empty_calendar(self):
        assert hours(days=[]).elapsed_between(moment("2020-01-01 00:00"), moment("2026-01-01 00:00")) == 0

    def test_a_single_open_day_may_run_out(self):
        calendar = hours(days=[], overrides={date(2026, 11, 23): [("09:00", "10:00")]})

        assert calendar.due_after(moment(FRIDAY_OPENING), HOUR) == moment("2026-11-23 10:00")
        with pytest.raises(NoOpenTime):
            calendar.due_after(moment(FRIDAY_OPENING), HOUR + 1)

    def test_the_366th_day_still_counts(self):
        start = moment("2026-11-20 09:00")
        opening = (start + timedelta(days=366)).date()
        just_in_time = hours(days=[], overrides={opening: [("08:59:59", "10:00")]})
        too_late = hours(days=[], overrides={opening: [("09:00", "10:00")]})

        assert just_in_time.next_opening(start) == moment(f"{opening} 08:59:59")
        with pytest.raises(NoOpenTime):
            too_late.next_opening(start)

    def test_a_long_target_may_take_years(self):
        one_hour_a_week = hours(("09:00", "10:00"), days=[0])

        due = one_hour_a_week.due_after(moment(MONDAY_OPENING), 200 * HOUR)

        assert due == moment("2030-09-16 10:00")

    def test_the_end_of_all_dates_is_no_open_time(self, office):
        with pytest.raises(NoOpenTime):
            office.due_after(datetime(9999, 12, 20, tzinfo=UTC), 400 * HOUR)


class TestPauses:
    def test_the_agreed_example(self, office):
        weekend = (moment("2026-11-20 16:00"), moment("2026-11-23 10:00"))

        due = office.due_with_pauses(moment("2026-11-20 15:00"), 4 * HOUR, [weekend])

        assert due == moment("2026-11-23 13:00")

    def test_it_is_what_remains_after_the_pause(self, office):
        start, paused, resumed = (
            moment(text) for text in ("2026-11-20 15:00", "2026-11-20 16:00", "2026-11-23 10:00")
        )

        remaining = 4 * HOUR - office.elapsed_between(start, paused)

        assert office.due_after(resumed, remaining) == office.due_with_pauses(
            start, 4 * HOUR, [(paused, resumed)]
        )

    def test_overlapping_pauses_count_once(self, office):
        question = (moment("2026-11-23 10:00"), moment("2026-11-23 12:00"))
        duplicate = (moment("2026-11-23 11:00"), moment("2026-11-23 13:00"))

        due = office.due_with_pauses(moment(MONDAY_OPENING), 2 * HOUR, [duplicate, question])

        assert due == moment("2026-11-23 14:00")

    def test_a_pause_within_another_changes_nothing(self, office):
        long = (moment("2026-11-23 10:00"), moment("2026-11-23 14:00"))
        within = (moment("2026-11-23 11:00"), moment("2026-11-23 12:00"))

        assert office.due_with_pauses(moment(MONDAY_OPENING), 2 * HOUR, [within, long]) == moment(
            "2026-11-23 15:00"
        )

    def test_a_pause_outside_hours_changes_nothing(self, office):
        night = (moment("2026-11-23 18:00"), moment("2026-11-24 08:00"))

        due = office.due_with_pauses(moment("2026-11-23 16:00"), 2 * HOUR, [night])

        assert due == office.due_after(moment("2026-11-23 16:00"), 2 * HOUR)

    def test_a_pause_after_the_due_moment_does_not_heal(self, office):
        at_due = (moment("2026-11-23 11:00"), moment("2026-11-23 15:00"))

        assert office.due_with_pauses(moment(MONDAY_OPENING), 2 * HOUR, [at_due]) == moment(
            "2026-11-23 11:00"
        )

    def test_a_pause_that_began_before_the_start_delays_it(self, office):
        early = (moment("2026-11-23 08:00"), moment("2026-11-23 10:00"))

        assert office.due_with_pauses(moment(MONDAY_OPENING), HOUR, [early]) == moment("2026-11-23 11:00")

    def test_stopping_from_a_pause_counts_until_the_pause(self, office):
        stopped = moment("2026-11-23 12:00")
        pause = (moment("2026-11-23 10:00"), stopped)

        assert office.elapsed_with_pauses(moment(MONDAY_OPENING), stopped, [pause]) == HOUR

    def test_a_new_target_keeps_the_start_and_the_pauses(self, office):
        pause = (moment("2026-11-23 10:00"), moment("2026-11-23 12:00"))

        hot = office.due_with_pauses(moment(MONDAY_OPENING), 2 * HOUR, [pause])
        other = office.due_with_pauses(moment(MONDAY_OPENING), 8 * HOUR, [pause])

        assert hot == moment("2026-11-23 13:00")
        assert other == moment("2026-11-24 11:00")

    def test_a_pause_of_more_than_a_year_is_not_a_lack_of_open_time(self, office):
        sabbatical = (moment(MONDAY_OPENING), moment("2028-11-23 09:00"))

        assert office.due_with_pauses(moment(MONDAY_OPENING), HOUR, [sabbatical]) == moment(
            "2028-11-23 10:00"
        )

    def test_a_pause_that_ends_before_it_begins_counts_as_none(self, office):
        backwards = (moment("2026-11-23 12:00"), moment("2026-11-23 10:00"))

        assert office.due_with_pauses(moment(MONDAY_OPENING), HOUR, [backwards]) == moment("2026-11-23 10:00")


class TestTheArithmetic:
    def test_blocks_lead_from_start_to_due(self, office):
        blocks = office.blocks_until_due(moment("2026-11-20 16:30"), 4 * HOUR)

        assert blocks == [
            CountedBlock(moment("2026-11-20 16:30"), moment(FRIDAY_CLOSING), 30 * MINUTE),
            CountedBlock(moment(MONDAY_OPENING), moment("2026-11-23 12:30"), 210 * MINUTE),
        ]

    def test_a_pause_cuts_a_block(self, office):
        pause = (moment("2026-11-23 10:00"), moment("2026-11-23 12:00"))

        blocks = office.blocks_until_due(moment(MONDAY_OPENING), 2 * HOUR, [pause])

        assert [block.seconds for block in blocks] == [HOUR, HOUR]

    def test_days_around_the_clock_are_one_block(self):
        blocks = around_the_clock("Europe/Amsterdam").blocks_until_due(moment("2026-11-23 12:00"), 72 * HOUR)

        assert [block.seconds for block in blocks] == [72 * HOUR]

    def test_closed_and_different_days_are_named(self):
        calendar = hours(
            ("09:00", "17:00"), overrides={date(2026, 12, 24): [("09:00", "12:00")], CHRISTMAS: []}
        )

        assert calendar.days_closed_between(date(2026, 12, 23), date(2026, 12, 27)) == [
            DayNote(date(2026, 12, 24), is_closed=False, is_override=True),
            DayNote(CHRISTMAS, is_closed=True, is_override=True),
            DayNote(date(2026, 12, 26), is_closed=True, is_override=False),
            DayNote(date(2026, 12, 27), is_closed=True, is_override=False),
        ]


class TestQuestions:
    def test_november_2026_has_21_working_days(self, office):
        assert office.working_days_between(date(2026, 11, 1), date(2026, 11, 30)) == 21
        assert office.working_days_between(date(2026, 11, 1), date(2026, 11, 23)) == 16

    def test_the_tail_of_a_night_shift_makes_no_working_day(self):
        night = hours(("22:00", "06:00"))

        assert night.working_days_between(date(2026, 11, 21), date(2026, 11, 22)) == 0

    def test_the_next_opening_is_now_during_hours(self, office):
        assert office.next_opening(moment("2026-11-20 11:00")) == moment("2026-11-20 11:00")
        assert office.next_opening(moment("2026-11-21 11:00")) == moment(MONDAY_OPENING)

    def test_around_the_clock_never_closes(self):
        assert around_the_clock("UTC").next_closing(moment("2026-11-20 11:00")) is None

    def test_outside_hours_the_closing_is_that_of_the_next_day(self, office):
        assert office.next_closing(moment("2026-11-21 11:00")) == moment("2026-11-23 17:00")

    def test_the_local_date_is_the_calendars(self):
        assert hours(zone="Pacific/Auckland").local_date(moment("2026-11-20 13:00")) == date(2026, 11, 21)

    def test_a_date_starts_at_its_first_instant(self):
        cuba = hours(zone="America/Havana")

        assert cuba.start_of(date(2026, 3, 8)) == moment("2026-03-08 01:00", "America/Havana")

    def test_the_hours_of_a_date_as_written(self):
        calendar = hours(
            ("09:00", "12:30"), ("13:00", "17:00:30"), overrides={CHRISTMAS: [("22:00", "02:00")]}
        )

        assert calendar.hours_on(date(2026, 12, 24)) == (("09:00", "12:30"), ("13:00", "17:00:30"))
        assert calendar.hours_on(CHRISTMAS) == (("22:00", "02:00"),)
        assert calendar.hours_on(date(2026, 12, 26)) == ()

    def test_a_usual_day_is_the_middle_one(self):
        calendar = BusinessCalendar(
            "UTC",
            {0: [("09:00", "17:00")], 1: [("09:00", "17:00")], 2: [("09:00", "12:00"), ("11:00", "13:00")]},
        )

        assert calendar.usual_day() == 8 * HOUR
        assert hours(days=[]).usual_day() == 0


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "ask",
        [
            lambda office, naive: office.due_after(naive, HOUR),
            lambda office, naive: office.elapsed_between(naive, naive),
            lambda office, naive: office.open_intervals(naive, naive),
            lambda office, naive: office.is_open(naive),
            lambda office, naive: office.next_opening(naive),
            lambda office, naive: office.local_date(naive),
            lambda office, naive: office.due_with_pauses(moment(FRIDAY_OPENING), HOUR, [(naive, naive)]),
        ],
    )
    def test_a_moment_without_zone(self, office, ask):
        with pytest.raises(NaiveMoment):
            ask(office, datetime(2026, 11, 20, 9))  # noqa: DTZ001 - that is the point

    @pytest.mark.parametrize("seconds", [-1, 10**12])
    def test_a_target_that_makes_no_sense(self, office, seconds):
        with pytest.raises(InvalidTarget):
            office.due_after(moment(FRIDAY_OPENING), seconds)

    def test_a_target_that_is_not_whole(self, office):
        with pytest.raises(TypeError):
            office.due_after(moment(FRIDAY_OPENING), 1.5)

    @pytest.mark.parametrize(
        ("week", "sentence"),
        [
            ({0: [("9 o'clock", "17:00")]}, "Monday: in 9 o'clock-17:00, \"9 o'clock\" is not a time of day"),
            ({1: [("09:00", "25:00")]}, "Tuesday: in 09:00-25:00, '25:00' is not a time of day"),
            ({1: [("09:00", "24:01")]}, "'24:01' is not a time of day"),
            ({1: [("09:60", "17:00")]}, "'09:60' is not a time of day"),
            ({1: [("9:00", "17:00")]}, "'9:00' is not a time of day"),
            ({1: [("٠٩:00", "17:00")]}, "is not a time of day"),
            ({1: [(9, 17)]}, "9 is not a time of day"),
            ({2: [("24:00", "02:00")]}, "Wednesday: 24:00-02:00 cannot open at 24:00"),
            ({3: [("09:00",)]}, "Thursday: .* is not an opening and a closing time"),
            ({3: ["09"]}, "Thursday: '09' is not an opening and a closing time"),
            ({4: "09:00-17:00"}, "Friday: '09:00-17:00' is not a list of intervals"),
            ({4: None}, "Friday: None is not a list of intervals"),
            ({7: []}, "7 is not a weekday: Monday is 0, Sunday is 6"),
            ({"0": []}, "'0' is not a weekday"),
        ],
    )
    def test_hours_that_cannot_be_read(self, week, sentence):
        with pytest.raises(InvalidCalendar, match=sentence):
            BusinessCalendar("UTC", week)

    @pytest.mark.parametrize(
        ("overrides", "sentence"),
        [
            ({CHRISTMAS: [("09:00", "noon")]}, "2026-12-25: in 09:00-noon, 'noon' is not a time of day"),
            ({"2026-12-25": []}, "'2026-12-25' is not a date"),
            ({datetime(2026, 12, 25, tzinfo=UTC): []}, "is not a date"),
        ],
    )
    def test_dates_that_cannot_be_read(self, overrides, sentence):
        with pytest.raises(InvalidCalendar, match=sentence):
            BusinessCalendar("UTC", {}, overrides)

    @pytest.mark.parametrize("zone", ["", "Amsterdam", "America", "../UTC", "/etc/passwd", "U\0TC", None])
    def test_zones_that_do_not_exist(self, zone):
        with pytest.raises(InvalidCalendar, match="is not a known time zone"):
            BusinessCalendar(zone, {})

    def test_a_form_says_it_in_its_own_language(self):
        dutch = {
            "Friday": "vrijdag",
            "%(given)r is not a list of intervals.": "%(given)r is geen lijst van tijden.",
        }

        with pytest.raises(InvalidCalendar) as refusal:
            BusinessCalendar("UTC", {4: "noon"})

        assert (
            refusal.value.sentence(lambda words: dutch[words]) == "vrijdag: 'noon' is geen lijst van tijden."
        )
        assert refusal.value.day == 4


class TestTheCalendarItself:
    def test_it_cannot_be_changed(self, office):
        with pytest.raises(AttributeError):
            office.zone = "UTC"
        with pytest.raises(TypeError):
            office.week[5] = [("09:00", "17:00")]

    def test_changing_what_it_was_made_from_does_not_change_it(self):
        week = {0: [("09:00", "17:00")]}
        calendar = BusinessCalendar("UTC", week)

        week[0].append(("18:00", "20:00"))

        assert calendar.hours_on(date(2026, 11, 23)) == (("09:00", "17:00"),)

    def test_the_same_hours_are_the_same_calendar(self, office):
        written_otherwise = hours((time(9), "12:00:00"), ("12:00", time(17)))

        assert written_otherwise == office
        assert hash(written_otherwise) == hash(office)
        assert office != hours(("09:00", "17:00"), zone="Europe/Brussels")
        assert office != hours(("09:00", "17:00"), overrides={CHRISTMAS: []})

    def test_it_survives_being_pickled(self):
        calendar = hours(("22:00", "06:00"), overrides={CHRISTMAS: [("09:00", "24:00")]})

        assert pickle.loads(pickle.dumps(calendar)) == calendar

    def test_what_it_remembers_stays_small(self, office):
        for year in range(1990, 2030):
            office.working_days_between(date(year, 1, 1), date(year, 12, 31))

        assert len(office._open.remembered) <= 4_000
