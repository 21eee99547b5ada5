"""A share and how sure one can be of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing.rates import Rate


def test_without_cases_there_is_no_share():
    assert (Rate(0, 0).share, Rate(0, 0).interval, Rate(0, 0).is_few) == (None, None, True)


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),  # textbook values of Wilson's interval
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (31, 38, 0.6658, 0.9078), (10, 10, 0.7225, 1.0)],
)
def test_the_interval_is_wilsons(hits, cases, low, high):
    assert Rate(hits, cases).interval == pytest.approx((low, high), abs=2e-4)


@given(data=st.data(), cases=st.integers(1, 5000))
def test_the_share_lies_within_and_more_cases_make_it_surer(data, cases):
    hits = data.draw(st.integers(0, cases))
    low, high = Rate(hits, cases).interval
    assert 0 <= low <= Rate(hits, cases).share + 1e-12
    assert Rate(hits, cases).share <= high + 1e-12 <= 1 + 1e-9

    surer_low, surer_high = Rate(hits * 10, cases * 10).interval
    assert surer_high - surer_low < high - low
