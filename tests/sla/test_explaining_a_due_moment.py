"""The arithmetic in words: a person must be able to check a due moment with a calendar and a pencil."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import BusinessCalendar, NoOpenTime
from sla.explanation import duration, explain, in_words

HOUR = 3600
CHRISTMAS = date(2026, 12, 25)
NAMES = {CHRISTMAS: "Christmas Day", date(2026, 12, 24): "Christmas Eve"}


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)


@pytest.fixture
def office():
    return BusinessCalendar(
        "Europe/Amsterdam",
        {day: [("09:00", "17:00")] for day in range(5)},
        {date(2026, 12, 24): [("09:00", "12:00")], CHRISTMAS: []},
    )


def test_over_a_weekend(office):
    text = in_words(explain(office, moment("2026-11-20 16:30"), 4 * HOUR))

    assert text.splitlines() == [
        "Start: Fri 20 Nov 2026 16:30 (Europe/Amsterdam)",
        "Target: 4 h of working time",
        "Counted: Fri 20 Nov 2026 16:30 to 17:00 = 30 m, 3 h 30 m left",
        "Closed: Sat 21 Nov 2026 through Sun 22 Nov 2026",
        "Counted: Mon 23 Nov 2026 09:00 to 12:30 = 3 h 30 m, 0 m left",
        "Due: Mon 23 Nov 2026 12:30 (Europe/Amsterdam)",
    ]


def test_a_holiday_stands_apart_from_the_weekend_beside_it(office):
    text = in_words(explain(office, moment("2026-12-23 16:00"), 6 * HOUR, day_names=NAMES))

    assert "Other hours: Thu 24 Dec 2026, 09:00-12:00 (Christmas Eve)" in text
    assert "Closed: Fri 25 Dec 2026 (Christmas Day)\nClosed: Sat 26 Dec 2026 through Sun 27 Dec 2026" in text


def test_a_pause_says_what_it_took_and_why(office):
    pause = (moment("2026-11-20 16:00"), moment("2026-11-23 10:00"), "question to marketing")

    text = in_words(explain(office, moment("2026-11-20 15:00"), 4 * HOUR, pauses=[pause]))

    assert (
        "Paused: Fri 20 Nov 2026 16:00 to Mon 23 Nov 2026 10:00"
        " = 2 h of working time not counted (question to marketing)"
    ) in text
    assert "Due: Mon 23 Nov 2026 13:00" in text


def test_overlapping_pauses_take_their_time_once(office):
    pauses = [
        (moment("2026-11-23 11:00"), moment("2026-11-23 13:00"), "duplicate under review"),
        (moment("2026-11-23 10:00"), moment("2026-11-23 12:00"), "question to marketing"),
    ]

    explanation = explain(office, moment("2026-11-23 09:00"), 2 * HOUR, pauses=pauses)

    assert [pause.seconds for pause in explanation.pauses] == [2 * HOUR, HOUR]
    assert explanation.due == moment("2026-11-23 14:00")


def test_a_pause_after_the_due_moment_is_not_mentioned(office):
    later = (moment("2026-11-23 11:00"), moment("2026-11-23 15:00"), "too late")

    assert explain(office, moment("2026-11-23 09:00"), 2 * HOUR, pauses=[later]).pauses == ()


def test_a_clock_change_is_mentioned(office):
    text = in_words(explain(office, moment("2026-03-27 16:30"), HOUR))

    assert "Clock change: Sun 29 Mar 2026 has 23 h" in text
    assert "Due: Mon 30 Mar 2026 09:30" in text


def test_a_target_of_zero_is_due_at_the_next_opening(office):
    text = in_words(explain(office, moment("2026-11-21 12:00"), 0))

    assert "Target: 0 m of working time" in text
    assert "Counted" not in text
    assert "Due: Mon 23 Nov 2026 09:00" in text


def test_the_data_has_the_shape_of_the_api(office):
    pause = (moment("2026-12-23 16:00"), moment("2026-12-23 16:30"), "question to marketing")

    data = explain(office, moment("2026-12-23 16:00"), 4 * HOUR, pauses=[pause], day_names=NAMES).as_data()

    assert json.loads(json.dumps(data)) == {
        "start": "2026-12-23T16:00:00+01:00",
        "due": "2026-12-28T09:30:00+01:00",
        "zone": "Europe/Amsterdam",
        "target_seconds": 4 * HOUR,
        "blocks": [
            {"from": "2026-12-23T16:30:00+01:00", "to": "2026-12-23T17:00:00+01:00", "seconds": 1800},
            {"from": "2026-12-24T09:00:00+01:00", "to": "2026-12-24T12:00:00+01:00", "seconds": 3 * HOUR},
            {"from": "2026-12-28T09:00:00+01:00", "to": "2026-12-28T09:30:00+01:00", "seconds": 1800},
        ],
        "holidays": [
            {"date": "2026-12-24", "name": "Christmas Eve", "closed": False, "hours": [["09:00", "12:00"]]},
            {"date": "2026-12-25", "name": "Christmas Day", "closed": True, "hours": []},
        ],
        "closed_days": ["2026-12-25", "2026-12-26", "2026-12-27"],
        "pauses": [
            {
                "from": "2026-12-23T16:00:00+01:00",
                "to": "2026-12-23T16:30:00+01:00",
                "reason": "question to marketing",
                "seconds": 1800,
            }
        ],
        "text": data["text"],
    }


def test_the_words_go_through_the_callers_translation(office):
    dutch = {"Fri": "vr", "Nov": "nov", "Start: %(moment)s (%(zone)s)": "Begin: %(moment)s (%(zone)s)"}

    text = in_words(
        explain(office, moment("2026-11-20 10:00"), HOUR), gettext=lambda words: dutch.get(words, words)
    )

    assert text.startswith("Begin: vr 20 nov 2026 10:00 (Europe/Amsterdam)")


def test_seconds_are_said_where_there_are_any_and_nothing_smaller(office):
    explanation = explain(office, moment("2026-11-20 16:59:30.500000"), 90)

    text = in_words(explanation)

    assert "Start: Fri 20 Nov 2026 16:59:30 (" in text
    assert "Due: Mon 23 Nov 2026 09:01 (" in text
    assert explanation.as_data()["due"] == "2026-11-23T09:01:00.500000+01:00"


def test_what_counted_and_what_was_paused_stand_in_order_of_time(office):
    pauses = [
        (moment("2026-11-23 10:00"), moment("2026-11-23 11:00"), "question"),
        (moment("2026-11-23 12:00"), moment("2026-11-23 12:30"), "duplicate"),
    ]

    text = in_words(explain(office, moment("2026-11-23 09:00"), 3 * HOUR, pauses=pauses))

    assert [line.split(" = ")[0] for line in text.splitlines()[2:-1]] == [
        "Counted: Mon 23 Nov 2026 09:00 to 10:00",
        "Paused: Mon 23 Nov 2026 10:00 to 11:00",
        "Counted: Mon 23 Nov 2026 11:00 to 12:00",
        "Paused: Mon 23 Nov 2026 12:00 to 12:30",
        "Counted: Mon 23 Nov 2026 12:30 to 13:30",
    ]


def test_without_open_time_there_is_nothing_to_explain():
    with pytest.raises(NoOpenTime):
        explain(BusinessCalendar("UTC", {}), moment("2026-11-20 10:00"), HOUR)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 m"),
        (59, "59 s"),
        (60, "1 m"),
        (3600, "1 h"),
        (5400, "1 h 30 m"),
        (3661, "1 h 1 m 1 s"),
        (144_000, "40 h"),
    ],
)
def test_durations(seconds, words):
    assert duration(seconds) == words
