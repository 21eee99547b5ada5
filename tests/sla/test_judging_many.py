"""Many hand-offs are judged in one statement just as they are judged one by one, and due moments are those of the pure module."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from handoff.errors import HandoffRefused
from handoff.models import Handoff, Result
from leads.models import Lead, TransitionNotAllowed
from sla import disputing, timetable
from sla.business_time import BusinessCalendar, NoOpenTime
from sla.models import Agreement, Clock, TermKind
from sla.timetable import Timetable
from sla.what_if import running
from tests.factories import CalendarFactory, SourceFactory
from tests.sla.judged_one_by_one import answer
from tests.sla.moments import ask, call, drop, give_back, on, reply

pytestmark = pytest.mark.django_db

HISTORIES = 60
NEXT_WEEK = on(1, "10:00", month=12)
HOURS = {day: [("09:00", "12:30"), ("13:00", "17:00")] for day in range(5)}


@pytest.fixture
def histories(send, sam, sonia, sven, mia):
    """Sent at any hour; asked, answered, returned, accepted, called, closed, disputed or left alone, in any order."""
    dice = Random(20_261_127)
    for number in range(HISTORIES):
        at = on(2, "00:00") + timedelta(minutes=dice.randrange(27 * 24 * 60))
        handoff = send(at=at)
        if number % 3 == 0:
            Lead.objects.filter(pk=handoff.lead_id).update(source=SourceFactory(key="fair"))
        for _ in range(dice.randrange(5)):
            at += timedelta(minutes=dice.choice([0, 7, 45, 90, 200, 1_500]))
            _happens(dice, handoff, at, sam, mia)
    clocks = Clock.objects.of_first_contact().stopped_late().order_by("id")
    for clock in clocks[:2]:
        disputing.dispute(clock, "The line was down", by=sam, at=NEXT_WEEK)


def _happens(dice, handoff, at, sam, mia):
    handoff = Handoff.objects.select_related("lead").get(pk=handoff.pk)
    acts = [
        lambda: ask(handoff, at, sam),
        lambda: reply(handoff, at, mia),
        lambda: give_back(handoff, at, sam),
        lambda: handoff.accept(by=sam, at=at),
        lambda: call(handoff, occurred_at=at, by=sam, result=dice.choice([Result.SPOKE, Result.NO_ANSWER])),
        lambda: drop(handoff, at, sam),
    ]
    with suppress(HandoffRefused, TransitionNotAllowed):  # that cannot be done now
        dice.choices(acts, [3, 3, 1, 3, 4, 1])[0]()


def shorter(draft):
    draft.terms.filter(target_seconds__isnull=False).update(target_seconds=2_700)


def at_once(draft):
    draft.terms.filter(kind=TermKind.ANSWER_HANDOFF).update(target_seconds=0)


def other_hours(draft):
    night = CalendarFactory(
        name="Nights", week={str(day): [["20:00", "24:00"], ["00:00", "04:00"]] for day in range(7)}
    )
    Agreement.objects.filter(pk=draft.pk).update(sales_calendar=night)


def hot_and_talked(draft):
    rule = {"fact": "country", "op": "equals", "value": "NL"}
    Agreement.objects.filter(pk=draft.pk).update(hot_rule=rule, contact_counts="CONVERSATION")


def less_asked(draft):
    draft.terms.update(excluded_sources=["fair"])
    draft.terms.filter(kind=TermKind.SQL_QUALITY).delete()
    Agreement.objects.filter(pk=draft.pk).update(
        brief_items=[{"key": "budget", "label": "Budget", "required": True}]
    )


def nothing_changes(_draft):
    """The text in force."""


def test_a_quarter_is_judged_as_its_hand_offs_one_by_one(histories, agreement, mara):
    for change in (nothing_changes, shorter, at_once, other_hours, hot_and_talked, less_asked):
        draft = Agreement.draft_from(agreement, by=mara, at=NEXT_WEEK)
        change(draft)

        what_if = running.ask(Agreement.objects.get(pk=draft.pk), by=None, at=NEXT_WEEK)

        tallies, listed = answer(what_if)
        counted = {key: Counter(counts) for key, counts in what_if.tallies.items() if key}
        cases = what_if.cases.values_list("term_key", "measure", "handoff_id", "was", "becomes")
        assert counted == tallies, change.__name__
        assert sorted(cases) == sorted(listed), change.__name__
        assert what_if.tallies[""]["sent"] == HISTORIES


def test_a_promise_that_was_never_measured_heeds_the_question(send, sam, mia, mara, agreement):
    """Without a clock the wait for marketing's reply still does not count."""
    handoff = send(at=on(24, "09:00"))
    ask(handoff, on(24, "09:30"), sam)
    reply(handoff, on(24, "12:00"), mia)
    Handoff.objects.get(pk=handoff.pk).accept(by=sam, at=on(24, "13:00"))
    Clock.objects.filter(measure="ANSWER").update(measure="RETURN")  # as if no answer had been promised

    what_if = running.ask(Agreement.draft_from(agreement, by=mara, at=NEXT_WEEK), by=None, at=NEXT_WEEK)

    assert what_if.tallies["answer_handoff"] == {">KEPT": 1}
    assert what_if.tallies == answer(what_if)[0] | {"": {"sent": 1, "accepted": 1}}


