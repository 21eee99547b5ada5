"""One lead: what happened, who has it, what is known; and writing on its timeline."""

import pytest

from leads import activities
from leads.editing import edit
from leads.models import Activity, ActivityKind, Lead, Stage
from tests.assertions import assert_queries_do_not_grow
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, ActivityFactory, ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOSTILE = "<b>x</b>\"'"


@pytest.fixture
def lead():
    return LeadFactory()


def url(lead, verb=""):
    return f"/leads/{lead.pk}/{verb}"


def test_the_page_tells_who_it_is_where_it_stands_and_what_happened(signed_in, sam, lead):
    ActivityFactory(lead=lead, title="Price request", body="40 trucks")

    page = signed_in(sam).get(url(lead)).text

    for words in (
        "Noor de Wit",
        "Vandersteen Logistics",
        "tel:+31205550134",
        "Price request",
        "40 trucks",
        "To move on",
    ):
        assert words in page


def test_a_lead_that_is_not_there_is_not_found(signed_in, sam):
    assert signed_in(sam).get("/leads/999/").status_code == 404
    assert signed_in(sam).get(f"/leads/{'9' * 30}/").status_code == 404


def test_hostile_words_are_shown_as_typed(signed_in, sam):
    lead = LeadFactory(contact__first_name=HOSTILE, contact__last_name="", facts={HOSTILE: HOSTILE})
    ActivityFactory(lead=lead, title=HOSTILE, body=HOSTILE)

    for path in (url(lead), url(lead, "edit/"), "/search?q=x", f"/leads/{lead.pk}/history/first_name/"):
        page = signed_in(sam).get(path).text
        assert "<b>x</b>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_who_asked_not_to_be_contacted_has_no_links_to_call(signed_in, sam, lead):
    lead.contact.do_not_contact_at = TUESDAY_NOON
    lead.contact.save()

    page = signed_in(sam).get(url(lead)).text

    assert "Do not call or mail" in page
    assert "tel:" not in page
    assert "mailto:" not in page


def test_the_path_says_how_long_each_stage_took(signed_in, sam):
    lead = LeadFactory(stage=Stage.SQL, mql_at=MONDAY_MORNING.replace(hour=11), sql_at=TUESDAY_NOON)

    steps = signed_in(sam).get(url(lead)).context["steps"]

    assert [(step.state, step.note) for step in steps[:2]] == [("done", "2 hours"), ("done", "1 day")]
    assert [step.state for step in steps[2:]] == ["current", "", "", "", ""]


def test_a_possible_duplicate_is_named(signed_in, sam, lead):
    other = LeadFactory(contact=ContactFactory(company=lead.company, first_name="N."))

    page = signed_in(sam).get(url(lead)).text

    assert "May be the same person" in page
    assert f'href="/leads/{other.pk}/"' in page


def test_changes_by_one_person_in_a_row_are_folded(signed_in, sam, lead):
    for name in ("Nora", "Norah", "Noor"):
        edit(lead, {"first_name": name}, expected_version=None, by=sam, at=TUESDAY_NOON)

    page = signed_in(sam).get(url(lead)).text

    assert "3 changes" in page
    assert "First name" in page


def test_the_timeline_is_narrowed_and_paged_by_links(signed_in, sam, lead):
    for number in range(25):
        ActivityFactory(lead=lead, kind=ActivityKind.CALL, title=f"Call {number}")
    browser = signed_in(sam)

    first = browser.get(url(lead, "?show=talks"))
    older = browser.get(url(lead, f"?show=talks&before={first.context['older_than']}"))

    assert "Call 24" in first.text
    assert "Call 4<" not in first.text
    assert "Call 4<" in older.text
    assert "Lead came in" not in older.text


def test_show_older_is_a_fragment_for_htmx(signed_in, sam, lead):
    response = signed_in(sam).get(url(lead, "?before=9999999999999999.0.1"), headers=HTMX)

    assert response.text.startswith('<div id="timeline-')


def test_more_history_costs_no_more_queries(signed_in, sam, lead):
    long = LeadFactory(facts={f"fact{n}": n for n in range(20)})
    for hour in range(20):
        ActivityFactory(lead=long, occurred_at=TUESDAY_NOON.replace(hour=hour), actor=sam)
    browser = signed_in(sam)

    assert_queries_do_not_grow(lambda: browser.get(url(lead)), lambda: browser.get(url(long)))


def test_a_note_is_saved_on_the_timeline(signed_in, sam, lead):
    response = signed_in(sam).post(
        url(lead, "log/"), {"kind": "NOTE", "body": "Call after lunch"}, follow=True
    )

    assert "Saved on the timeline" in response.text
    assert Activity.objects.get(kind="NOTE").body == "Call after lunch"


def test_htmx_gets_the_timeline_with_an_empty_form(signed_in, sam, lead):
    response = signed_in(sam).post(url(lead, "log/"), {"kind": "CALL", "body": "Spoke"}, headers=HTMX)

    assert response.text.startswith('<section id="timeline"')
    assert response.context["log_form"].initial["kind"] == "NOTE"
    assert "Spoke" in response.text


def test_an_empty_or_future_entry_is_refused_and_keeps_what_was_typed(signed_in, sam, lead):
    browser = signed_in(sam)

    empty = browser.post(url(lead, "log/"), {"kind": "CALL", "body": ""})
    future = browser.post(
        url(lead, "log/"), {"kind": "CALL", "body": "Typed", "occurred_at": "2199-01-01T10:00"}
    )

    assert (empty.status_code, future.status_code) == (422, 422)
    assert "Write what happened" in empty.text
    assert "Typed" in future.text
    assert not Activity.objects.exists()


def test_calls_to_a_lead_that_sales_must_answer_are_logged_on_its_hand_off(signed_in, sam):
    lead = LeadFactory(stage=Stage.ACCEPTED, sql_at=TUESDAY_NOON, accepted_at=TUESDAY_NOON, owner=sam)

    page = signed_in(sam).get(url(lead))

    assert "so that the promise counts them" in page.text
    assert "CALL" not in dict(page.context["log_form"].fields["kind"].choices)


def test_a_field_has_its_history(signed_in, sam, lead):
    edit(lead, {"company_size": 300, "phone": "030 1234567"}, expected_version=None, by=sam, at=TUESDAY_NOON)
    browser = signed_in(sam)

    assert "300" in browser.get(url(lead, "history/company_size/")).text
    personal = browser.get(url(lead, "history/phone/")).text
    assert "Sam Smit" in personal
    assert "+31301234567" not in personal
    assert browser.get(url(lead, "history/nonsense/")).status_code == 404


@pytest.mark.parametrize("name", ["fin", "ada"])
def test_who_only_reads_sees_no_form_and_is_refused(request, signed_in, lead, name):
    browser = signed_in(request.getfixturevalue(name))

    assert 'id="composer"' not in browser.get(url(lead)).text
    for path, answer in (("log/", browser.post), ("edit/", browser.get), ("edit/", browser.post)):
        assert answer(url(lead, path)).status_code == 403
    assert not Activity.objects.exists()


@pytest.mark.parametrize("path", ["", "edit/", "log/", "history/phone/"])
def test_strangers_must_sign_in(client, lead, path):
    assert client.get(url(lead, path)).status_code == 302


def test_reading_changes_nothing(signed_in, sam, lead):
    before = Lead.objects.values().get(pk=lead.pk)

    signed_in(sam).get(url(lead))
    signed_in(sam).get(url(lead, "edit/"))

    assert Lead.objects.values().get(pk=lead.pk) == before
    assert activities.SITE_VISITS not in before["facts"]
