"""Where the public files of a real funnel are, and what their columns mean. They are never copied into the repository."""

import json
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "olist"
LEADS = FOLDER / "olist_marketing_qualified_leads_dataset.csv"
DEALS = FOLDER / "olist_closed_deals_dataset.csv"
LEADS_MEAN = {
    "mql_id": "external_id",
    "first_contact_date": "captured_at",
    "origin": "source",
    "landing_page_id": "fact:landing_page",
}
DEALS_MEAN = {
    "mql_id": "external_id",
    "won_date": "customer_at",
    "sr_id": "rep",
    "sdr_id": "marketer",
    "business_segment": "fact:business_segment",
}

files_needed = pytest.mark.skipif(not LEADS.exists(), reason="the olist files are not beside the checkout")


def mapping(folder: Path, name: str, meaning: dict[str, str]) -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(meaning))
    return str(path)
