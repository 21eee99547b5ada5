"""People are told in the product at once and by mail soon after; a mail that fails is tried again, and then shown to somebody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from sla import mails
from sla.models import ChannelKind, Notice
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.sla.moments import on

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LATE = on(24, "13:00") + SECOND


@pytest.fixture
def late(send, sven, sam):
    """One first contact that is late, and told so."""
    handoff = send()
    handoff.accept(by=sam, at=on(24, "10:00"))
    forget_the_handoffs()
    sweep(LATE)
    return handoff


def forget_the_handoffs() -> None:
    """Here only the promises are told."""
    Notice.objects.filter(event=None).delete()


class Broken(EmailBackend):
    """A mail server that refuses everybody."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


class RefusesSam(EmailBackend):
    def send_messages(self, messages):
        if any("sam@example.com" in message.to for message in messages):
            raise ConnectionRefusedError("not him")
        return super().send_messages(messages)


@pytest.fixture
def broken_mail(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"


def waiting() -> Notice:
    return Notice.objects.get(channel=ChannelKind.MAIL)


def test_the_holder_gets_one_mail_with_the_link(late, settings):
    assert mails.deliver(LATE) == 1

    (message,) = mail.outbox
    assert message.to == ["sam@example.com"]
    assert message.subject == "Late: First contact"
    assert f"{settings.SITE_URL}/handoffs/{late.pk}/" in message.body


def test_a_mail_is_in_the_language_of_who_reads_it(late, sam):
    sam.language = "nl"
    sam.save()

    mails.deliver(LATE)

    assert mail.outbox[0].subject == "Te laat: Eerste contact"
    assert "Hallo Sam" in mail.outbox[0].body


def test_a_mail_is_sent_once(late):
    mails.deliver(LATE)

    assert mails.deliver(LATE + timedelta(hours=1)) == 0
    assert len(mail.outbox) == 1


def test_the_subject_names_nobody(late):
    mails.deliver(LATE)

    assert "Noor" not in mail.outbox[0].subject
    assert "Noor" in mail.outbox[0].body


def test_after_an_outage_one_mail_tells_everything(send, sven, sam):
    for _ in range(5):
        send()
    forget_the_handoffs()
    sweep(on(25, "16:00"))

    mails.deliver(on(25, "16:00"))

    assert sorted(message.to[0] for message in mail.outbox) == ["sam@example.com", "sven@example.com"]
    assert mail.outbox[0].subject == "10 promises are late"
    assert mail.outbox[0].body.count("/handoffs/") == 10


def test_a_try_is_counted_before_it_is_made(late, broken_mail):
    mails.deliver(LATE)

    notice = waiting()
    assert (notice.attempts, notice.sent_at, notice.quarantined_at) == (1, None, None)
    assert notice.next_attempt_at == LATE + timedelta(minutes=5)
    assert "no mail today" in notice.failure


def test_every_try_carries_the_same_message_id(late, broken_mail, settings):
    mails.deliver(LATE)
    key = waiting().mail_key

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mails.deliver(LATE + timedelta(minutes=6))

    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{key}@")


def test_after_three_tries_it_is_set_aside(late, broken_mail):
    for minutes in (0, 6, 20):
        mails.deliver(LATE + timedelta(minutes=minutes))

    assert waiting().quarantined_at
    assert mails.deliver(LATE + timedelta(days=1)) == 0
    assert_invariants_hold(as_of=LATE)


def test_one_address_that_refuses_does_not_stop_the_others(send, sven, sam, settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusesSam"
    send()
    forget_the_handoffs()
    sweep(on(24, "16:30"))

    assert mails.deliver(on(24, "16:30")) == 1
    assert mail.outbox[0].to == ["sven@example.com"]


def test_somebody_who_left_gets_no_mail(late, sam):
    sam.is_active = False
    sam.save()

    assert mails.deliver(LATE) == 0
    assert waiting().quarantined_at
