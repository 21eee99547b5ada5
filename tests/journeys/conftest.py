"""Journeys act in a real Chromium against the live server, signed in as somebody of the cast."""

import pytest

from tests import browser
from tests.browser import browser_of, open_window

__all__ = ["browser_of", "open_window"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def assert_accessible():
    """axe finds nothing on this page, and its console is empty."""
    return browser.assert_accessible
