"""The long comparison with the oracle draws the same cases every time, and goes on where it was ended."""

import pytest

from tests.sla import compare_with_oracle as comparison


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(comparison, "CALENDARS_PER_PART", 1)
    monkeypatch.setattr(comparison, "CASES_PER_CALENDAR", 4)


def test_a_part_is_the_same_whoever_does_it():
    part, counts = comparison.compare_part(7, 3)

    assert comparison.compare_part(7, 3) == (part, counts)
    assert counts["cases"] == 4
    assert counts["DIFFERENCES"] == 0


def test_what_was_kept_is_read_again_without_a_line_that_was_cut_off(tmp_path):
    file = tmp_path / "kept.jsonl"
    _, counts = comparison.compare_part(7, 3)
    comparison.keep(file, 7, 3, counts)
    comparison.keep(file, 8, 1, counts)
    file.write_text(file.read_text() + '\n{"seed": 7, "part": 4, "cou')
    comparison.keep(file, 7, 5, counts)

    assert comparison.read_kept(file, seed=7) == {3: counts, 5: counts}
