"""Call sheets as a printer gets them: one A4 each, nothing hidden, and what was left out is named."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads import activities
from leads.criteria import gate, judging
from leads.models import Lead, Stage
from tests.factories import AgreementFactory, CriteriaSetFactory, LeadFactory

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}
SENTENCE = (
    "Wil voor het tweede kwartaal de brandstofkosten van veertig vrachtwagens met acht procent omlaag. "
)
LONGEST = {item["key"]: (SENTENCE * 10)[: item["max_length"]] for item in USUAL_BRIEF}
INSIDE_AN_A4 = {"width": 688, "height": 1000}  # 182 mm: an A4 without its margins
HIDDEN = "sheets => sheets.map(sheet => sheet.querySelector('.sheet__middle')).filter(part => part.scrollHeight > part.clientHeight).length"


@pytest.fixture
def hand_over(transactional_db, mia, sam):
    """`hand_over(brief)` gave sam a lead with a name, a history, criteria and questions that take all the room there is."""
    AgreementFactory(brief_items=USUAL_BRIEF)
    lines = [{"key": f"met{n}", "label": f"Fleet of {n} or more vehicles", "points": 1} for n in range(9)]
    lines += [{"key": f"open{n}", "label": "Decides within the quarter and has a budget"} for n in range(6)]
    CriteriaSetFactory(points_needed=0, lines=lines)
    at = timezone.now() - timedelta(hours=1)

    def send(brief) -> Handoff:
        lead = LeadFactory(
            stage=Stage.MQL,
            captured_at=at,
            mql_at=at,
            contact__first_name="Wilhelmina-Antoinette Maria",
            contact__last_name="van den Broek-Zandstra tot Oudemirdum",
            contact__job_title="Adjunct-directeur operationele planning en wagenparkbeheer",
            facts={"time_zone": "America/New_York"},
        )
        for number in range(9):
            activities.log(lead, "FORM", by=None, at=at, title=f"Price request {number}", body=SENTENCE)
        for number in range(9):
            judging.judge(lead, f"met{number}", "YES", SENTENCE, by=mia, at=at)
        gate.mark_sales_ready(Lead.objects.for_list().get(pk=lead.pk), by=mia, at=at)
        handoff = Handoff.send(Lead.objects.get(pk=lead.pk), brief=brief, to=sam, by=mia, at=at)
        handoff.ask((SENTENCE * 5)[:480], by=sam, at=at)
        handoff.reply((SENTENCE * 10)[:950], by=mia, at=at)
        return handoff

    return send


def printed(page) -> int:
    """How many pages; nothing may be hidden on any of them."""
    page.emulate_media(media="print")
    pages = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True)))
    page.set_viewport_size(INSIDE_AN_A4)
    assert page.locator(".sheet").evaluate_all(HIDDEN) == 0
    return pages


def test_the_longest_sheet_is_one_page_and_says_what_was_left_out(hand_over, browser_of, sam):
    handoff = hand_over(LONGEST)
    page = browser_of(sam)
    page.goto(f"/leads/{handoff.lead_id}/call-sheet/")
    assert page.get_by_text("Cut to fit this page").is_hidden(), "on the screen everything stands"

    assert printed(page) == 1

    notice = page.locator(".sheet__cut").inner_text()
    for left_out in ("Why now", "What they want", "4 contacts", f"/leads/{handoff.lead_id}/call-sheet/"):
        assert left_out in notice
    assert "earlier than here" in page.locator(".sheet__who").inner_text()


def test_a_short_one_says_nothing_of_it(hand_over, browser_of, sam, mia):
    at = timezone.now()
    lead = LeadFactory(stage=Stage.SQL, captured_at=at, sql_at=at)
    Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=at)
    page = browser_of(sam)
    page.goto(f"/leads/{lead.pk}/call-sheet/")

    assert printed(page) == 1
    assert page.locator(".sheet__cut").count() == 0


def test_a_batch_is_a_page_each(hand_over, browser_of, sam):
    for brief in (BRIEF, LONGEST, BRIEF):
        hand_over(brief)
    page = browser_of(sam)
    page.goto("/queue/call-sheets/")

    assert printed(page) == 3
