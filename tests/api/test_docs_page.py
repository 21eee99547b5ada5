"""The API can be read and tried in a browser, under our security policy."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_operation_is_shown(browser_page):
    browser_page.goto("/api/docs/")

    browser_page.locator("#operations-leads-leads_create").wait_for(timeout=20_000)
    assert browser_page.locator(".opblock").count() > 25
