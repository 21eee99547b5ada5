"""Which days a figure is about."""

from datetime import date

import pytest

from smarketing.periods import Period, UnknownPeriod, month_of, months_back, read

TODAY = date(2026, 11, 23)


def test_this_month_is_what_is_shown_first():
    assert read({}, today=TODAY) == Period(date(2026, 11, 1), date(2026, 12, 1))


def test_the_end_is_not_in_the_period():
    period = read({"from": "2026-03-01", "to": "2026-04-01"}, today=TODAY)

    assert (period.last, period.ends_at.isoformat()) == (date(2026, 3, 31), "2026-04-01T00:00:00+02:00")


@pytest.mark.parametrize(("name", "first", "end"), [
    ("last_month", date(2026, 10, 1), date(2026, 11, 1)),
    ("this_quarter", date(2026, 10, 1), date(2027, 1, 1)),
    ("this_year", date(2026, 1, 1), date(2027, 1, 1)),
    ("last_12_months", date(2025, 12, 1), date(2026, 12, 1)),
    ("all", None, None),
])  # fmt: skip
def test_periods_have_names(name, first, end):
    assert read({"period": name}, today=TODAY) == Period(first, end)


@pytest.mark.parametrize("asked", [
    {"from": "yesterday"}, {"to": "2026-13-01"}, {"period": "next_year"}, {"from": "2026-05-01", "to": "2026-05-01"}, {"from": "0001-01-01"},
])  # fmt: skip
def test_what_cannot_be_read_is_said_in_words(asked):
    with pytest.raises(UnknownPeriod, match=r"\w+ \w+"):
        read(asked, today=TODAY)


def test_before_a_month_comes_the_month_before_it():
    assert month_of(date(2026, 3, 15)).before() == month_of(date(2026, 2, 1))


def test_before_other_periods_come_as_many_days():
    assert Period(date(2026, 3, 5), date(2026, 3, 15)).before() == Period(date(2026, 2, 23), date(2026, 3, 5))


def test_twelve_months_end_with_the_periods_own():
    months = months_back(month_of(TODAY), 12)

    assert (months[0].first, months[-1].first) == (date(2025, 12, 1), date(2026, 11, 1))
