"""A newcomer's first agreement in three steps: who and when, what each side promises, read it and propose."""

from datetime import timedelta

import pytest
from django.urls import reverse

from handoff.models import Handoff
from leads.models import Stage
from sla import suggesting
from sla.models import Agreement, AgreementState, Calendar, TermKind
from tests.factories import MONDAY_MORNING, AgreementFactory, CalendarFactory, LeadFactory
from tests.sla.moments import TUESDAY_NINE, TUESDAY_NOON, on

pytestmark = pytest.mark.django_db
FIRST = reverse("sla:first")


@pytest.fixture(autouse=True)
def at_tuesday_noon(time_machine):
    time_machine.move_to(TUESDAY_NOON, tick=False)


def answers(**changed):
    asked = {
        "starts_on": "2026-11-30",
        "review_on": "2027-02-28",
        "days": [0, 1, 2, 3],
        "opens": "08:30",
        "closes": "16:30",
    }
    return {**asked, **changed}


def history(mia, sam, number, accepted_after):
    """`number` hand-offs before any agreement, each accepted after so many minutes."""
    for _ in range(number):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
        brief = {"why_now": "A price", "wants": "Trucks"}
        handoff = Handoff.send(lead, brief=brief, to=sam, by=mia, at=TUESDAY_NINE)
        handoff.accept(by=sam, at=TUESDAY_NINE + timedelta(minutes=accepted_after))


def test_three_steps_from_nothing_to_a_proposal(signed_in, mara, sven):
    browser = signed_in(mara)
    assert "Begin" in browser.get(reverse("sla:agreement")).content.decode()

    step_one = browser.get(FIRST).content.decode()
    assert "Step 1 of 3" in step_one
    assert "Mara" in step_one
    assert "Sven" in step_one
    to_promises = browser.post(FIRST, answers()).url

    draft = Agreement.objects.get()
    assert to_promises == reverse("sla:first_promises", args=[draft.pk])
    assert "Step 2 of 3" in browser.get(to_promises).content.decode()
    promises = {f"{kind}-promised": "" for kind in ("capacity",)}
    to_reading = browser.post(
        to_promises,
        {
            "answer_handoff-promised": "on",
            "answer_handoff-hours": "1.5",
            "answer_handoff-target_share": "85",
            **promises,
        },
    ).url

    assert to_reading == reverse("sla:propose", args=[draft.pk])
    reading = browser.get(to_reading).content.decode()
    assert "Step 3 of 3" in reading
    assert "Decide on a hand-off within 1\u00a0h\u00a030\u00a0m, in 85%" in reading
    browser.post(to_reading)
    assert Agreement.objects.get().state == AgreementState.PROPOSED


def test_who_and_when_become_the_draft_and_its_hours(signed_in, mara):
    signed_in(mara).post(FIRST, answers())

    draft = Agreement.objects.get()
    assert (draft.starts_on.isoformat(), draft.review_on.isoformat()) == ("2026-11-30", "2027-02-28")
    hours = draft.sales_calendar.current.business_calendar()
    assert hours.is_open(on(24, "08:45"))
    assert not hours.is_open(on(27, "10:00"))  # Friday was not ticked


def test_hours_that_are_there_already_are_not_asked_again(signed_in, mara):
    CalendarFactory()
    page = signed_in(mara).get(FIRST)

    assert "opens" not in page.context["form"].fields
    signed_in(mara).post(FIRST, {"starts_on": "2026-11-30"})
    assert Calendar.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"starts_on": "2026-11-01"}, "never measured backwards"),
        ({"review_on": "2026-11-29"}, "after it started"),
        ({"closes": "08:00"}, "ends after it begins"),
        ({"days": []}, "required"),
    ],
)
def test_what_cannot_be_is_named(signed_in, mara, wrong, words):
    answer = signed_in(mara).post(FIRST, answers(**wrong))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Agreement.objects.exists()


def test_with_too_little_history_the_examples_stand(signed_in, mara, mia, sam):
    history(mia, sam, 3, accepted_after=30)

    signed_in(mara).post(FIRST, answers())

    assert Agreement.objects.get().terms.get(kind=TermKind.ANSWER_HANDOFF).target_seconds == 7200


def test_the_companys_own_past_suggests_the_promises(signed_in, mara, mia, sam):
    history(mia, sam, 30, accepted_after=40)
    browser = signed_in(mara)

    to_promises = browser.post(FIRST, answers(days=[0, 1, 2, 3, 4], opens="09:00", closes="17:00")).url

    terms = {term.kind: term for term in Agreement.objects.get().terms.all()}
    assert terms[TermKind.SQLS_DELIVERED].target_count == 10
    assert terms[TermKind.ANSWER_HANDOFF].target_seconds == 3600  # forty minutes, in half hours
    assert terms[TermKind.SQL_QUALITY].target_share == 95
    assert "nine of ten took at most 40\u00a0m" in browser.get(to_promises).content.decode()


def test_nine_of_ten_decide_the_target(mia, sam):
    history(mia, sam, 27, accepted_after=20)
    history(mia, sam, 3, accepted_after=150)
    hours = CalendarFactory().current.business_calendar()

    found = suggesting.from_history(hours, at=TUESDAY_NOON)

    assert found[TermKind.ANSWER_HANDOFF].values["target_seconds"] == 1800


def test_a_draft_that_was_begun_goes_on(signed_in, mara):
    browser = signed_in(mara)
    browser.post(FIRST, answers())

    assert browser.get(FIRST).url == reverse("sla:first_promises", args=[Agreement.objects.get().pk])
    browser.post(FIRST, answers())
    assert Agreement.objects.count() == 1


def test_after_the_first_there_is_no_first_any_more(signed_in, mara):
    AgreementFactory()

    assert signed_in(mara).get(FIRST).url == reverse("sla:agreement")


def test_a_promise_for_hot_leads_wants_a_rule_that_says_which(signed_in, mara):
    draft = AgreementFactory(state="DRAFT", at=TUESDAY_NOON)
    browser, page = signed_in(mara), reverse("sla:propose", args=[draft.pk])
    assert "nothing says when a lead is hot" in browser.get(page).content.decode()

    draft.terms.filter(kind=TermKind.FIRST_CONTACT_HOT).delete()

    assert "nothing says when a lead is hot" not in browser.get(page).content.decode()


def test_a_promised_number_is_not_called_optional(signed_in, mara):
    browser = signed_in(mara)
    step_two = browser.get(browser.post(FIRST, answers()).url).content.decode()

    assert "within, in working hours" in step_two
    assert "Share in %</label>" in step_two
    assert "Exceptions" in step_two


def test_a_wrong_promise_is_named_in_step_two(signed_in, mara):
    browser = signed_in(mara)
    address = browser.post(FIRST, answers()).url

    answer = browser.post(address, {"capacity-promised": "on", "capacity-target_count": ""})

    assert answer.status_code == 422
    assert "Say how much is promised." in answer.content.decode()


def test_only_who_leads_begins(signed_in, sam):
    assert signed_in(sam).get(FIRST).status_code == 403
