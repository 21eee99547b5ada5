"""A coffee begins with times on which both colleagues work, so that proposing one takes a click."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from handoff.conversation import coffee, suggesting
from smarketing.accounts.models import Absence
from tests.conftest import AMSTERDAM, TUESDAY_NOON
from tests.factories import AgreementFactory

HALF_PAST_ONE = datetime(2026, 11, 24, 13, 30, tzinfo=AMSTERDAM)
A_DAY = timedelta(days=1)


def at_nine(day: int) -> datetime:
    return datetime(2026, 11, day, 9, 0, tzinfo=AMSTERDAM)


@pytest.fixture
def agreed_hours(db):
    """Marketing works from nine to five; sales too."""
    return AgreementFactory()


def test_one_moment_on_each_of_the_next_days_first_in_an_hour(agreed_hours, mia, sam):
    found = suggesting.times([mia, sam], at=TUESDAY_NOON + timedelta(minutes=20))

    assert found == [HALF_PAST_ONE, at_nine(25), at_nine(26)]


def test_a_talk_ends_before_the_day_does(agreed_hours, mia, sam):
    late = datetime(2026, 11, 24, 15, 45, tzinfo=AMSTERDAM)

    assert suggesting.times([mia, sam], at=late)[0] == at_nine(25), (
        "five o'clock is too late for half an hour"
    )


def test_weekends_are_left_out_before_there_is_an_agreement_too(mia, sam):
    friday_evening = datetime(2026, 11, 27, 18, 0, tzinfo=AMSTERDAM)

    found = suggesting.times([mia, sam], at=friday_evening)

    assert found[0] == datetime(2026, 11, 30, 9, 0, tzinfo=AMSTERDAM)


def test_who_is_away_is_not_asked_for_that_day(agreed_hours, mia, sam):
    Absence.objects.create(
        user=sam, starts_at=at_nine(25) - timedelta(hours=9), ends_at=at_nine(26) + A_DAY / 8
    )

    found = suggesting.times([mia, sam], at=TUESDAY_NOON)

    assert [moment.day for moment in found] == [24, 26, 27]
    assert found[1] == at_nine(26) + A_DAY / 8


def test_both_must_be_at_work(agreed_hours, mia, sam):
    sam.own_week = {"1": [["13:00", "17:00"]], "3": [["14:00", "17:00"]]}
    sam.save()

    found = suggesting.times([mia, sam], at=at_nine(24) - timedelta(hours=1))

    assert found == [
        datetime(2026, 11, 24, 13, 0, tzinfo=AMSTERDAM),
        datetime(2026, 11, 26, 14, 0, tzinfo=AMSTERDAM),
        datetime(2026, 12, 1, 13, 0, tzinfo=AMSTERDAM),
    ]


def test_whoever_never_works_together_gets_no_suggestion(agreed_hours, mia, sam):
    sam.own_week = {"5": [["10:00", "12:00"]]}
    sam.save()

    assert suggesting.times([mia, sam], at=TUESDAY_NOON) == []


def test_the_form_begins_with_them_in_the_zone_of_who_reads_it(handoff, agreed_hours, signed_in, mia, noon):
    mia.time_zone = "Europe/London"
    mia.save()

    page = signed_in(mia).get(reverse("handoff:coffee", args=[handoff.pk]))

    assert page.context["form"].initial["first"] == at_nine(24).replace(hour=12, tzinfo=None)
    assert "You both work then." in page.content.decode()


def test_other_times_are_other_times(handoff, agreed_hours, signed_in, mia, sam, noon):
    [first, *_others] = suggesting.times([mia, sam], at=TUESDAY_NOON)
    asked = coffee.propose(handoff, [first], by=mia, at=TUESDAY_NOON)

    page = signed_in(sam).get(reverse("handoff:coffee_others", args=[handoff.pk, asked.pk]))

    assert page.context["form"].initial["first"] == at_nine(25).replace(tzinfo=None)


def test_nobody_to_talk_to_nothing_suggested(pooled, agreed_hours, signed_in, mia, noon):
    page = signed_in(mia).get(reverse("handoff:coffee", args=[pooled.pk]))

    assert page.context["form"].initial == {}
