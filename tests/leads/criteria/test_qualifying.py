"""A marketer judges one lead: answers, evidence, sales-ready or not."""

from datetime import timedelta

import pytest
from django import forms

from leads.criteria import hooks
from leads.criteria.judging import judge
from leads.models import Answer, Judgement, Lead, Qualification, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, CriteriaSetFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    CriteriaSetFactory(version=7)
    return LeadFactory(facts={"vehicles": 60})


@pytest.fixture(autouse=True)
def _without_other_rooms(monkeypatch):
    monkeypatch.setattr(hooks, "_delivery", [])


def answers(**given):
    return {"criteria_version": "7", **given}


def now(lead):
    return Lead.objects.get(pk=lead.pk)


def test_the_page_shows_each_criterion_with_its_evidence(lead, signed_in, mia):
    page = signed_in(mia).get(f"/qualify/{lead.pk}/").content.decode()

    for words in (
        "50+ vehicles",
        "Vehicles: 60",
        "Vehicles is at least 50",
        "Decider reachable",
        "Not yet sales-ready",
        "Points: 15 of 15",
    ):
        assert words in page


def test_saving_answers_keeps_only_what_changed(lead, signed_in, mia):
    given = answers(
        answer_vehicles="YES", answer_decider="YES", evidence_decider="She signs", answer_budget="UNKNOWN"
    )

    response = signed_in(mia).post(f"/qualify/{lead.pk}/judge/", given)

    assert response.status_code == 302
    assert [(j.key, j.answer, j.evidence, j.judged_by) for j in Judgement.objects.all()] == [
        ("decider", "YES", "She signs", mia)
    ]


def test_correcting_a_rule_without_a_reason_comes_back_with_words(lead, signed_in, mia):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/judge/", answers(answer_vehicles="NO", answer_decider="YES")
    )

    assert response.status_code == 422
    assert "50+ vehicles: Say why the automatic answer is not right." in response.content.decode()
    assert not Judgement.objects.exists()


def test_marking_too_early_says_what_is_missing_and_keeps_the_answers(lead, signed_in, mia):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/mark-sales-ready/", answers(answer_budget="YES", evidence_budget="40k")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Decider reachable: This is unknown." in page
    assert "<title>Error:" in page
    assert now(lead).answers == {"budget": "YES"}
    assert 'value="40k"' not in page


def test_marking_with_everything_answered(lead, signed_in, mia):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/mark-sales-ready/", answers(answer_decider="YES"), follow=True
    )

    assert now(lead).stage == Stage.SQL
    assert "is sales-ready" in response.content.decode()


def test_who_leads_marketing_can_go_on_with_a_reason(lead, signed_in, mara):
    signed_in(mara).post(
        f"/qualify/{lead.pk}/mark-sales-ready/", answers(override_reason="Director asked for us")
    )

    assert now(lead).stage == Stage.SQL
    assert Qualification.objects.get().override_reason == "Director asked for us"


def test_a_marketer_is_told_who_can(lead, signed_in, mia, mara):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/mark-sales-ready/", answers(override_reason="Trust me")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Only a team lead or manager of marketing" in page
    assert "Mara" in page


def test_a_late_click_is_told_who_was_first(lead, signed_in, mia, mara):
    judge(lead, "decider", Answer.YES, by=mara, at=TUESDAY_NOON)
    Lead.objects.get(pk=lead.pk).disqualify("Bankrupt", by=mara, at=TUESDAY_NOON)

    response = signed_in(mia).post(f"/qualify/{lead.pk}/nurture/", {"reason": "Later"})

    assert response.status_code == 409
    assert now(lead).stage == Stage.DISQUALIFIED


def test_answers_to_an_older_version_are_not_mixed_with_the_newer(lead, signed_in, mia):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/judge/", {"criteria_version": "6", "answer_decider": "YES"}
    )

    assert response.status_code == 422
    assert "Criteria v7 came into force meanwhile" in response.content.decode()
    assert not Judgement.objects.exists()


@pytest.mark.parametrize(("verb", "stage"), [("nurture", Stage.RECYCLED), ("discard", Stage.DISQUALIFIED)])
def test_a_lead_that_is_not_for_sales_leaves_with_a_reason_and_the_next_opens(
    lead, signed_in, mia, verb, stage
):
    older = LeadFactory(captured_at=MONDAY_MORNING - timedelta(days=1))

    response = signed_in(mia).post(f"/qualify/{lead.pk}/{verb}/", {"reason": "Too small"})

    assert response.url == f"/qualify/{older.pk}/"
    assert (now(lead).stage, now(lead).reason) == (stage, "Too small")


