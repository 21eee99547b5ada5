"""Writing a brief: what it begins with, what is kept of it, what is demanded, and what may be left out with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff import drafting, prefilling, rules
from handoff.errors import BriefIncomplete
from handoff.models import BriefDraft, BriefItem, BriefTemplate, Handoff
from handoff.prefilling import Happened, Story
from handoff.usual_brief import USUAL_BRIEF
from leads import activities, closing
from leads.models import Lead
from leads.models.act import UNDO_WITHIN
from tests.assertions import assert_invariants_hold
from tests.conftest import TUESDAY_NOON
from tests.factories import CampaignFactory, LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_HALF_PAST_TEN, TUESDAY_ONE, TUESDAY_TEN


def agreed():
    return rules.in_force(TUESDAY_NOON)


def begun(lead, by):
    return drafting.begin(Lead.objects.for_list().get(pk=lead.pk), agreed(), by=by)


def keep(lead, by, at=TUESDAY_NOON, waived=None, **texts):
    return drafting.keep(lead, agreed(), texts=texts, waived=waived or {}, by=by, at=at)


# What it begins with


def test_the_newest_form_says_why_now(lead):
    activities.log(lead, "DOWNLOAD", by=None, at=TUESDAY_NOON, occurred_at=TUESDAY_ELEVEN, title="ROI sheet")
    activities.log(
        lead,
        "FORM",
        by=None,
        at=TUESDAY_NOON,
        occurred_at=TUESDAY_TEN,
        title="Price request",
        body="For 40 trucks",
    )

    suggested = prefilling.suggestions(prefilling.story_of(lead), USUAL_BRIEF)

    assert suggested["why_now"] == "Price request (24 Nov): For 40 trucks"
    assert suggested["already_told"] == "Downloaded: ROI sheet (24 Nov)"


def test_facts_and_evidence_fill_what_they_know():
    story = Story(
        facts={"requested": ["price", "demo"], "best_moment": "before ten"},
        evidence={"decider": "Signs himself", "pain": "Fuel cost up 14 %"},
        reason="No budget",
    )

    assert prefilling.suggestions(story, USUAL_BRIEF) == {
        "wants": "Asked for: price, demo. Fuel cost up 14 %",
        "decider": "Signs himself",
        "best_moment": "before ten",
        "careful": "Put aside before: No budget",
    }


def test_what_nothing_is_known_of_stays_empty():
    assert prefilling.suggestions(Story(), USUAL_BRIEF) == {}


@given(
    texts=st.lists(st.text(max_size=900), max_size=6),
    facts=st.dictionaries(st.sampled_from(["requested", "promise", "decider"]), st.text(max_size=900)),
)
def test_no_suggestion_is_longer_than_the_agreement_allows(texts, facts):
    story = Story(tuple(Happened("FORM", TUESDAY_TEN, text, text) for text in texts), facts)

    longest = {item["key"]: item["max_length"] for item in USUAL_BRIEF}
    for key, text in prefilling.suggestions(story, USUAL_BRIEF).items():
        assert 0 <= len(text) <= longest[key]


def test_what_was_prefilled_is_marked_until_it_is_edited(lead, mia):
    activities.log(lead, "FORM", by=None, at=TUESDAY_TEN, title="Price request")
    first = begun(lead, mia)
    assert first.prefilled["why_now"]["from"] == "TIMELINE"

    keep(lead, mia, why_now=first.texts["why_now"], wants="A price")
    assert set(begun(lead, mia).prefilled) == {"why_now"}

    keep(lead, mia, why_now=first.texts["why_now"] + " and a call", wants="A price")
    assert begun(lead, mia).prefilled == {}


# The draft


def test_a_draft_is_one_per_person_and_lead_and_the_newest_counts(lead, mia, mara):
    keep(lead, mia, why_now="First")
    keep(lead, mia, why_now="Second", at=TUESDAY_ONE)
    keep(lead, mara, why_now="Hers")

    assert begun(lead, mia).texts == {"why_now": "Second"}
    assert begun(lead, mia).kept_at == TUESDAY_ONE
    assert BriefDraft.objects.count() == 2


def test_it_goes_when_the_lead_is_handed_over(lead, mia, mara, sam):
    keep(lead, mia, why_now="Mine")
    keep(lead, mara, why_now="Hers")

    Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_ONE)

    assert not BriefDraft.objects.exists()
    assert keep(lead, mia, why_now="Too late") is None
    assert_invariants_hold(TUESDAY_ONE)


def test_drafts_that_nobody_will_send_are_forgotten(lead, mia, mara):
    ended = LeadFactory()
    closing.disqualify(ended, "Student", by=mia, at=TUESDAY_NOON)
    for one, person in ((lead, mia), (ended, mia)):
        keep(one, person, why_now="Has a fleet of 40")
    keep(lead, mara, why_now="Long ago", at=TUESDAY_NOON - drafting.KEPT_FOR)

    drafting.forget_stale(TUESDAY_NOON + UNDO_WITHIN)
    assert set(BriefDraft.objects.values_list("lead", "person")) == {(lead.pk, mia.pk), (ended.pk, mia.pk)}

    drafting.forget_stale(TUESDAY_ONE + UNDO_WITHIN)
    assert set(BriefDraft.objects.values_list("lead", "person")) == {(lead.pk, mia.pk)}


def test_a_draft_survives_signing_out(lead, mia, signed_in):
    browser = signed_in(mia)
    browser.post(f"/leads/{lead.pk}/brief/keep/", {"brief_why_now": "Half a thought", "to": "pool"})
    browser.logout()

    page = signed_in(mia).get(f"/leads/{lead.pk}/hand-off/").content.decode()

    assert "Half a thought" in page
    assert 'value="pool" selected' in page


def test_the_page_keeps_it_by_itself_and_says_when(lead, mia, signed_in):
    answer = signed_in(mia).post(
        f"/leads/{lead.pk}/brief/keep/",
        {"brief_why_now": "Half a thought"},
        headers={"HX-Request": "true"},
    )

    words = answer.content.decode()
    assert "Draft kept" in words
    assert "1 of 7 items" in words
    assert "still needed" in words


def test_without_javascript_a_button_keeps_it_and_the_page_comes_back(lead, mia, signed_in):
    answer = signed_in(mia).post(
        f"/leads/{lead.pk}/brief/keep/", {"brief_why_now": "x", "brief_page": "qualify"}
    )

    assert answer.url == f"/qualify/{lead.pk}/#brief-head"


def test_the_preview_is_what_sales_will_see(lead, mia, signed_in):
    page = (
        signed_in(mia)
        .post(f"/leads/{lead.pk}/brief/preview/", {"brief_why_now": "Asked <b>price</b>"})
        .content.decode()
    )

    assert "Asked &lt;b&gt;price&lt;/b&gt;" in page
    assert "Not given" in page


# What is demanded


def test_a_demanded_item_that_is_missing_blocks(lead, mia, sam):
    with pytest.raises(BriefIncomplete) as told:
        Handoff.send(lead, brief={"why_now": "Asked a price"}, to=sam, by=mia, at=TUESDAY_NOON)

    assert told.value.missing == ["wants"]


def test_it_may_be_waived_with_a_reason_that_sales_sees(lead, mia, sam, signed_in):
    signed_in(mia).post(
        f"/leads/{lead.pk}/hand-off/",
        {"brief_why_now": "Asked a price", "waive_wants": "He would only tell a person", "to": sam.pk},
    )

    handoff = Handoff.objects.get()
    assert handoff.brief_items.get(key="wants").waived_reason == "He would only tell a person"
    rep = signed_in(sam)
    for address in (f"/handoffs/{handoff.pk}/", f"/leads/{lead.pk}/call-sheet/"):
        assert "Not given: He would only tell a person" in rep.get(address).content.decode()


def test_a_reason_beside_a_text_is_not_kept(lead, mia, sam):
    handoff = Handoff.send(lead, brief=BRIEF, waived={"wants": "Nothing"}, to=sam, by=mia, at=TUESDAY_NOON)

    assert not BriefItem.objects.filter(handoff=handoff).exclude(waived_reason="").exists()


def test_what_the_agreement_does_not_know_is_not_waived(lead, mia, sam):
    with pytest.raises(BriefIncomplete):
        Handoff.send(lead, brief=BRIEF, waived={"shoe_size": "x"}, to=sam, by=mia, at=TUESDAY_NOON)


@given(
    given_keys=st.sets(st.sampled_from([item["key"] for item in USUAL_BRIEF])),
    waived_keys=st.sets(st.sampled_from([item["key"] for item in USUAL_BRIEF])),
)
def test_the_meter_and_the_gate_say_the_same(given_keys, waived_keys):
    from handoff.models import HandoffRules

    unsaved = HandoffRules(brief_items=USUAL_BRIEF)
    texts, waived = dict.fromkeys(given_keys, "x"), dict.fromkeys(waived_keys, "y")

    meter = drafting.completeness(unsaved, texts, waived)

    assert meter.is_complete == (unsaved.refusals(texts, waived) == ({}, []))
    assert meter.given == len(given_keys)


# Again after a return


def test_sent_again_it_begins_with_the_brief_that_was_returned(handoff, sam, mia, signed_in):
    handoff.return_("INCOMPLETE", "Who decides?", by=sam, at=TUESDAY_HALF_PAST_TEN)

    again = begun(handoff.lead, mia)
    assert again.texts["wants"] == BRIEF["wants"]
    assert again.prefilled["wants"]["from"] == "EARLIER"
    page = signed_in(mia).get(f"/leads/{handoff.lead_id}/hand-off/").content.decode()
    assert "Sam Smit returned it: Brief incomplete" in page
    assert "Who decides?" in page


# Templates


@pytest.fixture
def template(mia, db):
    return BriefTemplate.objects.create(
        name="After a webinar",
        texts={"why_now": "Was at the webinar"},
        changed_by=mia,
        changed_at=TUESDAY_TEN,
    )


def test_the_template_for_the_campaign_goes_before_that_for_the_source(template, mia):
    campaign = CampaignFactory()
    lead = LeadFactory(campaign=campaign, source=campaign.source)
    assert drafting.template_for(lead) == template

    for_source = BriefTemplate.objects.create(name="S", source=lead.source, texts={}, changed_at=TUESDAY_TEN)
    assert drafting.template_for(lead) == for_source

    for_campaign = BriefTemplate.objects.create(name="C", campaign=campaign, texts={}, changed_at=TUESDAY_TEN)
    assert drafting.template_for(lead) == for_campaign

    for_campaign.retire(by=mia, at=TUESDAY_NOON)
    assert drafting.template_for(lead) == for_source


def test_its_texts_stand_where_nobody_wrote(template, lead, mia):
    assert begun(lead, mia).texts["why_now"] == "Was at the webinar"

    keep(lead, mia, why_now="My own words")
    other = BriefTemplate.objects.create(
        name="Fair",
        source=lead.source,
        texts={"why_now": "Met at the fair", "wants": "A demo"},
        changed_at=TUESDAY_TEN,
    )
    drafting.use_template(lead, agreed(), other, by=mia, at=TUESDAY_NOON)

    assert begun(lead, mia).texts == {"why_now": "My own words", "wants": "A demo"}
    assert begun(lead, mia).prefilled["wants"]["from"] == "TEMPLATE"


def test_marketing_keeps_them_on_a_page(lead, mia, signed_in):
    browser = signed_in(mia)
    told = {"name": "After a webinar", "source": lead.source_id, "text_why_now": "Was at the webinar"}
    browser.post("/handoffs/brief-templates/new/", told)
    kept = BriefTemplate.objects.get()
    assert (kept.texts, kept.changed_by) == ({"why_now": "Was at the webinar"}, mia)

    second = browser.post("/handoffs/brief-templates/new/", told)
    assert second.status_code == 422
    assert "is for these leads already" in second.content.decode()

    browser.post(f"/handoffs/brief-templates/{kept.pk}/", {**told, "text_why_now": "Listened for an hour"})
    assert begun(lead, mia).texts["why_now"] == "Listened for an hour"
    assert "Listened for an hour" in browser.get(f"/qualify/{lead.pk}/").content.decode()

    browser.post(f"/handoffs/brief-templates/{kept.pk}/retire/")
    assert "Listened" not in browser.get(f"/qualify/{lead.pk}/").content.decode()
