"""The list of leads: the whole view is in the address, and nothing in an address makes it fail."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from leads.filters import LeadFilters, address
from leads.listing import Listing
from leads.models import Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, ContactFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(signed_in, mia):
    browser = signed_in(mia)

    def get(**parameters):
        response = browser.get(address(parameters))
        return response, [lead.pk for lead in response.context["listing"].page.rows]

    return get


def lead_called(last_name, **more):
    return LeadFactory(contact__last_name=last_name, **more)


def test_newest_leads_come_first(page):
    old, new = LeadFactory(), LeadFactory(captured_at=TUESDAY_NOON)

    response, rows = page()

    assert rows == [new.pk, old.pk]
    assert "2 leads" in response.text


def test_a_lead_is_found_by_part_of_its_name_company_or_address(page):
    lead = LeadFactory(
        contact__last_name="Jansen", contact__email="tom@kaai.example", contact__company_name="Kaai BV"
    )
    LeadFactory()

    for words in ("jans", "JANSEN kaai", "tom", "kaai.ex"):
        assert page(q=words)[1] == [lead.pk]
    assert page(q="jansen vandersteen")[1] == []


FAR = {
    "mql_at": TUESDAY_NOON,
    "sql_at": TUESDAY_NOON,
}


@pytest.mark.parametrize(
    ("parameters", "finds"),
    [
        ({"stage": ["NEW", "MQL"]}, True),
        ({"stage": "SQL"}, False),
        ({"source": "webinar"}, True),
        ({"source": "none"}, False),
        ({"campaign": "none"}, True),
        ({"owner": "none"}, True),
        ({"marketer": "mine"}, True),
        ({"owner": "mine"}, False),
        ({"state": "open"}, True),
        ({"state": "closed"}, False),
        ({"hot": "yes"}, False),
        ({"no_next_step": "yes"}, False),
        ({"country": "NL"}, True),
        ({"country": "BE"}, False),
        ({"reached": "MQL"}, True),
        ({"reached": "SQL"}, False),
        ({"captured_from": MONDAY_MORNING}, True),
        ({"captured_to": MONDAY_MORNING}, False),
        ({"captured_from": "2026-11-23", "captured_to": "2026-11-24"}, True),
        ({"mql_from": TUESDAY_NOON, "mql_to": "2026-11-25"}, True),
        ({"customer_from": "2026-01-01"}, False),
        ({"closed_from": "2026-01-01"}, False),
        ({"lost_to": "2027-01-01"}, False),
    ],
)
def test_each_filter_narrows(page, mia, parameters, finds):
    lead = LeadFactory(stage=Stage.MQL, mql_at=TUESDAY_NOON, marketer=mia)

    response, rows = page(**parameters)

    assert rows == ([lead.pk] if finds else [])
    assert not response.context["listing"].problems


def test_reached_counts_who_went_further_and_who_skipped():
    skipped = LeadFactory(stage=Stage.SQL, sql_at=TUESDAY_NOON)
    ended = LeadFactory(stage=Stage.LOST, contacted_at=TUESDAY_NOON, closed_at=TUESDAY_NOON)
    LeadFactory()

    assert set(LeadFilters({"reached": "MQL"}).qs) == {skipped, ended}
    assert set(LeadFilters({"reached": "CONTACTED"}).qs) == {ended}
    assert len(LeadFilters({"reached": "NEW"}).qs) == 3


def test_lost_and_disqualified_are_told_apart():
    lost = LeadFactory(stage=Stage.LOST, closed_at=TUESDAY_NOON)
    disqualified = LeadFactory(stage=Stage.DISQUALIFIED, closed_at=TUESDAY_NOON)

    assert list(LeadFilters({"lost_from": "2026-11-24"}).qs) == [lost]
    assert list(LeadFilters({"disqualified_from": "2026-11-24"}).qs) == [disqualified]
    assert len(LeadFilters({"closed_from": "2026-11-24"}).qs) == 2


NONSENSE = [
    "x",
    "-1",
    "9" * 40,
    "<b>x</b>\"'",
    "\x00",
    "2026-02-31",
    "é" * 500,
    "none",
    "mine",
    "((",
    "&:*",
    "\ud800",
]


@pytest.mark.parametrize("name", [*LeadFilters.base_filters, "sort", "page", "nonsense"])
def test_no_value_in_an_address_makes_it_fail(rf, mia, name):
    request = rf.get("/leads/")
    request.user = mia
    LeadFactory()

    for value in NONSENSE:
        listing = Listing(
            QueryDict(urlencode({name: value}, errors="replace")), leads=Lead.objects.all(), request=request
        )
        assert listing.count in (0, 1)
        assert listing.page is not None
        assert all(chip.words for chip in listing.chips)


@pytest.mark.parametrize("value", ["<b>x</b>\"'", "\x00", "é" * 500])
def test_the_page_shows_nonsense_as_nonsense(page, value):
    response, _ = page(q=value, stage=value, source=value, sort=value, page=value, **{"captured_from": value})

    assert response.status_code == 200
    assert "<b>x</b>" not in response.text


def test_what_is_not_understood_is_said_and_left_out(page):
    lead = LeadFactory()

    response, rows = page(source="tv", sort="colour", page="last", shape="round")

    assert rows == [lead.pk]
    for words in ("“tv” is not known", "cannot be sorted by “colour”", "no page “last”", "no filter “shape”"):
        assert words in response.text


def test_a_plus_in_a_moment_survives_the_address(page):
    LeadFactory()

    response, _ = page(captured_from="2026-11-23T09:00:00 01:00")

    assert not response.context["listing"].problems


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["bakker", "de Wit", "Smit", ""]),
        ("-name", ["", "Smit", "de Wit", "bakker"]),
        ("company", ["Smit", "de Wit", "bakker", ""]),
        ("stage", ["de Wit", "Smit", "", "bakker"]),
        ("next_step", ["Smit", "bakker", "de Wit", ""]),
        ("captured", ["bakker", "Smit", "de Wit", ""]),
    ],
)
def test_the_list_sorts_by_its_columns(page, sort, order):
    lead_called(
        "bakker", contact__company_name="Kaai", stage=Stage.SQL, captured_at=MONDAY_MORNING.replace(hour=1)
    )
    lead_called(
        "Smit",
        contact__company_name="alfa",
        next_step_at=TUESDAY_NOON,
        captured_at=MONDAY_MORNING.replace(hour=2),
        stage=Stage.MQL,
    )
    lead_called("de Wit", contact__company_name="Beta", captured_at=MONDAY_MORNING.replace(hour=3))
    lead_called(
        "",
        contact__first_name="",
        contact__company_name="",
        captured_at=MONDAY_MORNING.replace(hour=4),
        stage=Stage.MQL,
    )

    response, _ = page(sort=sort)

    assert [lead.last_name for lead in response.context["listing"].page.rows] == order


def test_pages_hold_fifty_and_say_where_they_are(page):
    LeadFactory.create_batch(51, contact=ContactFactory(), stage=Stage.LOST, closed_at=TUESDAY_NOON)

    first, rows = page()
    second, rest = page(page=2)

    assert (len(rows), len(rest)) == (50, 1)
    assert "51–51 of 51" in second.text
    assert not set(rows) & set(rest)
    assert "page=2" in first.text


def test_each_active_filter_is_a_chip_that_takes_it_away(page):
    SourceFactory()
    LeadFactory(stage=Stage.MQL)

    response, _ = page(stage=["NEW", "MQL"], source="webinar", sort="name")

    chips = {chip.words: chip.query for chip in response.context["listing"].chips}
    assert chips == {
        "Stage: New": "?stage=MQL&source=webinar&sort=name",
        "Stage: Qualified": "?stage=NEW&source=webinar&sort=name",
        "Source: Webinar": "?stage=NEW&stage=MQL&sort=name",
    }


def test_a_value_in_a_cell_is_a_link_that_filters(page):
    lead = LeadFactory()

    response, _ = page(q="noor")

    assert f"?q=noor&amp;company={lead.company_id}" in response.text
    assert "?q=noor&amp;source=webinar" in response.text


def test_a_hostile_name_is_shown_as_typed(page):
    lead_called("<b>x</b>\"'", contact__first_name="")

    response, _ = page()

    assert "&lt;b&gt;x&lt;/b&gt;&quot;&#x27;" in response.text
    assert "<b>x</b>" not in response.text


def test_htmx_gets_the_results_and_a_clean_address(signed_in, mia):
    LeadFactory()

    response = signed_in(mia).get("/leads/?q=noor&source=&stage=", headers={"HX-Request": "true"})

    assert response.text.startswith('<div id="results"')
    assert response["HX-Push-Url"] == "/leads/?q=noor"
    assert "HX-Request" in response["Vary"]


def test_more_rows_cost_no_more_queries(page):
    def full_page():
        LeadFactory.create_batch(12)
        with CaptureQueriesContext(connection) as asked:
            page(source="webinar", q="noor")
        return len(asked)

    assert full_page() >= full_page()


def test_a_list_of_who_became_customer_is_in_that_order(page):
    early = LeadFactory(stage=Stage.CUSTOMER, captured_at=TUESDAY_NOON, customer_at=MONDAY_MORNING)
    late = LeadFactory(stage=Stage.CUSTOMER, captured_at=MONDAY_MORNING, customer_at=TUESDAY_NOON)

    response, rows = page(customer_from="2026-11-01")

    assert rows == [late.pk, early.pk]
    assert [heading.column.key for heading in response.context["listing"].headings][-1] == "customer"


def test_words_that_many_have_are_found_by_walking_the_list(page, monkeypatch):
    monkeypatch.setattr("leads.finding.COMMON", 0)
    leads = LeadFactory.create_batch(3)

    response, rows = page(q="noor")

    assert set(rows) == {lead.pk for lead in leads}
    assert response.context["listing"].is_capped


def test_such_words_in_a_narrowed_list_are_counted_to_a_lower_end(page, monkeypatch):
    monkeypatch.setattr("leads.finding.COMMON", 0)
    monkeypatch.setattr("leads.listing.CAP_OF_A_WALK", 2)
    LeadFactory.create_batch(3, stage=Stage.MQL)
    LeadFactory(stage=Stage.SQL)

    response, rows = page(q="noor", stage="MQL")

    assert len(rows) == 3
    assert "more than 2 leads" in response.text
    assert "1 lead" in page(q="noor", stage="SQL")[0].text


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(text):
    assert list(Lead.objects.matching(text)) == []


def test_an_empty_database_says_what_to_do_first(page):
    assert "No leads yet" in page()[0].text
    assert "No leads match" in page(q="nobody")[0].text


def test_the_file_holds_all_leads_of_the_view(signed_in, mia):
    lead = LeadFactory(contact__first_name="=1+1", contact__phone="+31205550134")
    LeadFactory(source=SourceFactory(key="fair"))

    response = signed_in(mia).get("/leads/export/?source=webinar")

    header, row = b"".join(response).decode("utf-8-sig").splitlines()
    assert header.startswith("id,external_id,first_name")
    assert row.startswith(f"{lead.pk},,'=1+1,de Wit,")
    assert "'+31205550134" in row


def test_the_file_is_complete_across_its_chunks(monkeypatch):
    from leads import leaving

    monkeypatch.setattr(leaving, "CHUNK", 2)
    LeadFactory.create_batch(5)

    assert [row[0] for row in leaving.rows(Lead.objects.all())] == list(
        Lead.objects.newest_first().values_list("pk", flat=True)
    )


def test_who_exported_what_is_in_the_log_without_names(signed_in, mia, caplog):
    with caplog.at_level("INFO", logger="smarketing.exports"):
        signed_in(mia).get("/leads/export/?q=noor&source=")

    assert caplog.messages == [f"leads exported by user {mia.pk}, narrowed by ['q']"]


@pytest.mark.parametrize("path", ["/leads/", "/leads/export/"])
def test_strangers_must_sign_in(client, path):
    assert client.get(path).status_code == 302