@pytest.mark.parametrize("verb", ["nurture", "discard"])
def test_without_a_reason_it_stays(lead, signed_in, mia, verb):
    response = signed_in(mia).post(f"/qualify/{lead.pk}/{verb}/", {"reason": " "})

    assert response.status_code == 422
    assert now(lead).stage == Stage.NEW


def test_a_lead_can_be_qualified_without_being_ready(lead, signed_in, mia):
    signed_in(mia).post(f"/qualify/{lead.pk}/mark-qualified/")

    assert now(lead).stage == Stage.MQL


@pytest.mark.parametrize(
    "verb", ["judge", "mark-sales-ready", "hand-over", "mark-qualified", "nurture", "discard"]
)
def test_sales_reads_and_does_not_judge(lead, signed_in, sam, verb):
    client = signed_in(sam)

    assert client.get(f"/qualify/{lead.pk}/").status_code == 200
    assert (
        client.post(f"/qualify/{lead.pk}/{verb}/", answers(answer_decider="YES", reason="x")).status_code
        == 403
    )
    assert now(lead).stage == Stage.NEW
    assert not Judgement.objects.exists()


def test_an_unknown_lead_is_not_found(signed_in, mia):
    assert signed_in(mia).get("/qualify/999999/").status_code == 404


def test_what_people_typed_stands_as_they_typed_it(lead, signed_in, mia):
    hostile = "<b>x</b>\"'"
    signed_in(mia).post(f"/qualify/{lead.pk}/judge/", answers(answer_decider="YES", evidence_decider=hostile))

    page = signed_in(mia).get(f"/qualify/{lead.pk}/").content.decode()

    assert hostile not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


# Handing over in the same step


class Brief(forms.Form):
    brief_why = forms.CharField(label="Why now")


@pytest.fixture
def sent(monkeypatch):
    """A room that takes leads over; what it was sent."""
    taken = []

    def send(lead, form, *, by, at):
        if form.cleaned_data["brief_why"] == "refuse":
            form.add_error(None, "Nobody can take it now.")
            raise hooks.NotDelivered
        taken.append((lead.pk, form.cleaned_data["brief_why"]))
        return "Handed over to Sam."

    kept = {}
    delivery = hooks.Delivery(
        form=lambda lead, data, *, by, at: Brief(data, initial=kept.get((lead.pk, by.pk))),
        keep=lambda lead, data, *, by, at: kept.update({(lead.pk, by.pk): data.dict()}),
        send=send,
        standing=lambda lead: None,
        similar=lambda lead, *, at: "31 of 38",
    )
    monkeypatch.setattr(hooks, "_delivery", [delivery])
    return taken


def test_one_step_answers_marks_and_hands_over(lead, sent, signed_in, mia):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/hand-over/",
        answers(answer_decider="YES", brief_why="Their lease ends"),
        follow=True,
    )

    assert now(lead).stage == Stage.SQL
    assert sent == [(lead.pk, "Their lease ends")]
    assert "Handed over to Sam." in response.content.decode()


def test_everything_that_is_missing_is_named_at_once_and_the_brief_stays(lead, sent, signed_in, mia):
    response = signed_in(mia).post(f"/qualify/{lead.pk}/hand-over/", answers(brief_why=""))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Decider reachable: This is unknown." in page
    assert "Why now: This field is required." in page
    assert sent == []


@pytest.mark.parametrize("why", ["", "refuse"])
def test_a_lead_that_is_not_delivered_is_not_marked_either(lead, sent, signed_in, mia, why):
    response = signed_in(mia).post(
        f"/qualify/{lead.pk}/hand-over/", answers(answer_decider="YES", brief_why=why)
    )

    assert response.status_code == 422
    assert now(lead).stage == Stage.NEW
    assert now(lead).answers == {"decider": "YES"}
    assert not Qualification.objects.exists()


def test_a_brief_that_was_not_sent_is_there_when_the_marketer_comes_back(lead, sent, signed_in, mia):
    client = signed_in(mia)
    client.post(f"/qualify/{lead.pk}/judge/", answers(answer_decider="YES", brief_why="Their lease ends"))

    page = client.get(f"/qualify/{lead.pk}/").content.decode()
    assert "Their lease ends" in page
    assert "31 of 38" in page


def test_a_lead_that_is_sales_ready_already_only_needs_the_brief(lead, sent, signed_in, mia):
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.SQL)

    signed_in(mia).post(f"/qualify/{lead.pk}/hand-over/", answers(brief_why="Fixed what was asked"))

    assert sent == [(lead.pk, "Fixed what was asked")]


def test_the_lead_page_says_why_or_what_is_missing(lead, signed_in, sam):
    page = signed_in(sam).get(f"/leads/{lead.pk}/").content.decode()

    assert "What is missing" in page
    assert "Decider reachable is unknown" in page
