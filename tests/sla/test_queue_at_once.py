"""Many leads of the queue at once: what will be left out is said before anything is done; one act, one toast, one undo."""

from datetime import timedelta

import pytest
import time_machine

from handoff.models import Handoff
from leads.models import Act, Activity, Lead, Stage
from sla.queue import bulk
from tests.conftest import TUESDAY_NOON
from tests.factories import BRIEF, MONDAY_MORNING, AgreementFactory, LeadFactory

TOMORROW = TUESDAY_NOON + timedelta(days=1)
WHEN = {"next_step": "Call again", "next_step_at": "2026-11-25T10:00"}
AT = {"at": TUESDAY_NOON}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(TUESDAY_NOON, tick=False):
        yield


@pytest.fixture
def hand_over(db, mia, sam):
    AgreementFactory()

    def send(name, *, to=sam):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING, contact__first_name=name)
        brief = {item["key"]: "x" for item in BRIEF}
        return Handoff.send(lead, brief=brief, to=to, by=mia, at=TUESDAY_NOON - timedelta(hours=1)).lead

    return send


def text(response) -> str:
    return response.content.decode()


def snoozed() -> set[str]:
    return set(Lead.objects.exclude(next_step_at=None).values_list("contact__first_name", flat=True))


def test_snoozing_moves_the_leads_and_no_clock(hand_over, sam):
    leads = [hand_over(name) for name in ("Noor", "Jonas")]
    due = {clock.pk: clock.due_at for lead in leads for clock in lead.handoffs.get().clocks.all()}

    done = bulk.snooze([lead.pk for lead in leads], "Later", due_at=TOMORROW, by=sam, **AT)

    assert (len(done.ready), done.skipped) == (2, [])
    assert snoozed() == {"Noor", "Jonas"}
    assert due == {clock.pk: clock.due_at for lead in leads for clock in lead.handoffs.get().clocks.all()}


def test_one_undo_brings_back_what_stood_there_before(hand_over, signed_in, sam):
    planned, fresh = hand_over("Noor"), hand_over("Jonas")
    planned.plan_next_step("Offer", due_at=TOMORROW)
    rep = signed_in(sam)

    rep.post("/queue/bulk/", WHEN | {"sure": "SNOOZE", "lead": [planned.pk, fresh.pk]})
    assert snoozed() == {"Noor", "Jonas"}
    rep.post(f"/undo/{Act.objects.filter(by=sam).values_list('key', flat=True).distinct().get()}/")

    assert list(Lead.objects.exclude(next_step_at=None).values_list("next_step", "next_step_at")) == [
        ("Offer", TOMORROW)
    ]
    assert Activity.objects.filter(kind="NEXT_STEP", actor=sam).count() == 2


def test_what_belongs_to_others_is_left_out_with_a_reason(hand_over, sam, sonia):
    mine, hers, free = hand_over("Noor"), hand_over("Hers", to=sonia), hand_over("Free", to="pool")
    new = LeadFactory()

    planned = bulk.plan("SNOOZE", [mine.pk, hers.pk, free.pk, new.pk], by=sam)

    assert [lead for lead, _ in planned.ready] == [mine]
    assert {skipped.lead: skipped.why for skipped in planned.skipped} == {
        hers: "belongs to somebody else",
        free: "waits in the pool: nobody has it yet",
        new: "is not with sales",
    }
    assert snoozed() == set()


def test_reassigning_leaves_who_has_it_already(hand_over, sven, sonia):
    one, two = hand_over("Noor"), hand_over("Hers", to=sonia)

    done = bulk.reassign([one.pk, two.pk], to=sonia, by=sven, **AT)

    assert [lead for lead, _ in done.ready] == [one]
    assert [skipped.why for skipped in done.skipped] == ["Sonia Smit has it already"]
    assert Handoff.objects.received_by(sonia).count() == 2


def test_the_page_says_what_will_happen_before_it_does(hand_over, signed_in, sam, sonia):
    mine, hers = hand_over("Noor"), hand_over("Hers", to=sonia)
    rep, chosen = signed_in(sam), {"act": "SNOOZE", "lead": [mine.pk, hers.pk]}

    for headers in (HTMX, {}):
        page = text(rep.post("/queue/bulk/", chosen, headers=headers))
        assert "1 lead will change" in page
        assert "1 is left out:" in page
        assert "belongs to somebody else" in page
    assert snoozed() == set()

    done = rep.post("/queue/bulk/", chosen | WHEN | {"sure": "SNOOZE", "view": "view=now"}, follow=True)

    assert done.redirect_chain[-1][0] == "/queue/?view=now"
    assert "1 lead snoozed. 1 left as it was." in text(done)
    assert snoozed() == {"Noor"}


def test_all_in_the_view_means_the_view_and_its_filters(hand_over, signed_in, sam):
    for name in ("Noor", "Jonas"):
        hand_over(name)
    Lead.objects.filter(contact__first_name="Jonas").update(source=None)

    signed_in(sam).post(
        "/queue/bulk/", WHEN | {"sure": "SNOOZE", "all": "1", "view": "view=now&source=webinar"}
    )

    assert snoozed() == {"Noor"}


def test_a_moment_that_has_passed_changes_nothing_and_keeps_what_was_typed(hand_over, signed_in, sam):
    lead = hand_over("Noor")
    past = {"next_step": "Call again", "next_step_at": "2026-11-23T10:00", "sure": "SNOOZE", "lead": lead.pk}

    answer = signed_in(sam).post("/queue/bulk/", past)

    assert answer.status_code == 422
    assert "Call again" in text(answer)
    assert snoozed() == set()


def test_only_the_team_lead_reassigns_many(hand_over, signed_in, sam, sonia, sven):
    lead = hand_over("Noor")
    act = {"sure": "REASSIGN", "lead": lead.pk, "to": sonia.pk}

    assert signed_in(sam).post("/queue/bulk/", act).status_code == 403
    assert "1 lead reassigned." in text(signed_in(sven).post("/queue/bulk/", act, follow=True))
    assert Handoff.objects.get().receiver == sonia


@pytest.mark.parametrize(
    "what", [{}, {"act": "SNOOZE"}, {"act": "ERASE", "lead": "1"}, {"act": "SNOOZE", "lead": "x"}]
)
def test_nothing_chosen_is_said(signed_in, sam, what):
    assert "Select at least one lead." in text(signed_in(sam).post("/queue/bulk/", what, follow=True))


def test_the_sheets_of_the_chosen_leads_in_their_order(hand_over, signed_in, sam):
    noor, jonas, _ = (hand_over(name) for name in ("Noor", "Jonas", "Aisha"))

    page = text(
        signed_in(sam).post("/queue/bulk/", {"act": "SHEETS", "lead": [jonas.pk, noor.pk]}, follow=True)
    )

    assert "2 sheets" in page
    assert page.index('aria-label="Jonas de Wit"') < page.index('aria-label="Noor de Wit"')
