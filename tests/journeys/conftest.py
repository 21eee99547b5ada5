"""A real Chromium against the live server. Without one the journeys are skipped with a word; in CI that is a failure."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from tests.browser import open_window, wait_until_at_rest, window_of

__all__ = ["open_window", "window_of"]

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright's loop runs beside Django in one process
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def browser_of(chromium, live_server):
    """`browser_of(sam)` is a page in which sam has signed in; `window=PHONE`, `color_scheme="dark"` and the like can be given."""
    contexts = []

    def open_for(person, *, window=DESK, **more):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        context = chromium.new_context(base_url=live_server.url, viewport=window, **more)
        context.set_default_timeout(10_000)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_for
    for context in contexts:
        context.close()


@pytest.fixture
def assert_accessible():
    """axe finds nothing on this page, and its console is empty."""

    def check(page):
        wait_until_at_rest(page)
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.complaints == []

    return check
