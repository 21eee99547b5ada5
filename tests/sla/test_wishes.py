"""Everybody says how he hears by mail: at once, together, or not; never in his quiet hours, and warnings only while he works."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla import mails
from sla.models import ChannelKind, Notice, Pace, Topic, Wishes
from sla.notices import announce
from sla.sweeps import sweep
from sla.wishing import after_quiet, together
from tests.assertions import assert_invariants_hold
from tests.sla.moments import TUESDAY_NINE, TUESDAY_TEN, on

pytestmark = pytest.mark.django_db

AMSTERDAM, NEW_YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)


def wishes(person, **fields):
    return Wishes.objects.create(user=person, **fields)


def tell(person, kind="MENTIONED", *, at, key="x"):
    announce(kind, recipients=[person], key=key, at=at)


def test_who_wants_no_mail_of_a_topic_reads_it_in_the_product(sam):
    wishes(sam, paces={Topic.TALK: Pace.NEVER})

    tell(sam, at=TUESDAY_TEN)
    tell(sam, "CAPACITY", at=TUESDAY_TEN, key="y")

    kinds = set(Notice.objects.values_list("kind", "channel"))
    assert kinds == {("MENTIONED", "IN_APP"), ("CAPACITY", "IN_APP"), ("CAPACITY", "MAIL")}


def test_the_sweep_heeds_it_too(send, sven, sam):
    wishes(sam, paces={Topic.PROMISES: Pace.NEVER})
    send()

    sweep(on(24, "13:00") + SECOND)

    assert not Notice.objects.filter(recipient=sam, channel=ChannelKind.MAIL).exclude(event=None).exists()
    assert Notice.objects.filter(recipient=sam, channel=ChannelKind.IN_APP).exclude(event=None).exists()


def test_every_hour_together_in_one_mail(sam):
    wishes(sam, paces={Topic.TALK: Pace.HOURLY})
    for minute in ("10:05", "10:20", "10:59"):
        tell(sam, at=on(24, minute), key=minute)
        assert mails.deliver(on(24, minute)) == 0

    assert mails.deliver(on(24, "11:00")) == 1
    assert mail.outbox[0].subject == "3 messages"


def test_once_a_day_in_the_morning(sam):
    wishes(sam, paces={Topic.TALK: Pace.DAILY})
    tell(sam, at=TUESDAY_TEN)

    assert mails.deliver(on(25, "07:59")) == 0
    assert mails.deliver(on(25, "08:00")) == 1
    assert_invariants_hold(as_of=on(25, "08:00"))


def test_what_is_told_together_waits_for_a_day_on_which_he_works(agreement, sam):
    wishes(sam, paces={Topic.TALK: Pace.DAILY})
    tell(sam, at=on(27, "16:00"))

    assert mails.deliver(on(28, "08:00")) == 0, "Saturday"
    assert mails.deliver(on(30, "08:00")) == 1, "Monday"


def test_who_never_works_hears_the_next_morning(agreement, sam):
    wishes(sam, paces={Topic.TALK: Pace.DAILY})
    sam.own_week = {"6": []}
    sam.save()
    tell(sam, at=on(27, "16:00"))

    assert mails.deliver(on(28, "08:00")) == 1


def test_what_became_of_leads_comes_once_a_day_to_whoever_has_said_nothing(mia):
    tell(mia, "OUTCOME", at=TUESDAY_TEN)

    assert mails.deliver(on(24, "17:00")) == 0
    assert mails.deliver(on(25, "08:00")) == 1


def test_no_mail_in_quiet_hours(sam):
    wishes(sam, quiet_from=time(20), quiet_to=time(7))
    tell(sam, at=on(24, "23:30"))

    assert mails.deliver(on(24, "23:31")) == 0
    assert mails.deliver(on(25, "06:59")) == 0
    assert mails.deliver(on(25, "07:00")) == 1


def test_a_warning_waits_for_working_hours_and_being_late_does_not(send, sven, sam):
    send(
        at=on(24, "13:30")
    )  # first contact is due at 9:30 on Wednesday, soon from 17:00 on Tuesday minus the rest
    Notice.objects.filter(event=None).delete()
    night = on(24, "22:00")

    sweep(night)
    mails.deliver(night)

    warned = Notice.objects.filter(event__kind="WARNED", channel=ChannelKind.MAIL)
    assert warned.exists()
    assert not warned.exclude(sent_at=None).exists()
    assert not Notice.objects.filter(event__kind="BREACHED", channel=ChannelKind.MAIL, sent_at=None).exists()
    mails.deliver(on(25, "09:00"))
    assert not warned.filter(sent_at=None).exists()


def test_who_keeps_a_week_of_his_own_is_warned_in_it(send, sven, sam):
    sam.own_week = {"2": [["13:00", "17:00"]]}  # Wednesdays after lunch
    sam.save()
    send(at=TUESDAY_NINE)
    Notice.objects.filter(event=None).delete()
    sweep(on(24, "10:45"))
    mails.deliver(on(24, "10:45"))
    assert mail.outbox == []

    mails.deliver(on(25, "13:00"))
    assert mail.outbox


def test_a_retry_does_not_wait_for_a_new_moment(sam, settings):
    wishes(sam, paces={Topic.TALK: Pace.HOURLY})
    tell(sam, at=on(24, "10:05"))
    settings.EMAIL_BACKEND = "tests.sla.test_notices.Broken"
    mails.deliver(on(24, "11:00"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert mails.deliver(on(24, "11:06")) == 1


# The page


def test_the_page_shows_what_counts_and_keeps_what_is_chosen(signed_in, sam):
    browser = signed_in(sam)
    page = browser.get("/settings/notifications/").content.decode()
    assert "Mentions and invitations" in page

    chosen = {topic.value: Pace.AT_ONCE for topic in Topic} | {
        "TALK": "DAILY",
        "quiet_from": "20:00",
        "quiet_to": "07:00",
    }
    assert browser.post("/settings/notifications/", chosen).status_code == 302

    kept = Wishes.objects.get(user=sam)
    assert (kept.pace(Topic.TALK), kept.warn_at_work, kept.quiet_from) == (Pace.DAILY, False, time(20))


def test_quiet_hours_need_two_ends(signed_in, sam):
    chosen = {topic.value: Pace.AT_ONCE for topic in Topic} | {"quiet_from": "20:00"}

    assert signed_in(sam).post("/settings/notifications/", chosen).status_code == 422
    assert not Wishes.objects.exists()


@pytest.mark.parametrize("pace", ["", "SOMETIMES", "never"])
def test_an_unknown_pace_is_refused(signed_in, sam, pace):
    chosen = {topic.value: Pace.AT_ONCE for topic in Topic} | {"TALK": pace}

    assert signed_in(sam).post("/settings/notifications/", chosen).status_code == 422


# The arithmetic

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 365 * 86_400).map(lambda seconds: NEW_YEAR + timedelta(seconds=seconds))
RELAXED = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@RELAXED
@given(MOMENTS, st.sampled_from([AMSTERDAM, NEW_YORK]), st.sampled_from(list(Pace)))
def test_nothing_is_told_before_it_happened_nor_more_than_two_days_after(moment, zone, pace):
    told = together(moment, pace, zone)

    assert moment <= told <= moment + timedelta(hours=26)
    assert together(told, Pace.AT_ONCE, zone) == told


@RELAXED
@given(MOMENTS, st.sampled_from([AMSTERDAM, NEW_YORK]), st.times(), st.times())
def test_after_the_quiet_hours_it_is_not_quiet(moment, zone, start, end):
    told = after_quiet(moment, start, end, zone)

    assert told >= moment or told.astimezone(UTC) >= moment - timedelta(hours=1)
    assert after_quiet(told, start, end, zone) == told
