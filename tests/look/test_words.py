"""Times, spans and numbers as they stand on the page, in both languages."""

from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest
from babel import dates, numbers
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from smarketing import words

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY_ELEVEN = datetime(2026, 11, 23, 11, 0, tzinfo=AMSTERDAM)
MAX_DIGITS = 400  # a float has up to 309 before the point
MINUTE, HOUR, DAY = 60, 3600, 8 * 3600


@pytest.fixture(autouse=True)
def english_in_amsterdam(settings):
    settings.TIME_ZONE = "Europe/Amsterdam"
    with translation.override("en"):
        yield


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "< 1 m"),
        (59, "< 1 m"),
        (MINUTE, "1 m"),
        (35 * MINUTE + 59, "35 m"),
        (5 * HOUR, "5 h"),
        (80 * MINUTE, "1 h 20 m"),
        (DAY, "1 d"),
        (DAY + 3 * HOUR + 20 * MINUTE, "1 d 3 h"),
        (2 * DAY + 20 * MINUTE, "2 d"),
        (-35 * MINUTE, "35 m"),
        (None, "–"),
    ],
)
def test_a_span_has_at_most_two_units_and_no_zero(seconds, said):
    assert plain(words.working_duration(seconds)) == said


def test_a_day_is_a_working_day_of_the_team():
    assert plain(words.working_duration(9 * HOUR, day=6 * HOUR)) == "1 d 3 h"


def test_a_span_does_not_break_over_two_lines():
    assert " " not in words.working_duration(80 * MINUTE)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (80 * MINUTE, "1 hour 20 minutes"),
        (HOUR + MINUTE, "1 hour 1 minute"),
        (2 * DAY, "2 working days"),
        (30, "less than a minute"),
    ],
)
def test_a_voice_hears_whole_words(seconds, said):
    assert words.spoken_duration(seconds) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (MONDAY_ELEVEN.replace(hour=16, minute=20), "16:20"),
        (MONDAY_ELEVEN + timedelta(days=1), "Tue 11:00"),
        (MONDAY_ELEVEN + timedelta(days=6), "Sun 11:00"),
        (MONDAY_ELEVEN + timedelta(days=8), "Tue 1 Dec 11:00"),
        (MONDAY_ELEVEN + timedelta(days=60), "Fri 22 Jan 2027 11:00"),
        (MONDAY_ELEVEN - timedelta(days=3), "Fri 11:00"),
        (None, "–"),
    ],
)
def test_a_due_time_is_as_short_as_it_can_be_without_doubt(moment, said):
    assert words.due_time(moment, MONDAY_ELEVEN) == said


def test_a_moment_is_told_in_the_zone_of_the_reader_not_of_the_database():
    midnight_in_london = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("UTC"))

    assert words.due_time(midnight_in_london, MONDAY_ELEVEN) == "Tue 00:30"


def test_after_the_change_of_the_clocks_the_wall_time_is_right():
    before, after = (
        datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("UTC")),
    )

    assert [words.due_time(m, before) for m in (before, after)] == ["02:30", "02:30"]


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=8), "15 Nov 2026"),
    ],
)
def test_the_past_is_near_for_seven_days(passed, said):
    assert words.ago(MONDAY_ELEVEN - passed, MONDAY_ELEVEN) == said


def test_numbers_and_money_in_english():
    assert words.number(1204) == "1,204"
    assert words.money(Decimal("1234.5")) == "€1,234.50"
    assert words.money(1234, "EUR", cents=False) == "€1,234"
    assert words.short_money(84_000) == "€84k"
    assert words.short_money(1_240_000) == "€1.2M"
    assert words.percent(0.57) == "57%"
    assert words.short_date(MONDAY_ELEVEN.date()) == "23 Nov 2026"


