"""A real Chromium for tests. Without one they are skipped with a clear line; in CI that is a failure.

`browser_page` is a window of a visitor, `browser_of(mia)` one in which mia has signed in. Both fail the test at the end
when the page wrote an error to its console: the security policy speaks there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("No Chromium: apt-get install chromium")
        pytest.skip("No Chromium here; the browser tests were not run. apt-get install chromium")
    from playwright.sync_api import sync_playwright  # only tests that open a window pay for it

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the test
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_window(viewport=PHONE, color_scheme="dark")`: a fresh browser profile at the test server.

    What its console says in red is in `page.complaints`, and fails the test at the end.
    """
    opened: list[tuple[BrowserContext, Page]] = []

    def open_one(**options) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": DESK, "locale": "en-GB", **options}
        )
        context.set_default_timeout(10_000)
        context.set_default_navigation_timeout(30_000)  # the first page of a process reads every template
        context.add_init_script(LEAVING)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if is_complaint(said) else None)
        opened.append((context, page))
        return page

    yield open_one
    complaints = [complaint for _, page in opened for complaint in page.complaints]
    for context, _ in opened:
        context.close()
    assert complaints == [], complaints


def is_complaint(said) -> bool:
    """A refused or missing address is the server's word, tested elsewhere; everything else in red is ours."""
    return said.type == "error" and "the server responded with a status of" not in said.text


@pytest.fixture
def browser_page(open_window) -> Page:
    return open_window()


@pytest.fixture
def browser_of(open_window, live_server) -> Callable[..., Page]:
    """`browser_of(sam)` is a page in which sam has signed in; `viewport=PHONE`, `color_scheme="dark"` and the like can be given."""

    def open_as(person, **options) -> Page:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = open_window(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return open_as


# A click is over before the browser asks for the page behind it: the page that is left says so itself, and the next one knows nothing of it.
# What comes as a file leaves the page where it is, so after three seconds it stays.
LEAVING = """
addEventListener("submit", (event) => { if (!event.defaultPrevented && event.target.method !== "dialog") window.leftAt = performance.now() });
window.navigation?.addEventListener("navigate", (event) => {
    if (!event.destination.sameDocument && event.downloadRequest === null) window.leftAt = performance.now()
});
"""
AT_REST = """() => document.readyState === "complete" && !(performance.now() - window.leftAt < 3000)
    && !document.querySelector("[aria-busy=true], .htmx-request, .htmx-swapping, .htmx-settling")
    && document.getAnimations().every(animation => animation.playState !== "running")"""


def wait_until_at_rest(page: Page) -> None:
    """No page is on its way, no answer is awaited and nothing fades: what is half faded has half its contrast."""
    page.wait_for_function(AT_REST)


def assert_accessible(page: Page) -> None:
    """axe finds nothing on the page as it stands, and its console is empty."""
    found = [
        f"{violation['id']}: {violation['help']} — {node['html'][:160]}"
        for violation in _what_axe_finds(page)
        for node in violation["nodes"]
    ]
    assert found == [], found
    assert page.complaints == [], page.complaints


def _what_axe_finds(page: Page) -> list[dict]:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Error

    wait_until_at_rest(page)
    try:
        results = Axe().run(page, options={"resultTypes": ["violations"]})
    except Error:  # the page went away under its feet after all; the one that came is looked at
        wait_until_at_rest(page)
        results = Axe().run(page, options={"resultTypes": ["violations"]})
    return results.response["violations"]


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    wider = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".tabs, .table-wrap"))
        .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)"""
    )
    assert wider == [], wider
