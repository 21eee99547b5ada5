"""The public funnel of Olist: after both files the leads show exactly the figures that were counted without this product."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from leads.models import ImportRow, Lead, LeadFact, Opportunity, StageChange
from tests.leads.imports import olist

pytestmark = [pytest.mark.django_db, olist.files_needed]

LEADS_AND_CUSTOMERS = {
    "organic_search": (2296, 271),
    "paid_search": (1586, 195),
    "social": (1350, 75),
    "unknown": (1099, 179),
    "direct_traffic": (499, 56),
    "email": (493, 15),
    "referral": (284, 24),
    "other": (150, 4),
    "display": (118, 6),
    "other_publicities": (65, 3),
    None: (60, 14),
}
CAPTURED_PER_MONTH = [4, 239, 386, 312, 416, 445, 200, 1141, 1028, 1174, 1352, 1303]


@pytest.fixture
def imported(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"

    def run(path, meaning):
        out = StringIO()
        mapping = olist.mapping(tmp_path, path.stem, meaning)
        call_command("import_leads", str(path), mapping=mapping, json=True, stdout=out, stderr=StringIO())
        return json.loads(out.getvalue().splitlines()[-1])

    return run


def both(imported):
    return imported(olist.LEADS, olist.LEADS_MEAN), imported(olist.DEALS, olist.DEALS_MEAN)


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_every_figure_of_the_funnel_is_exact(imported):
    leads, deals = both(imported)

    assert (leads["created"], leads["rejected"], leads["warnings"]) == (8000, 0, 0)
    assert (deals["created"], deals["updated"], deals["rejected"]) == (0, 842, 0)
    assert Lead.objects.count() == 8000
    assert Lead.objects.filter(stage="CUSTOMER", customer_at__isnull=False).count() == 842
    assert Opportunity.objects.filter(won_at__isnull=False).count() == 842
    per_source = rows(
        "SELECT s.key, count(*), count(l.customer_at) FROM leads_lead l LEFT JOIN leads_source s ON s.id = l.source_id GROUP BY 1"
    )
    assert {key: (count, customers) for key, count, customers in per_source} == LEADS_AND_CUSTOMERS
    per_month = rows(
        "SELECT date_trunc('month', captured_at AT TIME ZONE 'Europe/Amsterdam') m, count(*) FROM leads_lead GROUP BY 1 ORDER BY 1"
    )
    assert [count for _month, count in per_month] == CAPTURED_PER_MONTH


def test_the_days_are_those_of_the_company(imported):
    both(imported)

    local = "({} AT TIME ZONE 'Europe/Amsterdam')::date"
    captured, won = local.format("captured_at"), local.format("customer_at")
    (spans,) = rows(
        f"""SELECT min({captured})::text, max({captured})::text, min({won})::text, max({won})::text,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY {won} - {captured}) FILTER (WHERE customer_at IS NOT NULL),
            max({won} - {captured})
            FROM leads_lead"""
    )
    assert spans == ("2017-06-14", "2018-05-31", "2017-12-05", "2018-11-14", 14, 427)


def test_the_one_contradiction_is_reported_and_imported(imported):
    _leads, deals = both(imported)

    assert deals["warning_kinds"] == {"dates_contradict": 1, "unknown_rep": 842, "unknown_marketer": 842}
    row = ImportRow.objects.get(warnings__contains=[{"code": "dates_contradict"}])
    lead = Lead.objects.get(pk=row.lead_id)
    assert (lead.external_id, lead.stage) == ("b91cf8812365f50ff4bda4bcd6206b05", "CUSTOMER")
    assert lead.customer_at < lead.captured_at


def test_a_second_time_nothing_changes(imported):
    both(imported)
    before = everything()

    leads, deals = both(imported)

    assert (leads["unchanged"], deals["unchanged"]) == (8000, 842)
    assert everything() == before


def test_deals_of_an_unknown_lead_create_it(imported):
    report = imported(olist.DEALS, olist.DEALS_MEAN)

    assert report["created"] == 842
    assert Lead.objects.filter(stage="CUSTOMER").count() == 842


def test_columns_agree_with_the_recorded_moves(imported):
    both(imported)

    assert StageChange.objects.filter(to_stage="NEW", from_stage="").count() == 8000
    assert not rows(
        """SELECT l.id FROM leads_lead l LEFT JOIN leads_stagechange c ON c.lead_id = l.id AND c.to_stage = 'CUSTOMER'
           WHERE l.customer_at IS DISTINCT FROM c.changed_at"""
    )


def everything():
    """Digests of all that an import may write."""
    tables = [
        "lead",
        "contact",
        "company",
        "source",
        "campaign",
        "stagechange",
        "leadfact",
        "opportunity",
        "activity",
    ]
    digests = [
        rows(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM leads_{table} t")
        for table in tables
    ]
    assert LeadFact.objects.exists()
    return dict(zip(tables, digests, strict=True))
