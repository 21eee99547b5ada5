"""After the first conversation: sales confirms or denies what marketing claimed, and both teams see how often it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff import claims, precision
from handoff.errors import NoSuchClaim, NotSpokenYet
from handoff.models import ClaimCheck, Finding, Handoff
from leads.criteria import gate, judging
from leads.models import Lead, Stage
from smarketing.periods import Period
from tests.assertions import assert_invariants_hold
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory, SourceFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_ONE, TUESDAY_TEN

pytestmark = pytest.mark.usefixtures("noon")
DECIDER, WHY, WANTS = "criterion-decider", "brief-why_now", "brief-wants"


@pytest.fixture
def spoken(mia, sam, db) -> Handoff:
    """Mia claimed a decider and two things in the brief; Sam spoke with the lead at eleven."""
    CriteriaSetFactory(
        points_needed=0, lines=[{"key": "decider", "label": "Decider reachable", "required": True}]
    )
    lead = LeadFactory(stage=Stage.MQL, mql_at=TUESDAY_TEN)
    judging.judge(lead, "decider", "YES", "Signs himself", by=mia, at=TUESDAY_TEN)
    gate.mark_sales_ready(Lead.objects.for_list().get(), by=mia, at=TUESDAY_TEN)
    handoff = Handoff.send(Lead.objects.get(), brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
    return Handoff.objects.select_related("qualification").get()


def test_soft_criteria_and_the_brief_are_claims(spoken):
    assert [(claim.id, claim.text) for claim in claims.of(spoken)] == [
        (DECIDER, "Signs himself"),
        (WHY, BRIEF["why_now"]),
        (WANTS, BRIEF["wants"]),
    ]


def test_each_finding_is_a_fact_and_the_newest_counts(spoken, sam):
    claims.check(spoken, {DECIDER: "CONFIRMED", WHY: "UNKNOWN"}, by=sam, at=TUESDAY_NOON)
    again = claims.check(spoken, {DECIDER: "DENIED", WHY: "UNKNOWN"}, by=sam, at=TUESDAY_ONE)

    assert [check.key for check in again] == ["decider"], "the same finding is not told twice"
    assert {claim.id: claim.finding for claim in claims.of(spoken)} == {
        DECIDER: "DENIED",
        WHY: "UNKNOWN",
        WANTS: "",
    }
    assert ClaimCheck.objects.count() == 3
    assert_invariants_hold(TUESDAY_ONE)


def test_before_a_conversation_nothing_is_checked(handoff, sam):
    handoff.log_contact("CALL", "VOICEMAIL", by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(NotSpokenYet):
        claims.check(handoff, {WHY: "CONFIRMED"}, by=sam, at=TUESDAY_NOON)


def test_only_what_was_claimed_is_checked(spoken, sam):
    with pytest.raises(NoSuchClaim):
        claims.check(spoken, {"brief-decider": "CONFIRMED"}, by=sam, at=TUESDAY_NOON)


# The page


def test_the_form_works_without_javascript(spoken, sam, signed_in):
    rep = signed_in(sam)
    page = rep.get(f"/handoffs/{spoken.pk}/claims/").content.decode()
    assert "Decider reachable" in page
    assert 'data-hotkey="y"' in page

    rep.post(
        f"/handoffs/{spoken.pk}/claims/",
        {f"claim-{DECIDER}": "DENIED", f"claim-{WHY}": "CONFIRMED", "claim-nonsense": "CONFIRMED"},
    )

    assert dict(ClaimCheck.objects.values_list("key", "finding")) == {
        "decider": "DENIED",
        "why_now": "CONFIRMED",
    }


def test_a_keystroke_is_kept_at_once(spoken, sam, signed_in):
    answer = signed_in(sam).post(
        f"/handoffs/{spoken.pk}/claims/", {f"claim-{DECIDER}": "CONFIRMED"}, headers={"HX-Request": "true"}
    )

    assert "1 of 3 checked" in answer.content.decode()


def test_marketing_sees_what_turned_out(spoken, sam, mia, signed_in):
    claims.check(spoken, {DECIDER: "DENIED"}, by=sam, at=TUESDAY_NOON)

    page = signed_in(mia).get(f"/handoffs/{spoken.pk}/").content.decode()

    assert "Decider reachable: No, it is not" in page
    assert "Check the claims" not in page


def test_after_the_first_conversation_the_rep_is_led_there(handoff, sam, signed_in):
    spoke = {"result": "SPOKE", "channel": "CALL"}
    first = signed_in(sam).post(f"/leads/{handoff.lead_id}/contact/", spoke)
    assert first.url == f"/handoffs/{handoff.pk}/claims/"

    there = signed_in(sam).post(f"/leads/{handoff.lead_id}/contact/", spoke | {"next": "/queue/"})
    assert there.url == f"/handoffs/{handoff.pk}/claims/?next=%2Fqueue%2F"

    claims.check(Handoff.objects.get(), {WHY: "CONFIRMED"}, by=sam, at=TUESDAY_NOON)
    assert (
        signed_in(sam).post(f"/leads/{handoff.lead_id}/contact/", spoke).url == f"/leads/{handoff.lead_id}/"
    )


# How often they hold


def test_precision_by_hand(spoken, sam, mia, mara):
    """Decider: confirmed once, denied once. Why now: confirmed once, did not come up once.

    All: 2 confirmed, 1 denied -> 2 of 3. Mia: decider and why now of the first -> 2 of 2; Mara: 0 of 1.
    """
    claims.check(spoken, {DECIDER: "CONFIRMED", WHY: "CONFIRMED"}, by=sam, at=TUESDAY_NOON)
    lead = LeadFactory(stage=Stage.MQL, mql_at=TUESDAY_TEN)
    judging.judge(lead, "decider", "YES", "Says he does", by=mara, at=TUESDAY_TEN)
    gate.mark_sales_ready(Lead.objects.for_list().get(pk=lead.pk), by=mara, at=TUESDAY_TEN)
    other = Handoff.send(Lead.objects.get(pk=lead.pk), brief=BRIEF, to=sam, by=mara, at=TUESDAY_TEN)
    other.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
    other = Handoff.objects.get(pk=other.pk)
    claims.check(other, {DECIDER: "CONFIRMED"}, by=sam, at=TUESDAY_NOON)
    claims.check(other, {DECIDER: "DENIED", WHY: "UNKNOWN"}, by=sam, at=TUESDAY_ONE)

    measured = precision.measure(Period())

    assert (measured.all.confirmed, measured.all.denied, measured.all.unknown) == (2, 1, 1)
    assert (measured.spoken, measured.checked) == (2, 2)
    assert [(line.label, line.rate.hits, line.rate.cases) for line in measured.criteria] == [
        ("Decider reachable", 1, 2)
    ]
    assert {line.label: (line.rate.hits, line.rate.cases) for line in measured.marketers} == {
        "Mia Smit": (2, 2),
        "Mara Smit": (0, 1),
    }
    for group in (measured.criteria + measured.brief, measured.sources, measured.marketers):
        assert sum(line.confirmed for line in group) == measured.all.confirmed
        assert sum(line.denied for line in group) == measured.all.denied


def test_every_figure_opens_its_claims(spoken, sam, fin, signed_in):
    claims.check(spoken, {DECIDER: "CONFIRMED", WHY: "DENIED"}, by=sam, at=TUESDAY_NOON)
    measured = precision.measure(Period())
    reader = signed_in(fin)

    for line in [measured.all, *measured.criteria, *measured.brief, *measured.sources, *measured.marketers]:
        for finding, figure in zip(
            (Finding.CONFIRMED, Finding.DENIED), (line.confirmed, line.denied), strict=True
        ):
            opened = reader.get(precision.address(Period(), line.asked, finding) + "&period=all")
            assert opened.context["count"] == figure, (line.label, finding)
    assert reader.get("/handoffs/claims/?period=nonsense").status_code == 200
    assert reader.get("/handoffs/claims/cases/?marketer=x&kind=%00").context["count"] == 0


def test_the_report_asks_as_often_for_many(spoken, sam, mia, fin, signed_in):
    reader = signed_in(fin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert reader.get("/handoffs/claims/?period=all").status_code == 200
        return len(asked)

    claims.check(spoken, {DECIDER: "CONFIRMED"}, by=sam, at=TUESDAY_NOON)
    queries()
    few = queries()
    for key in ("fair", "ads", "friend"):
        lead = LeadFactory(stage=Stage.SQL, sql_at=TUESDAY_TEN, source=SourceFactory(key=key))
        handoff = Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
        handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
        claims.check(handoff, {WHY: "CONFIRMED", WANTS: "DENIED"}, by=sam, at=TUESDAY_NOON)

    assert queries() == few <= 16
