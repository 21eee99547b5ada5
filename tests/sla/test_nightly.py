"""In the evening those who lead either team get the day in short: marketing's pace and, by name, the leads that wait too long."""

import pytest
from django.core import mail

from sla import mails, nightly
from sla.models import Notice, NoticeKind, Pace, Topic, Wishes
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.sla.moments import call, on

pytestmark = pytest.mark.django_db

EVENING = on(24, "19:00")


@pytest.fixture
def late(send, sven, mara, max, sam, fin, ada):
    handoff = send()
    sweep(on(24, "18:00"))
    Notice.objects.filter(sent_at=None).update(sent_at=on(24, "18:00"))
    return handoff


def readers() -> list[str]:
    return sorted(notice.recipient.first_name for notice in Notice.objects.filter(kind=NoticeKind.NIGHTLY))


def test_those_who_lead_either_team_hear_it_once(late):
    assert nightly.prepare(EVENING) == 5
    assert nightly.prepare(on(24, "19:01")) == 0
    assert readers() == ["Mara", "Max", "Sven", "Vera", "Victor"]

    assert mails.deliver(EVENING) == 5
    assert mails.deliver(on(24, "23:00")) == 0
    assert_invariants_hold(as_of=EVENING)


def test_it_names_the_leads_and_who_has_them_but_not_in_the_subject(late, settings):
    nightly.prepare(EVENING)
    mails.deliver(EVENING)

    message = mail.outbox[0]
    assert message.subject == "The day in short: 1 lead waits too long"
    assert "Noor de Wit · Sam Smit" in message.body
    assert f"{settings.SITE_URL}/handoffs/{late.pk}/" in message.body
    assert "Marketing" in message.body


def test_it_is_in_the_readers_language(late, sven):
    sven.language = "nl"
    sven.save()
    nightly.prepare(EVENING)
    mails.deliver(EVENING)

    (message,) = [message for message in mail.outbox if message.to == [sven.email]]
    assert message.subject == "De dag in het kort: 1 lead wacht te lang"


def test_before_the_evening_nothing_is_written(late):
    assert nightly.prepare(on(24, "18:59")) == 0


def test_the_next_evening_is_another_mail(late):
    nightly.prepare(EVENING)

    assert nightly.prepare(on(25, "19:00")) == 5


def test_a_member_who_wants_it_gets_it_and_a_manager_who_does_not_is_left_alone(late, sam, max):
    Wishes.objects.create(user=sam, paces={Topic.NIGHTLY: Pace.AT_ONCE})
    Wishes.objects.create(user=max, paces={Topic.NIGHTLY: Pace.NEVER})

    nightly.prepare(EVENING)

    assert readers() == ["Mara", "Sam", "Sven", "Vera", "Victor"]


def test_it_says_what_is_so_when_it_is_sent(late, sam):
    nightly.prepare(EVENING)
    call(late, occurred_at=on(24, "10:00"), logged_at=on(24, "19:00"), by=sam)

    assert nightly.day(on(24, "19:01")).late == 0


def test_with_nothing_to_say_nobody_is_written_to(sven, max):
    """Before the first agreement nothing is promised and nothing is late."""
    assert nightly.day(EVENING).is_quiet

    assert nightly.prepare(EVENING) == 0


def test_marketing_behind_its_pace_is_something_to_say(agreement, sven, mara):
    assert nightly.day(EVENING).behind
    assert nightly.prepare(EVENING) > 0


def test_it_is_never_mixed_with_other_mail(late, sven, send):
    send()
    sweep(on(24, "18:30"))
    nightly.prepare(EVENING)

    mails.deliver(EVENING)

    to_sven = [message.subject for message in mail.outbox if message.to == [sven.email]]
    assert "The day in short: 2 leads wait too long" in to_sven
    assert len(to_sven) == 2
