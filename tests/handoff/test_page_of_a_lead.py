"""The page of a lead that sales has: everything about it, with a dozen queries however much happened."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ActivityFactory

pytestmark = pytest.mark.django_db


def queries_of(browser, address):
    browser.get(address)  # what is read once per process is read
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_it_asks_a_dozen_times_and_no_more_for_more(signed_in, handoff, sam, noon, settings):
    settings.SHELL_SECONDS = 5  # the numbers of the rail are known already, as they are when people click
    address = f"/leads/{handoff.lead_id}/"
    browser = signed_in(sam)
    few = queries_of(browser, address)

    for _ in range(12):
        ActivityFactory(lead=handoff.lead, actor=sam)

    assert queries_of(browser, address) == few <= 13
