"""A pause has a reason and an end; it runs out by itself, in working time, and never heals what is late."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from handoff.models import Handoff
from leads.models import Stage
from sla import holding
from sla.models import Clock, ClockEventKind, ClockState, Notice, PauseReason
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
from tests.sla.moments import (
    BRIEF,
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    ask,
    call,
    contact_clock_of,
    kinds,
    on,
    reply,
)

pytestmark = pytest.mark.django_db

DATE, REVIEW = PauseReason.LEAD_ASKED_FOR_DATE, PauseReason.DUPLICATE_REVIEW
SECOND = timedelta(seconds=1)


def hold(handoff, reason, *, at, by, until=None) -> Clock:
    holding.hold(handoff, reason, until=until, by=by, at=at)
    return contact_clock_of(handoff)


def test_until_the_date_that_the_lead_asked_for(send, sam):
    clock = hold(send(), DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    assert clock.resumes_at == on(26, "14:00")
    assert clock.due_at == on(26, "17:00")
    status = clock.status(on(25, "12:00"))
    assert (status.state, status.seconds, status.until) == ("paused", 3 * 3600, on(26, "14:00"))


def test_both_clocks_of_sales_stand_still_and_the_sender_is_told(send, sam, mia):
    handoff = send()

    hold(handoff, DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    assert answer_of(handoff).state == ClockState.PAUSED
    assert Notice.objects.filter(kind="PAUSED", recipient=mia).exists()


def test_it_runs_out_by_itself_also_when_no_sweep_comes_by(send, sam):
    clock = hold(send(), DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    assert clock.status(on(26, "14:00")).state == "calm"
    assert clock.status(on(26, "16:30")).state == "soon"
    assert clock.status(on(26, "17:00") + SECOND).state == "late"
    assert Clock.objects.overdue(on(26, "17:00") + SECOND).filter(pk=clock.pk).exists()


def test_the_sweep_takes_up_what_ran_out_at_its_true_moment(send, sam):
    handoff = send()
    hold(handoff, DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    sweep(on(26, "14:00") + SECOND)

    clock = contact_clock_of(handoff)
    assert (clock.state, clock.remaining_seconds) == (ClockState.RUNNING, None)
    assert clock.events.get(kind=ClockEventKind.RESUMED).happened_at == on(26, "14:00")
    assert clock.next_check_at == clock.warn_at
    assert_invariants_hold(as_of=on(26, "14:00") + SECOND)


def test_after_an_outage_one_sweep_takes_up_and_flags(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    hold(handoff, DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    sweep(on(30, "12:00"))

    clock = contact_clock_of(handoff)
    assert clock.breached_at == on(26, "17:00")
    assert kinds(clock)[:4] == ["STARTED", "PAUSED", "RESUMED", "BREACHED"]
    assert_invariants_hold(as_of=on(30, "12:00"))


def test_it_ends_with_the_most_that_the_agreement_allows(send, sam):
    """Eight hours of working time for a possible duplicate."""
    clock = hold(send(), REVIEW, at=TUESDAY_TEN, by=sam)

    assert clock.resumes_at == on(25, "10:00")


def test_the_agreement_says_how_much(mia, sam, sales):
    AgreementFactory(pause_limits={REVIEW: 90})
    lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
    handoff = Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NINE)

    assert hold(handoff, REVIEW, at=TUESDAY_TEN, by=sam).resumes_at == on(24, "11:30")


def test_the_limit_is_for_all_pauses_of_a_reason_together(send, sam):
    handoff = send()
    hold(handoff, REVIEW, at=TUESDAY_TEN, by=sam)
    holding.go_on(handoff, by=sam, at=on(24, "16:00"))

    clock = hold(handoff, REVIEW, at=on(24, "16:30"), by=sam)

    assert clock.resumes_at == on(25, "10:30")  # six of the eight hours were used


def test_when_the_limit_is_used_up_there_is_no_more_pause(send, sam):
    handoff = send()
    hold(handoff, REVIEW, at=TUESDAY_TEN, by=sam)

    with pytest.raises(holding.CannotPause, match="used up"):
        hold(handoff, REVIEW, at=on(25, "11:00"), by=sam)


def test_going_on_gives_back_the_working_time_that_was_left(send, sam):
    handoff = send()
    hold(handoff, REVIEW, at=TUESDAY_TEN, by=sam)

    holding.go_on(handoff, by=sam, at=TUESDAY_NOON)

    clock = contact_clock_of(handoff)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, on(24, "15:00"))


def test_overlapping_pauses_count_once(send, sam, mia):
    """Asked at ten, a date until noon from half past ten; the answer comes at eleven: it goes on at noon."""
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)
    hold(handoff, DATE, until=TUESDAY_NOON, at=on(24, "10:30"), by=sam)

    reply(handoff, on(24, "11:00"), mia)

    clock = contact_clock_of(handoff)
    assert (clock.state, clock.resumes_at, clock.due_at) == (
        ClockState.PAUSED,
        TUESDAY_NOON,
        on(24, "15:00"),
    )
    assert clock.status(on(24, "12:30")).seconds == 2.5 * 3600


def test_letting_it_go_on_does_not_end_the_wait_for_marketing(send, sam):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)
    hold(handoff, DATE, until=on(30, "12:00"), at=TUESDAY_TEN, by=sam)

    holding.go_on(handoff, by=sam, at=TUESDAY_NOON)

    assert [pause.reason for pause in contact_clock_of(handoff).open_pauses()] == ["MARKETING_ANSWERS"]


def test_a_later_date_replaces_an_earlier_one(send, sam):
    handoff = send()
    hold(handoff, DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    clock = hold(handoff, DATE, until=on(27, "10:00"), at=TUESDAY_NOON, by=sam)

    assert clock.resumes_at == on(27, "10:00")
    assert clock.due_at == on(27, "13:00")


def test_a_contact_while_it_is_paused_ends_the_pause_first(send, sam):
    handoff = send()
    hold(handoff, DATE, until=on(30, "10:00"), at=TUESDAY_TEN, by=sam)

    call(handoff, occurred_at=on(25, "10:00"), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.is_met
    assert clock.worked_seconds == 3600
    assert clock.pauses.get().to_at == on(25, "10:00")


def test_what_is_due_is_not_healed(send, sam):
    handoff = send()

    with pytest.raises(holding.CannotPause, match="due already"):
        hold(handoff, DATE, until=on(26, "14:00"), at=on(24, "13:30"), by=sam)

    assert contact_clock_of(handoff).due_at == on(24, "13:00")


def test_passing_it_on_while_paused_counts_what_is_left(send, sam, sonia, sven):
    handoff = send()
    hold(handoff, DATE, until=on(26, "14:00"), at=on(24, "12:45"), by=sam)

    handoff.reassign(sonia, by=sven, at=on(25, "10:00"))

    assert contact_clock_of(handoff).segments.get(holder=sonia).answers_for_breach is False


def test_row_and_filter_agree_on_pauses_at_every_moment(send, sam, mia):
    dated, asked = send(), send(at=TUESDAY_NINE)
    hold(dated, DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)
    ask(asked, TUESDAY_TEN, sam)

    for hours in range(0, 24 * 8):
        now = TUESDAY_TEN + timedelta(hours=hours)
        for state in ["late", "soon", "calm", "paused", "met", "cancelled", "void"]:
            listed = set(Clock.objects.in_state(state, now).values_list("pk", flat=True))
            shown = {clock.pk for clock in Clock.objects.all() if clock.status(now).state == state}
            assert listed == shown, (state, now)


# In the browser


@pytest.fixture
def running(send):
    """Handed over just now, so that it runs while the browser is used."""
    return send(at=timezone.now().replace(microsecond=0))


def test_who_holds_it_pauses_and_goes_on(signed_in, running, sam):
    clock, browser = contact_clock_of(running), signed_in(sam)
    until = timezone.localtime() + timedelta(days=2)

    answer = browser.post(
        reverse("sla:pause", args=[clock.pk]), {"reason": DATE, "until": f"{until:%Y-%m-%dT%H:%M}"}
    )

    assert answer.status_code == 302
    page = browser.get(reverse("sla:clock", args=[clock.pk])).content.decode()
    assert "Go on now" in page
    assert "paused until" in page
    browser.post(reverse("sla:resume", args=[clock.pk]))
    assert contact_clock_of(running).state == ClockState.RUNNING


def test_a_date_is_asked_for(signed_in, running, sam):
    url = reverse("sla:pause", args=[contact_clock_of(running).pk])

    answer = signed_in(sam).post(url, {"reason": DATE})

    assert answer.status_code == 422
    assert "Which date did the lead ask for?" in answer.content.decode()


def test_the_form_says_how_long_each_reason_may_hold_it(signed_in, running, sam):
    form = signed_in(sam).get(reverse("sla:pause", args=[contact_clock_of(running).pk])).context["form"]

    dated, review = form.fields["reason"].help_text.split(". ")[0], form.fields["reason"].help_text
    assert "The lead asked for a date: at most 160\u00a0h of working time in all, so until" in dated
    assert "A possible duplicate is looked at: at most 8\u00a0h" in review
    assert "the usual limit" in review
    assert form.fields["until"].required


def test_a_review_needs_no_moment(signed_in, running, sam):
    answer = signed_in(sam).post(
        reverse("sla:pause", args=[contact_clock_of(running).pk]), {"reason": REVIEW}
    )

    assert answer.status_code == 302
    assert contact_clock_of(running).state == ClockState.PAUSED


def test_a_pause_says_its_reason_in_the_language_of_the_reader(send, sam):
    clock = hold(send(), DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    with override("nl"):
        assert clock.events.get(kind="PAUSED").reason == "De lead vroeg om een datum"


def test_what_runs_already_is_told_so(signed_in, running, sam):
    answer = signed_in(sam).post(reverse("sla:resume", args=[contact_clock_of(running).pk]))

    assert answer.status_code == 409
    assert "It runs already." in answer.content.decode()


def test_marketing_and_colleagues_do_not_pause_it(signed_in, running, mia, sonia):
    url = reverse("sla:pause", args=[contact_clock_of(running).pk])

    assert signed_in(mia).post(url, {"reason": REVIEW}).status_code == 403
    assert signed_in(sonia).post(url, {"reason": REVIEW}).status_code == 403


def test_the_command_line_explains_a_clock_with_its_pauses(send, sam, capsys):
    clock = hold(send(), DATE, until=on(26, "14:00"), at=TUESDAY_TEN, by=sam)

    call_command("explain_due", clock=clock.pk)

    said = capsys.readouterr().out
    assert "Due: Thu 26 Nov 2026 17:00" in said
    assert "The lead asked for a date" in said
    assert "Held from Tue 24 Nov 2026 09:00 by Sam Smit" in said
