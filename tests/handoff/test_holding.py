"""At every moment one team has the lead, and its page says which."""

import pytest

from handoff import holding
from leads import closing
from leads.models import Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.handoff.moments import TUESDAY_TEN


def said_of(lead) -> str:
    return str(holding.of(Lead.objects.get(pk=lead.pk)))


def test_marketing_has_it_until_it_is_handed_over(lead, mia):
    assert said_of(lead) == "Marketing has the lead"
    Lead.objects.filter(pk=lead.pk).update(marketer=mia)

    assert said_of(lead) == "Marketing has the lead: Mia Smit"


def test_sales_has_it_from_the_hand_off_on(handoff, sam):
    assert said_of(handoff.lead) == "Sales has the lead: Sam Smit"
    handoff.accept(by=sam, at=TUESDAY_NOON)

    assert said_of(handoff.lead) == "Sales has the lead: Sam Smit"


def test_in_the_pool_nobody_is_named(pooled):
    assert said_of(pooled.lead) == "Sales has the lead: in the pool"


def test_a_question_gives_it_to_marketing_and_the_answer_gives_it_back(handoff, sam, mia):
    handoff.ask("Who signs?", by=sam, at=TUESDAY_NOON)
    assert said_of(handoff.lead) == "Marketing has the lead: Mia Smit"

    handoff.reply("He does", by=mia, at=TUESDAY_NOON)
    assert said_of(handoff.lead) == "Sales has the lead: Sam Smit"


def test_a_return_gives_it_to_who_sent_it(handoff, sam):
    handoff.return_("DUPLICATE", "", by=sam, at=TUESDAY_NOON)

    assert said_of(handoff.lead) == "Marketing has the lead: Mia Smit"


def test_recycled_it_is_with_marketing_again(lead, mia):
    closing.recycle(lead, "Not now", by=mia, at=TUESDAY_TEN)

    assert said_of(lead) == "Marketing has the lead"


@pytest.mark.parametrize("stage", [Stage.CUSTOMER, Stage.LOST, Stage.DISQUALIFIED])
def test_nobody_has_what_has_ended(stage):
    assert holding.of(Lead(stage=stage)) is None


def test_the_page_of_the_lead_says_it(signed_in, handoff, fin):
    page = signed_in(fin).get(f"/leads/{handoff.lead_id}/").content.decode()

    assert "Sales has the lead: Sam Smit" in page
