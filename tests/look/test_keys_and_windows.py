"""Keyboard, palette, menus and the frame of the page, in a real browser on the page of all components."""

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, NARROW, PHONE, assert_accessible, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(gallery, browser_page):
    browser_page.goto(gallery)
    return browser_page


def current(page) -> str:
    return page.locator('[data-row][aria-current="true"] .table__name').inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(gallery, open_window, viewport, scheme):
    page = open_window(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    page.goto(gallery + "?errors")

    assert_accessible(page)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/", "/nothing-here/"])
def test_axe_finds_nothing_for_visitors(gallery, open_window, address):
    page = open_window(viewport=PHONE)
    page.goto(address)

    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize(
    "viewport",
    [NARROW, PHONE, {"width": 640, "height": 800}, {"width": 900, "height": 800}, DESK],
    ids=lambda v: v["width"],
)
def test_no_page_scrolls_sideways(gallery, open_window, viewport):
    page = open_window(viewport=viewport)
    page.goto(gallery)

    assert_fits(page)


def test_the_skip_link_is_first_and_leads_to_the_content(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_j_and_k_move_and_stay_within_the_list(page):
    page.keyboard.press("k")
    assert current(page) == "Noor de Wit"

    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert current(page) == "Aisha Benali"
    assert page.evaluate("document.activeElement.id") == "lead-2"
    assert page.locator("[data-row][tabindex='0']").count() == 1


def test_only_the_current_row_has_a_primary_button(page):
    expect(page.locator('[data-row][aria-current="true"]')).to_have_count(1)
    page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished))")
    colours = page.locator(".btn--row").evaluate_all(
        "all => all.map(b => getComputedStyle(b).backgroundColor)"
    )

    assert len(set(colours[1:])) == 1
    assert colours[0] not in colours[1:]


def test_x_selects_and_shift_x_selects_a_range(page):
    bar = page.locator(".bulk-bar")
    expect(bar).to_be_hidden()

    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")

    assert page.locator(".check-cell input:checked").count() == 3
    expect(bar).to_be_visible()


def test_t_goes_to_the_telephone_of_the_current_row(page):
    page.keyboard.press("j")
    page.keyboard.press("t")

    assert page.evaluate("document.activeElement.closest('tr').id") == "lead-1"
    assert page.evaluate("document.activeElement.protocol") == "tel:"


def test_letters_typed_into_a_field_are_letters(page):
    page.keyboard.press("/")
    page.keyboard.type("jxgq?")

    assert page.locator("input[name=q]").input_value() == "jxgq?"
    assert current(page) == "Noor de Wit"


def test_g_and_a_letter_go_to_a_room(page):
    page.keyboard.press("g")
    page.keyboard.press("l")

    page.wait_for_url("**/leads/")


def test_with_single_keys_off_only_control_k_works(page):
    page.evaluate("document.documentElement.dataset.keys = 'off'")

    for key in ("j", "x", "?", "g", "l"):
        page.keyboard.press(key)
    assert current(page) == "Noor de Wit"
    assert page.locator("dialog[open]").count() == 0

    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_the_palette_finds_rooms_and_acts_and_gives_the_focus_back(page):
    page.keyboard.press("j")
    page.keyboard.press("Control+k")
    page.keyboard.type("hand")
    expect(page.locator("#palette [role=option]")).to_have_text(["Hand-offsg h"])
    assert_accessible(page)

    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "lead-1"

    page.keyboard.press("Control+k")
    page.keyboard.type("hand")
    page.keyboard.press("Enter")
    page.wait_for_url("**/handoffs/")


def test_the_palette_says_when_nothing_is_found(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("zzz")

    expect(page.get_by_text("Nothing found.")).to_be_visible()


def test_the_list_of_keys_names_what_works_here(page):
    page.keyboard.press("?")
    listed = page.locator("#keys kbd").all_inner_texts()

    assert {"j k", "x", "/", "c", "p", "t", "g q", "g h", "Ctrl K", "?"} <= set(listed)
    assert "z" not in listed  # nothing to undo on this page
    assert_accessible(page)


def test_escape_closes_a_menu_and_gives_the_focus_back(gallery, open_window):
    page = open_window(viewport=PHONE)
    page.goto(gallery)
    page.locator(".rail__more summary").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.locator(".rail__more .menu__list")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_field(gallery, browser_page):
    browser_page.goto(gallery + "?errors")
    assert "error-summary" in browser_page.evaluate("document.activeElement.className")

    browser_page.get_by_role("link", name="Why now: This field is required.").click()
    assert browser_page.evaluate("document.activeElement.name") == "why"


def test_without_script_times_and_forms_are_there(gallery, open_window):
    page = open_window(java_script_enabled=False)
    page.goto(gallery)

    expect(page.get_by_text("Late by 35 m").first).to_be_visible()
    expect(page.get_by_role("button", name="Save lead").first).to_be_visible()
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()


def test_a_focus_ring_shows_on_every_control(page):
    for _ in range(30):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
        )
        assert ring != "nonenone"


def test_targets_are_large_enough(page):
    small = page.locator("main :is(button, summary, .btn, .tabs__tab, .table__name)").evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
        ".filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"
    )

    assert small == []


def test_bars_on_the_screen_are_as_long_as_their_numbers(page):
    widths = page.locator(".funnel__bar .chart__bar").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().width)"
    )
    full = page.locator(".funnel__bar").first.evaluate("e => e.getBoundingClientRect().width")

    for width, count in zip(widths, [412, 236, 118, 97, 31], strict=True):
        assert abs(width - full * count / 412) <= 1
