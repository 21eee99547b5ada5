"""What the queue of a rep with five hundred open leads may cost. Counted, not timed: the bench does the timing."""

import re
from datetime import timedelta

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoff.models import Handoff
from leads.models import Stage
from sla.queue.views import PAGE
from smarketing.accounts.models import User
from tests.factories import BRIEF, AgreementFactory, LeadFactory

TEXT = "Asked for a price for 40 trucks after the webinar; wants fuel cost down eight percent before spring"
LEADS = 100


@pytest.fixture
def page_and_queries(db, signed_in, sam, mia, settings):
    """Weeks of hand-offs that nobody called: each clock late by another number of days."""
    settings.SHELL_SECONDS = 60
    AgreementFactory()
    brief, now = {item["key"]: TEXT for item in BRIEF}, timezone.now()
    for number in range(LEADS):
        at = now - timedelta(hours=4 * number, minutes=5)
        lead = LeadFactory(stage=Stage.SQL, captured_at=at, sql_at=at, contact__first_name=f"Noor {number}")
        Handoff.send(lead, brief=brief, to=sam, by=mia, at=at)
    User.objects.filter(pk=sam.pk).update(
        first_steps_hidden_at=now
    )  # who has five hundred leads began long ago
    rep = signed_in(sam)
    rep.get("/queue/")
    with CaptureQueriesContext(connection) as found:
        page = rep.get("/queue/")
    return page.content.decode(), len(found)


def test_queries_bytes_and_elements(page_and_queries):
    page, queries = page_and_queries

    assert page.count('class="queue__row"') == PAGE
    assert queries <= 12
    assert len(brotli.compress(page.encode(), quality=5)) <= 20_000
    assert len(re.findall(r"<[a-z]", page)) <= 1500
    assert len(re.findall(r'<script type="application/json" id="hours-', page)) == 1


def test_clocks_that_wait_for_marketing_cost_the_same_for_two_as_for_six(db, signed_in, sam, mia):
    AgreementFactory()
    now, rep = timezone.now(), signed_in(sam)

    def look_at(number):
        while Handoff.objects.count() < number:
            lead = LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now)
            handoff = Handoff.send(lead, brief={item["key"]: TEXT for item in BRIEF}, to=sam, by=mia, at=now)
            handoff.ask("Which site is it?", by=sam, at=now)
        page = rep.get("/queue/?view=waiting").content.decode()
        assert page.count('class="queue__row"') == number

    look_at(2)
    with CaptureQueriesContext(connection) as for_two:
        look_at(2)
    look_at(6)
    with CaptureQueriesContext(connection) as for_six:
        look_at(6)

    assert len(for_six) == len(for_two)
