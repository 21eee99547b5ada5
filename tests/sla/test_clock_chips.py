"""The chip says in words what the countdown in the browser goes on saying."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from sla import drawn_chips
from sla.chips import chip
from sla.models import CalendarVersion, Clock
from tests.factories import OFFICE_HOURS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOURS = CalendarVersion(zone="Europe/Amsterdam", week=OFFICE_HOURS, overrides={})


def on(day: int, time: str) -> datetime:
    hour, minute = time.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=AMSTERDAM)


def clock(**columns) -> Clock:
    """First contact within 4 h of Friday 16:30."""
    defaults = {
        "state": "RUNNING",
        "measure": "FIRST_CONTACT",
        "started_at": on(27, "16:30"),
        "due_at": on(30, "12:30"),
        "warn_at": on(30, "11:30"),
        "warn_seconds": 3600,
        "target_seconds": 4 * 3600,
        "calendar_version": HOURS,
    }
    made = Clock(**defaults | columns)
    made.spans_paused = list
    return made


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("now", "state", "words", "under"),
    [
        (on(27, "16:30"), "calm", "4 h left", "Mon 12:30"),
        (on(28, "12:00"), "paused", "3 h 30 m left", "paused until Mon 09:00"),
        (on(30, "09:00"), "calm", "3 h 30 m left", "12:30"),
        (on(30, "12:08"), "soon", "22 m left", "12:30"),
        (on(30, "13:05"), "late", "Late by 35 m", "12:30"),
    ],
)
def test_the_words_on_the_way_to_due(now, state, words, under):
    shown = chip(clock(), now)

    assert (shown.state, plain(shown.words), shown.due_words) == (state, words, under)


def test_the_long_form_for_a_voice():
    assert chip(clock(), on(30, "11:10")).label == "Due in 1 hour 20 minutes, at 12:30"


@pytest.mark.parametrize(
    ("stopped", "words"), [(on(30, "09:08"), "Met in 38 m"), (on(30, "13:10"), "Called 40 m late")]
)
def test_afterwards_it_speaks_in_the_past_tense(stopped, words):
    shown = chip(clock(state="STOPPED", stopped_at=stopped), on(30, "16:00"))

    assert plain(shown.words) == words
    assert shown.due is None


def test_the_browser_gets_the_working_intervals_it_needs():
    shown = chip(clock(), on(28, "12:00"))

    segments = json.loads(shown.segments)
    monday = [int(on(30, "09:00").timestamp()), int(on(30, "17:00").timestamp())]
    assert monday in segments
    assert segments[0][0] <= int(on(27, "12:00").timestamp()) + 1
    assert shown.now == int(on(28, "12:00").timestamp())


def test_waiting_for_marketing_does_not_tick():
    shown = chip(clock(state="PAUSED", due_at=None, remaining_seconds=3000), on(30, "10:00"))

    assert (shown.state, plain(shown.words), shown.due) == ("paused", "50 m left", None)


def test_in_dutch():
    with translation.override("nl"):
        assert plain(chip(clock(), on(30, "13:05")).words) == "35 m te laat"
        assert chip(clock(state="PAUSED", due_at=None, remaining_seconds=60), on(30, "10:00")).due_words == (
            "wacht op marketing"
        )


def test_the_tag_draws_the_component():
    page = Template("{% load sla %}{% clock_chip clock now %}").render(
        Context({"clock": clock(), "now": on(30, "11:10")})
    )

    assert "<due-in" in page
    assert 'data-state="calm"' in page


def test_a_cancelled_clock_shows_nothing():
    assert chip(clock(state="CANCELLED"), on(30, "10:00")) is None


@pytest.mark.parametrize("size", ["", "head"])
@pytest.mark.parametrize("now", [on(28, "12:00"), on(30, "13:05")])
def test_a_chip_by_itself_is_written_as_the_component_is(now, size):
    made = chip(clock(), now)
    component = render_to_string("components/_clock_chip.html", {"clock": made, "size": size})

    assert drawn_chips.with_moment(made, size=size) == component.replace("\n", "")


def test_a_chip_of_what_was_met_is_written_as_the_component_is():
    made = chip(clock(state="STOPPED", stopped_at=on(30, "09:08")), on(30, "16:00"))
    component = render_to_string("components/_clock_chip.html", {"clock": made})

    assert drawn_chips.with_moment(made) == component.replace("\n", "")
