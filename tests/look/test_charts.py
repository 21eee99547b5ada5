"""The drawing is exact: what the eye measures is what was counted, within a pixel."""

import re
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from smarketing import charts

WIDE = 1000  # pixels; a hundredth of a percent is a tenth of a pixel


def drawn(tag: str, **names: object) -> str:
    return Template("{% load charts %}" + tag).render(Context(names))


def numbers(svg: str, mark: str, attribute: str) -> list[float]:
    return [float(n) for n in re.findall(rf'<rect class="{mark}"[^>]* {attribute}="([\d.]+)', svg)]


def test_a_bullet_leaves_a_quarter_of_room_above_the_target():
    at = charts.Bullet.of(118, 160, 122)

    assert at == charts.Bullet(bar=59.0, expected=61.0, target=80.0)


def test_a_bullet_makes_room_for_a_value_above_the_target():
    at = charts.Bullet.of(200, 100)

    assert (at.bar, at.target) == (80.0, 40.0)


def test_what_was_expected_never_reaches_beyond_the_target():
    assert charts.Bullet.of(10, 100, 400).expected == charts.Bullet.of(10, 100).target


def test_a_bullet_without_target_and_value_is_empty_and_does_not_fail():
    assert charts.Bullet.of(0, 0) == charts.Bullet(0, 0, 0)


@given(value=st.integers(0, 10**7), target=st.integers(1, 10**7))
def test_bar_and_tick_stand_within_a_pixel_of_their_numbers(value, target):
    at = charts.Bullet.of(value, target)
    pixel = max(value, target) * charts.ROOM_ABOVE / WIDE

    assert abs(at.bar / 100 * WIDE * pixel - value) <= pixel
    assert abs(at.target / 100 * WIDE * pixel - target) <= pixel


def test_the_bullet_on_the_page_has_these_positions_and_says_its_sentence():
    svg = drawn('{% bullet "Sales-ready" 118 160 expected=122 %}')

    assert numbers(svg, "chart__bar", "width") == [59.0]
    assert numbers(svg, "chart__range-1", "width") == [61.0]
    assert numbers(svg, "chart__target", "x") == [80.0]
    assert 'aria-label="Sales-ready: 118 of 160. Expected by today: 122."' in svg


def test_a_chart_speaks_the_language_of_svg_also_in_dutch():
    from django.utils import translation

    with translation.override("nl"):
        svg = drawn('{% bullet "x" 1 3 %}')

    assert numbers(svg, "chart__bar", "width") == [26.67]


def test_funnel_bars_share_one_scale_and_one_left_edge():
    steps = [
        step("New", 412, "MARKETING"),
        step("Qualified", 236, "MARKETING"),
        step("Accepted", 97, "SALES"),
    ]
    html = drawn("{% funnel steps label='All' %}", steps=steps)

    assert numbers(html, "chart__bar", "width") == [100.0, 57.28, 23.54]
    assert numbers(html, "chart__bar", "x") == []


def test_the_hand_off_line_stands_once_where_the_side_changes():
    steps = [
        step("Sales-ready", 118, "MARKETING"),
        step("Accepted", 97, "SALES"),
        step("Meeting", 31, "SALES"),
    ]
    html = drawn("{% funnel steps label='All' %}", steps=steps)

    assert html.count('class="funnel__line"') == 1
    assert html.index("Sales-ready") < html.index("funnel__line") < html.index("Accepted")


def test_each_step_of_the_funnel_leads_to_its_leads():
    html = drawn(
        "{% funnel steps label='All' %}", steps=[step("New", 1204, "MARKETING", url="/leads/?stage=NEW")]
    )

    assert '<a href="/leads/?stage=NEW">1,204</a>' in html


def test_an_empty_funnel_draws_empty_bars():
    html = drawn(
        "{% funnel steps label='All' %}",
        steps=[step("New", 0, "MARKETING"), step("Won", 0, "SALES", share=None)],
    )

    assert numbers(html, "chart__bar", "width") == [0.0, 0.0]
    assert "–" in html


def test_the_highest_column_fills_the_height_and_the_others_follow():
    low, high = charts.columns([11, 44], height=64)

    assert (high.y, high.height) == (0, 64)
    assert (low.y, low.height) == (48, 16)


def test_columns_do_not_touch_and_stay_inside():
    drawn_columns = charts.columns([1, 2, 3], height=64)

    for left, right in zip(drawn_columns, drawn_columns[1:], strict=False):
        assert left.x + left.width < right.x
    assert drawn_columns[-1].x + drawn_columns[-1].width < 100


def test_something_is_never_drawn_as_nothing():
    tiny = charts.columns([1, 100_000], height=64)[0]

    assert tiny.height == 1


def test_charts_that_share_a_scale_do_not_fill_their_own_height():
    assert charts.columns([10], height=64, top=20)[0].height == 32


def test_the_promise_stands_between_the_columns_it_divides():
    buckets = [
        SimpleNamespace(label=w, count=n, url="")
        for w, n in [("< 2 h", 3), ("2–4 h", 5), ("later", 1), ("never", 1)]
    ]
    svg = drawn('{% histogram buckets "Speed to lead" promised=2 promise_words="4 h" %}', buckets=buckets)

    assert numbers(svg, "chart__target", "x") == [50.0]
    assert 'role="img"' in svg
    assert "Speed to lead. &lt; 2 h: 3; 2–4 h: 5; later: 1; never: 1." in svg


def test_columns_that_are_links_can_be_reached_by_keyboard():
    svg = drawn(
        '{% histogram buckets "Speed" %}',
        buckets=[SimpleNamespace(label="< 1 h", count=3, url="/leads/?speed=1")],
    )

    assert 'role="group"' in svg  # an image hides its links
    assert '<a href="/leads/?speed=1" aria-label="&lt; 1 h: 3">' in svg


def test_a_sparkline_runs_from_edge_to_edge():
    first, middle, last = charts.points([3, 5, 4], 96, 20)

    assert (first.x, first.y) == (2, 18)
    assert (middle.x, middle.y) == (48, 2)
    assert (last.x, last.y) == (94, 10)


def test_a_gap_is_no_zero():
    assert charts.path(charts.points([1, None, 2, 3], 96, 20)) == "M2 18M63.33 10L94 2"


def test_equal_values_lie_in_the_middle():
    assert {point.y for point in charts.points([7, 7, 7], 96, 20)} == {10}


@pytest.mark.parametrize("values", [[], [None, None]])
def test_no_values_draw_nothing_and_say_so(values):
    svg = drawn('{% sparkline values "Leads" %}', values=values)

    assert "<path" not in svg
    assert 'aria-label="Leads: no values"' in svg


def test_a_sparkline_says_lowest_highest_and_last():
    assert 'aria-label="Leads: lowest 3, highest 1,204, last 9"' in drawn(
        '{% sparkline v "Leads" %}', v=[3, 1204, 9]
    )


def test_no_drawing_carries_a_style():
    svg = drawn(
        '{% bullet "x" 1 2 %}{% bar 1 2 "mkt" %}{% sparkline v "x" %}{% multiple v 9 "x" %}', v=[1, 2]
    )

    assert "style=" not in svg


def test_words_of_people_are_escaped():
    assert "<b>" not in drawn("{% bullet name 1 2 %}", name='<b>x</b>"')


def step(label: str, count: int, side: str, url: str = "", share: float | None = 0.5) -> SimpleNamespace:
    return SimpleNamespace(
        label=label, count=count, side=side, url=url, share=share, seconds=None, change="", note=""
    )
