"""How fast sales responds: in working time, with the wall clock beside it, attempts and conversations apart."""

import pytest

from sla.models import ResponseTime
from sla.scorecard import responding
from sla.scorecard.measuring import cases_url
from tests.factories import AgreementFactory
from tests.sla.moments import TUESDAY_NINE, TUESDAY_NOON, TUESDAY_TEN, ask, call, on, reply
from tests.sla.test_measuring import FRIDAY, NOVEMBER, figure

pytestmark = pytest.mark.django_db
HOUR = 3_600


def response(at=FRIDAY):
    return next(
        each for each in responding.of_month(NOVEMBER, at=at) if each.term.key == "first_contact_other"
    )


def test_median_and_ninetieth_percentile_in_working_time(agreement, send, sam):
    """Promised within 4 h. Called after 1 h, 2 h and, across the night, at ten the next day: 9 h of work, 25 h on the wall.
    The median of 1, 2, 9 is 2; nine tenths are within 9. Two of three in time."""
    for moment in (TUESDAY_TEN, on(24, "11:00"), on(25, "10:00")):
        call(send(), occurred_at=moment, by=sam)

    told = response()

    assert (told.worked.median, told.worked.ninety) == (2 * HOUR, 9 * HOUR)
    assert told.wall.ninety == 25 * HOUR
    assert (told.within, told.cases) == (2, 3)
    assert [bucket.count for bucket in told.buckets] == [1, 1, 0, 0, 1, 0, 0]


def test_open_and_overdue_counts_as_missed_and_as_longer_than_any(agreement, send, sam):
    """One called after 1 h, two that nobody called: there is no median yet."""
    call(send(), occurred_at=TUESDAY_TEN, by=sam)
    send(), send()

    told = response()

    assert (told.within, told.cases) == (1, 3)
    assert told.worked.median is None
    assert told.buckets[-1].count == 2
    assert told.table[0][1] == "–"


def test_open_in_time_is_no_case_yet(agreement, send):
    send()

    assert response(at=TUESDAY_TEN).cases == 0


def test_an_attempt_and_a_conversation_are_told_apart(agreement, send, sam):
    """No answer after 1 h, spoken with after 3 h: the agreement counts the attempt."""
    handoff = send()
    call(handoff, occurred_at=TUESDAY_TEN, by=sam, result="NO_ANSWER")
    call(handoff, occurred_at=TUESDAY_NOON, by=sam)

    told = response()

    assert (told.worked.median, told.attempt.median, told.conversation.median) == (HOUR, HOUR, 3 * HOUR)


def test_the_time_that_marketing_takes_to_answer_does_not_count(agreement, send, sam, mia):
    """Asked at ten, answered at noon, called at one: 1 h + 1 h of work, 4 h on the wall."""
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)
    reply(handoff, TUESDAY_NOON, mia)
    call(handoff, occurred_at=on(24, "13:00"), by=sam)

    told = response()

    assert (told.worked.median, told.wall.median, told.attempt.median) == (2 * HOUR, 4 * HOUR, 2 * HOUR)


def test_the_earliest_counts_in_whatever_order_they_are_logged(agreement, send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_NOON, by=sam)
    call(handoff, occurred_at=TUESDAY_TEN, logged_at=on(24, "14:00"), by=sam)

    kept = ResponseTime.objects.get()

    assert (kept.attempt_seconds, kept.conversation_seconds) == (HOUR, HOUR)


def test_contacts_from_before_are_filled_in_once(agreement, send, sam):
    for _number in range(3):
        call(send(), occurred_at=TUESDAY_TEN, by=sam)
    ResponseTime.objects.all().delete()

    assert responding.fill(batch=2) == 3
    assert responding.fill() == 0
    assert set(ResponseTime.objects.values_list("attempt_seconds", flat=True)) == {HOUR}


def test_the_columns_add_up_and_each_opens_its_leads(agreement, send, sam, signed_in):
    """Kept after 1 h, exactly 2 h and exactly 4 h; missed after 5 h; one that nobody called."""
    for moment in ("10:00", "11:00", "13:00", "14:00"):
        call(send(), occurred_at=on(24, moment), by=sam)
    send()
    told = response()
    browser = signed_in(sam)

    assert [bucket.count for bucket in told.buckets] == [1, 1, 1, 1, 0, 0, 1]
    assert sum(bucket.count for bucket in told.buckets) == told.cases == figure("FIRST_CONTACT_OTHER").cases
    for number, bucket in enumerate(told.buckets):
        listed = responding.in_bucket(told.term, NOVEMBER, number, at=FRIDAY)
        assert listed.count() == bucket.count, bucket.label
        assert browser.get(bucket.url).status_code == 200


def test_what_was_cleared_with_a_reason_stands_within_the_promise(agreement, send, sam):
    handoff = send()
    call(handoff, occurred_at=on(24, "15:00"), by=sam)
    handoff.clocks.filter(measure="FIRST_CONTACT").update(cleared_at=FRIDAY)

    told = response()

    assert (told.within, told.buckets[2].count) == (1, 1)


def test_without_a_promise_of_first_contact_there_is_nothing_to_show(db):
    assert responding.of_month(NOVEMBER, at=FRIDAY) == []


def test_the_page_says_it_in_words(agreement, send, sam, signed_in):
    call(send(at=TUESDAY_NINE), occurred_at=TUESDAY_TEN, by=sam)

    text = signed_in(sam).get("/agreement/scorecard/?month=2026-11").content.decode()

    assert "100% within the promise (promised 4" in text
    assert cases_url("first_contact_other", NOVEMBER, "all").replace("&", "&amp;") in text


@pytest.mark.parametrize("bucket", ["9", "-1", "x", "٣"])
def test_a_column_that_is_none_shows_them_all(agreement, send, sam, signed_in, bucket):
    call(send(), occurred_at=TUESDAY_TEN, by=sam)

    answer = signed_in(sam).get(cases_url("first_contact_other", NOVEMBER, "all") + f"&bucket={bucket}")

    assert answer.context["page"].paginator.count == 1


def test_the_dashboard_shows_it_too(signed_in, sam, mia):
    from django.utils import timezone

    AgreementFactory(at=timezone.now())

    assert signed_in(sam).get("/dashboard/").status_code == 200
