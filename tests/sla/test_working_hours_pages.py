"""Working hours in the browser: a week, special days, holidays to tick, and "test a date"."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from sla.hours_form import OpeningHoursField
from sla.models import Calendar
from tests.factories import AgreementFactory, CalendarFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar(db):
    return CalendarFactory()


def filled(browser, calendar, query="") -> dict:
    form = browser.get(reverse("sla:hours", args=[calendar.pk]) + query).context["form"]
    return {field.html_name: field.value() for field in form if field.value() not in (None, False, "")}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9-17", [["09:00", "17:00"]]),
        ("09:00–12:30, 13:00–17:00", [["09:00", "12:30"], ["13:00", "17:00"]]),
        ("9.00 - 12.30; 13-17", [["09:00", "12:30"], ["13:00", "17:00"]]),
        ("22:00-06:00", [["22:00", "06:00"]]),
        ("0-24", [["00:00", "24:00"]]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(typed, meant):
    assert OpeningHoursField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["nine to five", "9-25", "9", "12-12:99", "<b>"])
def test_what_cannot_be_read_is_refused_with_words(signed_in, mara, calendar, typed):
    browser = signed_in(mara)

    answer = browser.post(
        reverse("sla:hours", args=[calendar.pk]), filled(browser, calendar) | {"day_0": typed}
    )

    assert answer.status_code == 422
    assert calendar.versions.count() == 1


def test_a_change_is_a_new_version(signed_in, mara, calendar):
    browser = signed_in(mara)

    browser.post(
        reverse("sla:hours", args=[calendar.pk]), filled(browser, calendar) | {"day_4": "9-12:30, 13-16"}
    )

    assert calendar.current.number == 2
    assert calendar.current.week["4"] == [["09:00", "12:30"], ["13:00", "16:00"]]
    assert calendar.current.made_by == mara


def test_saving_without_a_change_makes_no_version(signed_in, mara, calendar):
    browser = signed_in(mara)

    browser.post(reverse("sla:hours", args=[calendar.pk]), filled(browser, calendar))

    assert calendar.versions.count() == 1


def test_holidays_are_proposed_and_only_the_ticked_ones_close(signed_in, mara, calendar):
    browser = signed_in(mara)
    query = "?country=NL&year=2026"
    data = filled(browser, calendar, query)
    assert "2026-12-25" in data["holidays"]
    data["holidays"].remove("2026-12-26")

    browser.post(reverse("sla:hours", args=[calendar.pk]) + query, data)

    overrides = calendar.current.overrides
    assert overrides["2026-12-25"]["intervals"] == []
    assert "2026-12-26" not in overrides


def test_part_days_and_extra_days(signed_in, mara, calendar):
    browser = signed_in(mara)
    data = filled(browser, calendar)
    data |= {"new_0_date": "2026-12-24", "new_0_name": "Christmas Eve", "new_0_hours": "9-13"}
    data |= {"new_1_date": "2026-12-05", "new_1_name": "Stock taking", "new_1_hours": "10-15"}

    browser.post(reverse("sla:hours", args=[calendar.pk]), data)

    assert calendar.current.overrides == {
        "2026-12-05": {"name": "Stock taking", "intervals": [["10:00", "15:00"]]},
        "2026-12-24": {"name": "Christmas Eve", "intervals": [["09:00", "13:00"]]},
    }

    browser.post(
        reverse("sla:hours", args=[calendar.pk]),
        filled(browser, calendar) | {"special_2026-12-05_remove": "on"},
    )
    assert list(calendar.current.overrides) == ["2026-12-24"]


def test_a_calendar_in_use_is_not_saved_without_open_time(signed_in, mara):
    calendar = AgreementFactory().sales_calendar
    browser = signed_in(mara)
    empty = {name: value for name, value in filled(browser, calendar).items() if not name.startswith("day_")}

    answer = browser.post(reverse("sla:hours", args=[calendar.pk]), empty)

    assert answer.status_code == 422
    assert "no open time" in answer.content.decode()
    assert calendar.versions.count() == 1


def test_an_unknown_zone_is_refused(signed_in, mara, calendar):
    browser = signed_in(mara)
    data = filled(browser, calendar) | {"zone": "Europe/Atlantis"}

    assert browser.post(reverse("sla:hours", args=[calendar.pk]), data).status_code == 422


def test_new_working_hours(signed_in, ada):
    data = {"name": "Night desk", "zone": "Europe/Amsterdam", "day_0": "22:00-06:00"}

    signed_in(ada).post(reverse("sla:new_hours"), data)

    assert Calendar.objects.get().current.week == {"0": [["22:00", "06:00"]]}


@pytest.mark.parametrize(("who", "status"), [("mia", 403), ("fin", 403), ("mara", 200), ("ada", 200)])
def test_who_may_change_them(signed_in, calendar, who, status, request):
    browser = signed_in(request.getfixturevalue(who))

    assert browser.get(reverse("sla:hours", args=[calendar.pk])).status_code == status


def test_a_date_is_tested_with_its_arithmetic(signed_in, fin, calendar):
    asked = {"calendar": calendar.pk, "start": "2026-11-27T16:30", "hours": "4"}

    page = signed_in(fin).get(reverse("sla:working_hours"), asked).content.decode()

    assert "Due Mon 30 Nov 12:30" in page
    assert "Counted: Fri 27 Nov 2026 16:30 to 17:00 = 30 m" in page


@pytest.mark.parametrize("asked", [{"start": "x"}, {"hours": "-1"}, {"calendar": "999"}, {"hours": "1e9"}])
def test_a_date_that_cannot_be_tested_is_told(signed_in, fin, calendar, asked):
    asked = {"calendar": calendar.pk, "start": "2026-11-27T16:30", "hours": "4"} | asked

    assert signed_in(fin).get(reverse("sla:working_hours"), asked).status_code == 200


def test_the_command_explains_a_due_moment(calendar, capsys):
    call_command("explain_due", calendar="Office hours", start="2026-11-27T16:30", hours=4)

    printed = capsys.readouterr().out
    assert printed.startswith("2026-11-30T12:30:00+01:00")
    assert "3 h 30 m" in printed


@pytest.mark.parametrize(
    ("changed", "words"), [({"calendar": "Nowhere"}, "no calendar"), ({"start": "soon"}, "not a moment")]
)
def test_the_command_says_what_it_cannot_do(calendar, changed, words):
    asked = {"calendar": "Office hours", "start": "2026-11-27T16:30", "hours": 4} | changed

    with pytest.raises(CommandError, match=words):
        call_command("explain_due", **asked)
