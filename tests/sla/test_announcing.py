"""Whoever an act concerns is told of it, once, in the product and by mail; nobody is told what he did himself."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from leads.closing import recycle
from sla import mails
from sla.models import ChannelKind, Notice, NoticeKind, Pace, Topic
from sla.models.wishes import USUAL
from sla.notices import address_of, announce
from tests.assertions import assert_invariants_hold
from tests.factories import LeadFactory
from tests.sla.moments import TUESDAY_NINE, TUESDAY_NOON, TUESDAY_TEN, ask, give_back, on, pass_on, reply

pytestmark = pytest.mark.django_db

SAID_IN_FULL = {
    NoticeKind.NIGHTLY: "The day in short: marketing is behind its pace"
}  # of a day without a late lead


def told(person) -> list[str]:
    mine = Notice.objects.filter(recipient=person, channel=ChannelKind.IN_APP)
    return list(mine.order_by("created_at", "id").values_list("kind", flat=True))


def test_the_receiver_hears_of_a_hand_off(send, sam, mia):
    send()

    assert told(sam) == [NoticeKind.HANDED_OVER]
    assert told(mia) == []


def test_nobody_is_told_of_a_lead_in_the_pool_here(send, sam):
    send(to="pool")

    assert told(sam) == []


def test_whoever_claims_from_the_pool_is_not_told_what_he_did(send, sonia):
    send(to="pool").claim(by=sonia, at=TUESDAY_TEN)

    assert told(sonia) == []


def test_a_lead_that_changes_hands_is_told_to_both(send, sam, sonia, sven):
    pass_on(send(), sonia, TUESDAY_TEN, sven)

    assert told(sonia) == [NoticeKind.PASSED_ON]
    assert told(sam)[-1] == NoticeKind.TAKEN_AWAY


def test_passing_on_twice_is_told_twice(send, sam, sonia, sven):
    handoff = send()
    for to in (sonia, sam, sonia):
        pass_on(handoff, to, TUESDAY_TEN, sven)

    assert told(sonia).count(NoticeKind.PASSED_ON) == 2


def test_the_sender_hears_of_a_return(send, sam, mia):
    give_back(send(), TUESDAY_TEN, sam)

    assert told(mia) == [NoticeKind.RETURNED]


def test_a_question_and_its_answer_go_to_and_fro(send, sam, mia):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)
    reply(handoff, TUESDAY_NOON, mia)

    assert told(mia) == [NoticeKind.ASKED]
    assert told(sam)[-1] == NoticeKind.ANSWERED


def test_a_question_that_lapses_was_not_answered(send, sam):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)
    handoff.accept(by=sam, at=TUESDAY_NOON)

    assert NoticeKind.ANSWERED not in told(sam)


def test_the_sender_hears_what_became_of_it(send, sam, mia):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    handoff.lead.refresh_from_db()
    recycle(handoff.lead, "Not now", by=sam, at=TUESDAY_NOON)

    assert told(mia) == [NoticeKind.OUTCOME]


def test_twice_announced_is_told_once(sam, sonia):
    for _ in range(2):
        announce(
            NoticeKind.CAPACITY,
            recipients=[sam, sam, None],
            key="capacity:2026-11",
            at=TUESDAY_NINE,
            text="4",
        )
    announce(NoticeKind.CAPACITY, recipients=[sam, sonia], key="capacity:2026-11", at=TUESDAY_TEN, text="4")

    assert told(sam) == told(sonia) == [NoticeKind.CAPACITY]
    assert_invariants_hold(as_of=TUESDAY_TEN)


def test_an_announcement_lives_and_dies_with_its_act(sam):
    with transaction.atomic():
        announce(NoticeKind.CAPACITY, recipients=[sam], key="capacity:2026-11", at=TUESDAY_NINE)
        transaction.set_rollback(True)

    assert told(sam) == []


def test_who_left_is_not_told(sam):
    sam.is_active = False

    assert announce(NoticeKind.CAPACITY, recipients=[sam], key="capacity:2026-11", at=TUESDAY_NINE) == 0


def test_a_mail_says_in_the_readers_language_what_happened_and_by_whom(send, sam, mia, settings):
    mia.language = "nl"
    mia.save()
    handoff = send()
    give_back(handoff, TUESDAY_TEN, sam)

    mails.deliver(TUESDAY_NOON)

    (message,) = [message for message in mail.outbox if message.to == [mia.email]]
    assert message.subject == "Sales gaf een lead terug"
    assert "Noor" not in message.subject
    assert "(Sam Smit)" in message.body
    assert f"{settings.SITE_URL}/handoffs/{handoff.pk}/" in message.body


def test_several_messages_make_one_mail(send, sam):
    for _ in range(3):
        send()

    mails.deliver(TUESDAY_NOON)

    (message,) = mail.outbox
    assert message.subject == "3 messages"


def test_each_leads_to_what_it_is_about(send, sam):
    handoff, lead = send(), LeadFactory()
    announce(NoticeKind.MENTIONED, recipients=[sam], key="x", at=TUESDAY_TEN, lead=lead)
    announce(NoticeKind.REVIEW_DATE, recipients=[sam], key="y", at=TUESDAY_NOON)

    where = [
        address_of(notice) for notice in Notice.objects.filter(recipient=sam, channel="MAIL").order_by("id")
    ]

    assert where == [f"/handoffs/{handoff.pk}/", f"/leads/{lead.pk}/", "/agreement/"]


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_can_be_told(kind, signed_in, sam):
    """A sentence, a topic, a line in the list and a mail, also without a lead."""
    announce(kind, recipients=[sam], key=f"{kind}:1", at=on(9, "09:00"), text="7")
    due = {Pace.AT_ONCE: on(9, "09:00"), Pace.DAILY: on(10, "08:00")}[USUAL[kind.topic]]

    with time_machine.travel(on(9, "09:30"), tick=False):
        page = signed_in(sam).get("/notices/").content.decode()
    too_early, in_time = mails.deliver(due - timedelta(minutes=1)), mails.deliver(due)

    assert kind.topic in Topic
    assert str(kind.sentence) in page
    assert (too_early, in_time) == (0, 1)
    assert mail.outbox[0].subject == SAID_IN_FULL.get(kind, str(kind.sentence))
