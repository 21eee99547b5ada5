"""What I was told, in the browser; the inspector of a clock; and the banner when nobody looks at the clocks."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from leads import timeline
from leads.closing import disqualify
from leads.models import Lead
from sla import health, mails, rounds, tasks
from sla.models import Agreement, AgreementState, ChannelKind, Clock, Notice, SignOfLife, SweepRun
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory, CalendarFactory
from tests.listener import listening
from tests.sla.moments import ask, call, contact_clock_of, on

pytestmark = pytest.mark.django_db

PAST = on(9, "09:00")  # Monday 9 November, so that everything is long due by now


@pytest.fixture
def late(send, sven):
    handoff = send(at=PAST)
    sweep(on(10, "16:00"))
    return handoff


def test_i_read_what_i_was_told(signed_in, late, sam):
    page = signed_in(sam).get(reverse("sla:notices")).content.decode()

    assert "3 are new." in page
    assert "Late: First contact, Noor de Wit" in page
    assert "A lead was handed over to you, Noor de Wit" in page


def test_opening_a_notice_reads_it_and_leads_to_the_handoff(signed_in, late, sam):
    notice = Notice.objects.filter(recipient=sam, channel=ChannelKind.IN_APP).first()

    answer = signed_in(sam).post(reverse("sla:read_notice", args=[notice.pk]))

    assert answer.url == reverse("handoff:detail", args=[late.pk])
    notice.refresh_from_db()
    assert notice.read_at


def test_reading_all_counts_to_nothing(signed_in, late, sam):
    browser = signed_in(sam)

    browser.post(reverse("sla:read_all_notices"))

    assert "You have read everything." in browser.get(reverse("sla:notices")).content.decode()


def test_somebody_elses_notice_does_not_exist(signed_in, late, sonia):
    notice = Notice.objects.filter(channel=ChannelKind.IN_APP).first()

    assert signed_in(sonia).post(reverse("sla:read_notice", args=[notice.pk])).status_code == 404


def test_an_administrator_sees_what_could_not_be_sent_and_lets_it_try_again(signed_in, late, ada, mia):
    Notice.objects.filter(channel=ChannelKind.MAIL).update(
        quarantined_at=timezone.now(), attempts=3, failure="ConnectionRefusedError"
    )
    assert "ConnectionRefusedError" not in signed_in(mia).get(reverse("sla:notices")).content.decode()
    assert signed_in(mia).post(reverse("sla:retry_mails")).status_code == 403

    browser = signed_in(ada)
    assert "ConnectionRefusedError" in browser.get(reverse("sla:notices")).content.decode()
    browser.post(reverse("sla:retry_mails"))

    tasks.deliver_mail()
    assert mail.outbox


def test_the_list_of_notices_needs_no_more_queries_for_more_of_them(
    signed_in, send, sven, sam, django_assert_max_num_queries
):
    for _ in range(6):
        send(at=PAST)
    sweep(on(10, "16:00"))
    browser = signed_in(sam)

    with django_assert_max_num_queries(16):
        browser.get(reverse("sla:notices"))


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999", "0"])
def test_an_unknown_page_of_notices_is_no_error(signed_in, late, sam, before):
    assert signed_in(sam).get(reverse("sla:notices"), {"before": before}).status_code == 200


def test_the_list_narrows_to_what_is_new_and_to_what_waits_for_me(signed_in, send, sven, sam):
    browser, handoff = signed_in(sam), send(at=PAST)
    assert "A lead was handed over to you" in browser.get("/notices/", {"show": "act"}).content.decode()

    call(handoff, occurred_at=on(9, "09:30"), by=sam)
    disqualify(Lead.objects.get(pk=handoff.lead_id), "No fit", by=sam, at=on(9, "10:00"))

    assert "Nobody waits for you." in browser.get("/notices/", {"show": "act"}).content.decode()
    assert "A lead was handed over to you" in browser.get("/notices/", {"show": "unread"}).content.decode()
    browser.post(reverse("sla:read_all_notices"))
    assert "You have read everything." in browser.get("/notices/", {"show": "unread"}).content.decode()
    assert "A lead was handed over to you" in browser.get("/notices/", {"show": "nonsense"}).content.decode()


def test_a_notice_is_marked_as_read_without_leaving_the_list(signed_in, late, sam):
    notice = Notice.objects.filter(recipient=sam, channel=ChannelKind.IN_APP).first()

    answer = signed_in(sam).post(reverse("sla:read_notice", args=[notice.pk]), {"stay": "1"})

    notice.refresh_from_db()
    assert answer.url == reverse("sla:notices")
    assert notice.read_at


def test_a_late_promise_is_taken_up_from_the_list(signed_in, late, sam):
    browser, clock = signed_in(sam), contact_clock_of(late)
    Clock.objects.filter(pk=clock.pk).update(ladder_step=0)
    assert "I have it" in browser.get("/notices/").content.decode()

    browser.post(reverse("sla:take_up", args=[clock.pk]))

    assert "Sam Smit has it in hand" in browser.get("/notices/").content.decode()


# The inspector


def test_the_inspector_prints_the_arithmetic(signed_in, send, sam, mia, fin):
    handoff = send(at=on(27, "15:00"))
    ask(handoff, on(27, "16:00"), sam)
    handoff.reply("Utrecht", by=mia, at=on(30, "10:00"))

    page = signed_in(fin).get(reverse("sla:clock", args=[contact_clock_of(handoff).pk])).content.decode()

    assert "Counted: Fri 27 Nov 2026 15:00 to 16:00 = 1 h, 3 h left" in page
    assert "Marketing owes an answer" in page
    assert "Due: Mon 30 Nov 2026 13:00" in page


def test_a_paused_clock_is_explained_as_if_it_went_on_now(signed_in, send, sam):
    handoff = send(at=PAST)
    ask(handoff, on(9, "10:00"), sam)

    with time_machine.travel(on(9, "11:00"), tick=False):
        page = signed_in(sam).get(reverse("sla:clock", args=[contact_clock_of(handoff).pk])).content.decode()

    assert "Marketing owes an answer" in page
    assert "if every pause runs out by itself" in page
    assert "waits for marketing" in page


@pytest.mark.parametrize("clock_id", [999_999, 2**63 - 1])
def test_an_unknown_clock_is_not_found(signed_in, fin, clock_id):
    assert signed_in(fin).get(reverse("sla:clock", args=[clock_id])).status_code == 404


def test_the_leads_timeline_tells_of_the_broken_promise(late):
    titles = [str(entry.title) for entry in timeline.page(late.lead).entries]

    assert "Late: First contact" in titles
    assert "Told further up: First contact" in titles


# Tasks and health


def test_the_task_puts_signed_agreements_into_force(mara):
    draft = Agreement.draft_from(AgreementFactory(), by=mara, at=timezone.now())
    vera, victor = AgreementFactory.signers()
    Agreement.objects.filter(pk=draft.pk).update(starts_on=timezone.localdate() + timedelta(days=3))
    draft.refresh_from_db()
    draft.propose(by=vera, at=timezone.now())
    draft.sign("MARKETING", by=vera, at=timezone.now())
    draft.sign("SALES", by=victor, at=timezone.now())

    tasks.come_into_force()
    assert Agreement.objects.get(pk=draft.pk).state == AgreementState.SIGNED


def test_a_page_says_when_nobody_looks_at_the_clocks(signed_in, send, sam):
    send()
    browser = signed_in(sam)
    assert "the sweep does not run" in browser.get(reverse("sla:notices")).content.decode()

    tasks.sweep()
    assert "the sweep does not run" not in browser.get(reverse("sla:notices")).content.decode()


def test_readiness_knows_the_age_of_the_last_sweep(client, send):
    send()
    now = timezone.now()
    SweepRun.objects.create(started_at=now, as_of=now, finished_at=now - timedelta(minutes=3))
    assert not health.check().is_fine
    assert client.get("/readyz").status_code == 503

    sweep(now)
    assert health.check().is_fine


def test_a_company_without_clocks_is_not_unwell(db):
    assert health.check().is_fine


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_needs_no_celery(send, sven):
    send(at=PAST)

    call_command("sweeper", rounds=1, every=0)

    assert Clock.objects.filter(breached_at__isnull=False).count() == 2
    assert mail.outbox


def test_check_invariants_finds_what_is_wrong(send, sam, capsys):
    handoff = send(at=PAST)
    call(handoff, occurred_at=on(9, "10:00"), by=sam)
    assert_invariants_hold(as_of=on(9, "10:01"))
    mails.deliver(timezone.now())
    Clock.objects.update(breached_at=PAST)

    with pytest.raises(SystemExit):
        call_command("check_invariants")

    assert "I-3" in capsys.readouterr().err


# Working hours stay


def test_a_version_of_working_hours_never_changes(db):
    version = CalendarFactory().current

    with pytest.raises(DatabaseError, match="facts"), transaction.atomic():
        type(version).objects.filter(pk=version.pk)._raw_delete("default")


def test_a_working_calendar_is_shared_by_equal_versions(db):
    calendar = CalendarFactory()

    assert calendar.current.business_calendar() is calendar.current.business_calendar()


# Health


def test_an_administrator_sees_who_works_and_what_waits(signed_in, late, ada):
    browser = signed_in(ada)
    assert "never seen" in browser.get("/settings/health/").content.decode()

    tasks.sign_of_life()
    rounds.do_all("sweeper")
    page = browser.get("/settings/health/").content.decode()

    assert "never seen" not in page
    assert page.count("last seen") == 2
    assert "The clocks are looked at." in page


def test_what_was_set_aside_stands_on_the_page_of_health(signed_in, late, ada):
    Notice.objects.filter(channel=ChannelKind.MAIL).update(
        quarantined_at=timezone.now(), failure="ConnectionRefusedError"
    )

    assert "ConnectionRefusedError" in signed_in(ada).get("/settings/health/").content.decode()


def test_machines_read_ages_states_and_the_outbox(client, late):
    SignOfLife.objects.create(name="worker", seen_at=timezone.now() - timedelta(minutes=5))

    figures = dict(
        line.split() for line in client.get("/metrics").content.decode().splitlines() if line[0] != "#"
    )

    assert 290 < float(figures["smarketing_worker_age_seconds"]) < 400
    assert float(figures["smarketing_sweeper_age_seconds"]) == -1
    assert float(figures["smarketing_clocks_running"]) == 2
    assert float(figures["smarketing_clocks_late"]) == 2
    assert float(figures["smarketing_outbox_waiting"]) > 0
    assert float(figures["smarketing_outbox_overdue_seconds"]) > 0


def test_somebody_outside_hears_of_a_sweep_that_ended_well_and_of_no_other(db, settings, monkeypatch):
    settings.OUTGOING_LOOPBACK = True
    with listening() as outside:
        settings.PING_URL = outside.address
        rounds.look_at_the_clocks(timezone.now())
        rounds.look_at_the_clocks(timezone.now())
        assert len(outside.heard) == 1, "two triggers within half a minute are one sign"

        SignOfLife.objects.all().delete()
        monkeypatch.setattr("sla.sweeps.audience", lambda at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rounds.look_at_the_clocks(timezone.now())
        assert len(outside.heard) == 1


def test_nobody_outside_who_answers_stops_no_sweep(db, settings):
    settings.PING_URL, settings.OUTGOING_LOOPBACK = "http://127.0.0.1:1/", True

    assert rounds.look_at_the_clocks(timezone.now()).failed == []


def test_the_sweeper_says_whether_it_works(db):
    with pytest.raises(CommandError):
        call_command("sweeper", ask=True)

    rounds.do_all("sweeper")
    call_command("sweeper", ask=True)