def test_numbers_and_money_in_dutch():
    with translation.override("nl"):
        assert words.number(1204) == "1.204"
        assert plain(words.money(Decimal("1234.5"))) == "€ 1.234,50"
        assert plain(words.money(1234, "EUR", cents=False)) == "€ 1.234"
        assert plain(words.percent(0.57)) == "57 %"
        assert words.short_date(MONDAY_ELEVEN.date()) == "23 nov 2026"
        assert words.due_time(MONDAY_ELEVEN + timedelta(days=8), MONDAY_ELEVEN) == "di 1 dec 11:00"


def test_division_by_nothing_is_a_dash_and_never_zero():
    assert (
        words.percent(None) == words.money(None) == words.number(None) == words.working_duration(None) == "–"
    )
    assert words.percent(0) == "0%"


def test_a_share_is_rounded_by_its_decimal_digits():
    assert words.percent(0.145, digits=1) == "14.5%"


def test_templates_use_the_same_words():
    page = "{% load words %}{{ s|working_duration }}|{{ n|number }}|{{ a|money:'USD' }}|{{ p|percent }}|{{ none|percent }}"
    said = Template(page).render(
        Context({"s": timedelta(minutes=80), "n": 1204, "a": 5, "p": 0.5, "none": None})
    )

    assert plain(said) == "1 h 20 m|1,204|US$5.00|50%|–"


def test_a_time_element_carries_the_whole_moment():
    html = Template('{% load words %}{% moment at "date" %}').render(Context({"at": MONDAY_ELEVEN}))

    assert 'datetime="2026-11-23T11:00:00+01:00"' in html
    assert 'title="Monday 23 November 2026 11:00"' in html
    assert ">23 Nov 2026</time>" in html


def test_the_browser_gets_every_word_it_needs_for_a_countdown():
    assert {
        "d",
        "h",
        "m",
        "left",
        "late",
        "paused",
        "saidLeft",
        "saidLate",
        "saidPaused",
        "at",
        "less",
        "day",
        "hour",
        "minute",
        "soon",
        "isLate",
    } == set(words.clock_words())


@given(
    st.one_of(
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.decimals(allow_nan=False, allow_infinity=False, places=4),
    ),
    st.integers(0, 3),
    st.sampled_from(["en", "nl"]),
)
def test_numbers_are_written_as_babel_writes_them(value, digits, language):
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    with translation.override(language):
        said = words.number(value, digits)
        with localcontext(prec=MAX_DIGITS):  # Babel quantizes, for which the usual 28 digits are few
            babel = numbers.format_decimal(value, pattern, locale=words.locale())
    assert said == (babel if said.strip("0.,") else babel.removeprefix("-"))  # minus nothing is nothing


@pytest.mark.parametrize("number", [10**28, -(10**40) - 5, Decimal("12345678901234567890123456789.5")])
def test_a_number_of_any_size_is_written_to_the_last_digit(number):
    assert Decimal(words.number(number, 1).replace(",", "")) == number


@pytest.mark.parametrize("language", ["en", "nl"])
@given(seconds=st.integers(min_value=60, max_value=7 * 86_400 - 1), ahead=st.booleans())
def test_what_is_ago_is_said_as_babel_says_it(language, seconds, ahead):
    passed = timedelta(seconds=-seconds if ahead else seconds)
    with translation.override(language):
        told = dates.format_timedelta(-passed, add_direction=True, threshold=1, locale=words.locale())
        assert words.ago(MONDAY_ELEVEN - passed, MONDAY_ELEVEN) == told


def test_the_same_moment_is_another_time_of_day_in_another_zone():
    assert f"{words.wall_time(MONDAY_ELEVEN):%H:%M}" == "11:00"
    with timezone.override("Asia/Tokyo"):
        assert f"{words.wall_time(MONDAY_ELEVEN):%H:%M}" == "19:00"
    assert f"{words.wall_time(MONDAY_ELEVEN):%H:%M}" == "11:00"


def test_the_hour_that_comes_twice_stays_two_moments():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)
    second = first.replace(fold=1)

    assert words.wall_time(first).utcoffset() == timedelta(hours=2)
    assert words.wall_time(second).utcoffset() == timedelta(hours=1)