CALENDARS = [
    BusinessCalendar(
        "Europe/Amsterdam", HOURS, {date(2026, 10, 26): [], date(2026, 10, 31): [("10:00", "11:00")]}
    ),
    BusinessCalendar(
        "Australia/Lord_Howe", {day: [("22:00", "24:00"), ("00:00", "06:00")] for day in range(7)}
    ),
    BusinessCalendar("America/New_York", {day: [("00:00", "24:00")] for day in range(7)}),
    BusinessCalendar("UTC", {6: [("23:59", "24:00")]}),
]


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.zone)
def test_a_due_moment_that_is_looked_up_is_the_one_that_is_walked(calendar):
    dice, begin = Random(7), datetime(2026, 9, 28, tzinfo=UTC)
    edges = [moment for pair in calendar.open_intervals(begin, begin + timedelta(days=60)) for moment in pair]
    starts = [
        begin + timedelta(seconds=dice.randrange(60 * 86_400), microseconds=dice.randrange(3))
        for _ in range(1_000)
    ]
    starts += [edge + timedelta(microseconds=by) for edge in edges for by in (-1, 0, 1) if edge > begin]
    cases = [(start, dice.choice([0, 1, 59, 1_800, 3_600, 14_400, 28_800, 100_000])) for start in starts]

    assert looked_up(calendar, cases) == [calendar.due_after(*case) for case in cases]


def test_a_calendar_that_runs_dry_has_no_due_moment():
    calendar = BusinessCalendar("UTC", {}, {date(2026, 10, 1): [("09:00", "10:00")]})
    start = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)

    assert looked_up(calendar, [(start, 1_800), (start, 1_801)]) == [start + timedelta(minutes=30), None]
    with pytest.raises(NoOpenTime):
        calendar.due_after(start, 1_801)


def looked_up(calendar, cases) -> list[datetime | None]:
    first, last = min(start for start, _ in cases), max(start for start, _ in cases)
    table = Timetable.covering(calendar, first, last, longest=max(target for _, target in cases))
    statement = f"""
        SELECT timestamptz 'epoch' + due * interval '1 microsecond'
        FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS c (start, target, number)
        CROSS JOIN (SELECT %s::bigint[] AS opens, %s::bigint[] AS closes, %s::bigint[] AS worked) AS t {timetable.DUE} ORDER BY number"""
    starts = [timetable.instant(start) for start, _ in cases]
    targets = [target * 1_000_000 for _, target in cases]
    with connection.cursor() as cursor:
        cursor.execute(statement, [starts, targets, table.opens, table.closes, table.worked])
        return [due for (due,) in cursor.fetchall()]
