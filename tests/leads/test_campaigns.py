"""Sources and campaigns are kept in the settings."""

import pytest

from leads.models import Campaign, Source
from tests.factories import CampaignFactory, SourceFactory

pytestmark = pytest.mark.django_db


def test_a_source_is_added_and_keeps_its_key_when_renamed(signed_in, mia):
    browser = signed_in(mia)

    browser.post("/settings/sources/", {"name": "Trade fair"})
    source = Source.objects.get()
    browser.post(f"/settings/sources/{source.pk}/", {"name": "Fairs & shows"})

    source.refresh_from_db()
    assert (source.key, source.name) == ("trade_fair", "Fairs & shows")


def test_a_source_of_that_name_is_there_already(signed_in, mia):
    SourceFactory(key="webinar")

    response = signed_in(mia).post("/settings/sources/", {"name": "WEBINAR"})

    assert response.status_code == 422
    assert "There is a source of this name already" in response.text


def test_finance_enters_what_a_campaign_cost(signed_in, fin):
    campaign = CampaignFactory()

    signed_in(fin).post(
        f"/settings/campaigns/{campaign.pk}/",
        {
            "name": "Fuel Q4",
            "source": campaign.source_id,
            "starts_on": "2026-10-01",
            "ends_on": "2026-12-31",
            "spend": "1250.50",
        },
    )

    campaign.refresh_from_db()
    assert (str(campaign.spend), str(campaign.ends_on)) == ("1250.50", "2026-12-31")


def test_a_marketer_makes_a_campaign_but_enters_no_costs(signed_in, mia):
    signed_in(mia).post("/settings/campaigns/new/", {"name": "Spring", "spend": "10"})

    assert Campaign.objects.get().spend is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "required"),
        ({"name": "fuel q4"}, "There is a campaign of this name already"),
        ({"name": "New", "spend": "-1"}, "0 or more"),
        ({"name": "New", "starts_on": "2026-12-01", "ends_on": "2026-11-01"}, "ends before it starts"),
        ({"name": "New", "starts_on": "soon"}, "valid date"),
    ],
)
def test_wrong_input_is_named(signed_in, max, wrong, says):
    CampaignFactory()

    response = signed_in(max).post("/settings/campaigns/new/", wrong)

    assert response.status_code == 422
    assert says in response.text
    assert Campaign.objects.count() == 1


def test_no_cost_entered_is_not_zero(signed_in, sam):
    CampaignFactory()

    assert "no cost entered" in signed_in(sam).get("/settings/campaigns/").text
    assert "no cost entered" in signed_in(sam).get("/settings/sources/").text


def test_sales_reads_the_lists_and_changes_nothing(signed_in, sam):
    source, browser = SourceFactory(), signed_in(sam)

    assert browser.get("/settings/sources/").status_code == 200
    assert browser.get("/settings/campaigns/").status_code == 200
    for path in ("/settings/sources/", f"/settings/sources/{source.pk}/", "/settings/campaigns/new/"):
        assert browser.post(path, {"name": "Mine"}).status_code == 403
    assert Source.objects.get().name == "Webinar"
