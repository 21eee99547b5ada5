"""The agreement in the browser: begin, edit, propose, sign, read, compare, and enter the numbers of own terms."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sla.models import Agreement, AgreementState, TermKind
from smarketing.accounts.models import Side
from tests.factories import FIRST_OF_NOVEMBER, AgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db):
    return AgreementFactory(state="DRAFT", at=timezone.now())


@pytest.fixture
def proposal(db):
    return AgreementFactory(state="PROPOSED", at=timezone.now())


def filled(browser, agreement) -> dict:
    """The edit form as the browser would send it back, unchanged."""
    form = browser.get(reverse("sla:edit_draft", args=[agreement.pk])).context["draft"]
    data = {}
    for part in form.parts:
        for field in part:
            value = field.value()
            if value not in (None, False, ""):
                data[field.html_name] = "on" if value is True else value
    return data


def test_a_first_agreement_begins_with_examples(signed_in, mara):
    browser = signed_in(mara)
    assert "Three steps to an agreement" in browser.get(reverse("sla:agreement")).content.decode()

    answer = browser.post(reverse("sla:draft"))

    draft = Agreement.objects.get()
    assert answer.url == reverse("sla:edit_draft", args=[draft.pk])
    assert draft.terms.count() == 10
    assert draft.sales_calendar.current.week["0"] == [["09:00", "17:00"]]


def test_who_leads_nobody_cannot_begin(signed_in, mia):
    assert signed_in(mia).post(reverse("sla:draft")).status_code == 403
    assert not Agreement.objects.exists()


def test_the_page_says_every_promise_in_a_sentence(signed_in, fin):
    AgreementFactory()

    page = signed_in(fin).get(reverse("sla:agreement")).content.decode().replace("\u00a0", " ")

    for sentence in [
        "160 sales-ready leads a month",
        "80% of answered hand-offs are accepted",
        "Decide on a hand-off within 2 h, in 90%",
        "First contact with other leads within 4 h, in 90%",
        "5% of leads are a customer after 6 months",
    ]:
        assert sentence in page
    assert "Vera" in page


def test_saving_the_form_unchanged_changes_nothing(signed_in, mara, draft):
    browser = signed_in(mara)
    before = draft.content()

    answer = browser.post(reverse("sla:edit_draft", args=[draft.pk]), filled(browser, draft))

    assert answer.status_code == 302
    assert Agreement.objects.get(pk=draft.pk).content() == before


def test_terms_are_changed_dropped_and_added(signed_in, mara, draft):
    browser = signed_in(mara)
    data = filled(browser, draft)
    data["answer_handoff-hours"] = "1.5"
    del data["capacity-promised"]
    data["own_0-label"], data["own_0-side"], data["own_0-target_amount"] = "Webinars held", "MARKETING", "2"

    browser.post(reverse("sla:edit_draft", args=[draft.pk]), data)

    assert draft.terms.get(kind=TermKind.ANSWER_HANDOFF).target_seconds == 5400
    assert not draft.terms.filter(kind=TermKind.CAPACITY).exists()
    assert draft.terms.get(kind=TermKind.OWN).sentence == "Webinars held: 2 a month"


def test_a_promise_without_its_number_is_refused_and_nothing_is_lost(signed_in, mara, draft):
    browser = signed_in(mara)
    data = filled(browser, draft) | {"sqls_delivered-target_count": "", "how-note": "Fewer, better"}

    answer = browser.post(reverse("sla:edit_draft", args=[draft.pk]), data)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say how much is promised." in page
    assert "Fewer, better" in page


def test_the_brief_and_the_hot_rule_are_edited_as_lines(signed_in, mara, draft):
    browser = signed_in(mara)
    data = filled(browser, draft)
    data |= {"brief_0-label": "", "brief_2-label": "Who decides?", "brief_2-max_length": "200"}
    data |= {"hot-fact_0": "company_size", "hot-op_0": "at_least", "hot-value_0": "200"}

    browser.post(reverse("sla:edit_draft", args=[draft.pk]), data)

    draft.refresh_from_db()
    assert [item["key"] for item in draft.brief_items] == ["when", "who_decides"]
    assert draft.hot_rule == {"all": [{"fact": "company_size", "op": "at_least", "value": "200"}]}


def test_a_hot_rule_that_makes_no_sense_is_named(signed_in, mara, draft):
    browser = signed_in(mara)
    data = filled(browser, draft) | {
        "hot-fact_0": "company_size",
        "hot-op_0": "at_least",
        "hot-value_0": "big",
    }

    answer = browser.post(reverse("sla:edit_draft", args=[draft.pk]), data)

    assert answer.status_code == 422
    assert "Enter a number." in answer.content.decode()


def test_what_is_proposed_is_not_edited(signed_in, mara, proposal):
    answer = signed_in(mara).post(reverse("sla:edit_draft", args=[proposal.pk]), {})

    assert answer.status_code == 409


def test_proposing_repeats_what_changes(signed_in, mara):
    AgreementFactory()
    browser = signed_in(mara)
    browser.post(reverse("sla:draft"))
    draft = Agreement.objects.newest()
    draft.terms.filter(kind=TermKind.ANSWER_HANDOFF).update(target_seconds=3600)

    page = browser.get(reverse("sla:propose", args=[draft.pk])).content.decode().replace("\u00a0", " ")
    assert "<del>Decide on a hand-off within 2 h, in 90%</del>" in page
    assert "<ins>Decide on a hand-off within 1 h, in 90%</ins>" in page
    assert "First contact with other leads" not in page

    browser.post(reverse("sla:propose", args=[draft.pk]))
    assert Agreement.objects.get(pk=draft.pk).state == AgreementState.PROPOSED


def test_a_draft_with_a_start_in_the_past_is_not_proposed(signed_in, mara, draft):
    Agreement.objects.filter(pk=draft.pk).update(starts_on=FIRST_OF_NOVEMBER - timedelta(days=900))

    answer = signed_in(mara).post(reverse("sla:propose", args=[draft.pk]))

    assert answer.status_code == 422
    assert "past" in answer.content.decode()


def test_both_sides_sign_in_the_browser(client, signed_in, proposal, mara, sven):
    page = signed_in(mara).get(reverse("sla:sign", args=[proposal.pk, "marketing"])).content.decode()
    assert "Sign for Marketing" in page

    signed_in(mara).post(reverse("sla:sign", args=[proposal.pk, "marketing"]))
    page = signed_in(sven).get(reverse("sla:agreement")).content.decode()
    assert "Waiting for Sales" in page
    assert "Sign for Sales" in page
    assert "Sign for Marketing" not in page

    signed_in(sven).post(reverse("sla:sign", args=[proposal.pk, "sales"]))
    assert Agreement.objects.in_force() == proposal


@pytest.mark.parametrize(("who", "status"), [("sven", 403), ("mia", 403), ("ada", 403), ("mara", 302)])
def test_who_may_sign_for_marketing(signed_in, proposal, who, status, request):
    answer = signed_in(request.getfixturevalue(who)).post(
        reverse("sla:sign", args=[proposal.pk, "marketing"])
    )

    assert answer.status_code == status


def test_an_unknown_side_is_not_found(signed_in, proposal, mara):
    assert signed_in(mara).get(reverse("sla:sign", args=[proposal.pk, "finance"])).status_code == 404


def test_a_second_signature_for_a_side_is_told_so(signed_in, proposal, mara, max):
    proposal.sign(Side.MARKETING, by=mara, at=timezone.now())

    answer = signed_in(max).post(reverse("sla:sign", args=[proposal.pk, "marketing"]))

    assert answer.status_code == 409


def test_withdrawing_and_throwing_away(signed_in, proposal, mara):
    browser = signed_in(mara)
    browser.post(reverse("sla:withdraw", args=[proposal.pk]))
    assert Agreement.objects.get().state == AgreementState.WITHDRAWN

    browser.post(reverse("sla:draft"))
    browser.post(reverse("sla:discard_draft", args=[Agreement.objects.newest().pk]))
    assert Agreement.objects.count() == 1


def test_two_versions_are_compared_in_words(signed_in, fin):
    former = AgreementFactory()
    later = Agreement.draft_from(former, by=None, at=timezone.now())
    later.terms.filter(kind=TermKind.SQLS_DELIVERED).update(target_count=200)

    page = signed_in(fin).get(reverse("sla:compare"), {"from": 1, "to": 2}).content.decode()

    assert "<del>160 sales-ready leads a month</del>" in page
    assert "<ins>200 sales-ready leads a month</ins>" in page


@pytest.mark.parametrize("query", ["?from=x&to=99", "?from=-1", ""])
def test_comparing_what_does_not_exist_is_no_error(signed_in, fin, query):
    AgreementFactory()

    assert signed_in(fin).get(reverse("sla:compare") + query).status_code == 200
