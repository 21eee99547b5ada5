"""The page that both teams share."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.models import Lead, Opportunity, Stage
from tests.factories import AgreementFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db


def won(source, amount):
    now = timezone.now()
    lead = LeadFactory(
        source=source, captured_at=now - timedelta(minutes=1), stage=Stage.CUSTOMER, customer_at=now
    )
    Opportunity.objects.create(lead=lead, amount=amount, opened_at=now, won_at=now)


def page(browser, query=""):
    answer = browser.get(f"/dashboard/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_company_is_told_what_to_do_first(signed_in, max):
    text = page(signed_in(max))

    assert "No lead was captured in this period." in text
    assert "Make the first agreement" in text


def test_everybody_sees_what_brings_revenue(signed_in, sam):
    won(SourceFactory(key="fair"), 1200)

    text = page(signed_in(sam))

    assert "Fair" in text
    assert "€1,200" in text


def chosen(text):
    """The period that the form shows as chosen, and the dates in it."""
    return re.findall(r"<option value=\"([a-z_0-9]*)\" selected>", text)[0], re.findall(
        r"name=\"(?:from|to)\" value=\"([^\"]*)\"", text
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ("this_month", ["", ""])),
        ("?period=last_month", ("last_month", ["", ""])),
        ("?period=this_month&from=2026-01-01&to=2026-04-01", ("", ["2026-01-01", "2026-04-01"])),
        ("?period=&to=2026-04-01", ("", ["", "2026-04-01"])),
        (
            "?period=last_month&from=2026-01-01&to=2026-04-01&shown=2026-01-01/2026-04-01",
            ("last_month", ["", ""]),
        ),
        (
            "?period=&from=2026-02-01&to=2026-04-01&shown=2026-01-01/2026-04-01",
            ("", ["2026-02-01", "2026-04-01"]),
        ),
        (
            "?period=&from=2026-05-01&to=2026-01-01",
            ("", ["2026-05-01", "2026-01-01"]),
        ),  # ends before it begins: kept
    ],
)
def test_the_form_shows_the_period_that_the_figures_are_about(signed_in, max, query, shown):
    assert chosen(page(signed_in(max), query)) == shown


@pytest.mark.parametrize("query", [
    "?period=nonsense", "?from=x&to=y", "?source=no-such", "?by=%00", "?group=';--", "?from=2026-05-01&to=2026-01-01", "?source=none&period=all",
])  # fmt: skip
def test_what_the_address_asks_wrongly_is_said_and_breaks_nothing(signed_in, max, query):
    assert "Dashboard" in page(signed_in(max), query)


def test_the_number_of_queries_does_not_grow_with_sources(signed_in, max):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(signed_in(max), "?period=all")
        return len(queries)

    won(SourceFactory(key="fair"), 10)
    page(signed_in(max), "?period=all")
    few = count()
    for number in range(12):
        won(SourceFactory(key=f"source{number}"), 10)

    assert count() <= few + 1  # the medians are read anew after a change


@pytest.mark.parametrize("what", ["funnel", "promises", "revenue"])
def test_each_panel_leaves_as_a_file(signed_in, fin, what):
    won(SourceFactory(key="fair"), 10)

    answer = signed_in(fin).get(f"/dashboard/{what}.csv?group=source")

    assert answer["Content-Type"].startswith("text/csv")
    assert b"".join(answer.streaming_content).count(b"\r\n") >= 1


def test_there_is_no_other_file(signed_in, fin):
    assert signed_in(fin).get("/dashboard/passwords.csv").status_code == 404


def test_the_page_changes_nothing(signed_in, max):
    LeadFactory()
    before = list(Lead.objects.values())

    page(signed_in(max))

    assert list(Lead.objects.values()) == before


def test_promises_that_take_long_to_count_may_be_a_minute_old_and_the_page_says_so(
    signed_in, max, settings, monkeypatch
):
    monkeypatch.setattr("dashboard.views.SLOW", -1)
    settings.PROMISES_SECONDS = 60
    caches["process"].clear()
    AgreementFactory()
    browser = signed_in(max)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = browser.get("/dashboard/").context
        clock.shift(30)
        second = browser.get("/dashboard/").context

    assert first["promises"]
    assert second["as_of"] == first["as_of"]
    assert [promise.key for promise in second["promises"]] == [promise.key for promise in first["promises"]]


def test_figures_that_are_kept_are_drawn_as_they_were_when_they_were_counted(
    signed_in, max, settings, monkeypatch
):
    monkeypatch.setattr("dashboard.views.SLOW", -1)
    settings.PROMISES_SECONDS = 60
    caches["process"].clear()
    AgreementFactory()
    browser = signed_in(max)
    drawn = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for seconds in (0, 10, 10, 60):
            clock.shift(seconds)
            drawn.append(browser.get("/dashboard/").context["drawn"])
        max.language = "nl"
        max.save()
        dutch = browser.get("/dashboard/").context["drawn"]

    assert drawn[0] == drawn[1] == drawn[2] == drawn[3]
    assert "How" in drawn[2].promises
    assert dutch.promises != drawn[2].promises


def test_the_name_of_a_source_is_text_in_the_table_and_in_its_trend(signed_in, max):
    won(SourceFactory(key="odd", name='<b>"Fair"</b>'), 1200)

    text = page(signed_in(max))

    assert '<th scope="row">&lt;b&gt;&quot;Fair&quot;&lt;/b&gt;</th>' in text
    assert 'aria-label="&lt;b&gt;&quot;Fair&quot;&lt;/b&gt;: lowest 0, highest 1, last 1"' in text
    assert '<b>"Fair"' not in text
