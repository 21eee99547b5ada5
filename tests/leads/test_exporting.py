"""A list leaves as a file that runs nothing in a spreadsheet and comes back unchanged."""

import csv
import io
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import example, given
from hypothesis import strategies as st

from leads import exporting
from tests.conftest import TUESDAY_NOON

FORMULAS = [
    "=1+1",
    "+31205550134",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "'=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_text(text):
    assert exporting.cell(text) == "'" + text


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "Noor", "a=b", "", "1-2", "🙂"])
def test_other_texts_are_left_alone(text):
    assert exporting.cell(text) == text


def test_numbers_and_moments_are_written_for_a_spreadsheet():
    assert [
        exporting.cell(value)
        for value in (-12, Decimal("-1.50"), None, True, TUESDAY_NOON, TUESDAY_NOON.date())
    ] == [
        "-12",
        "-1.50",
        "",
        "yes",
        "2026-11-24 12:00:00",
        "2026-11-24",
    ]


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=2, max_size=2)
    )
)
@example([["'", "''=1"], ['a,b\r\n"c"', "\ufeff"]])
def test_what_leaves_can_come_back(rows):
    file = "".join(exporting.lines(["one", "two"], rows)).removeprefix(exporting.BYTE_ORDER_MARK)

    header, *back = csv.reader(io.StringIO(file, newline=""))
    assert header == ["one", "two"]
    assert [[exporting.plain(cell) for cell in row] for row in back] == rows


def test_a_download_is_streamed_and_named():
    response = exporting.csv_response("Leads of Q4", ["name"], iter([["Noor"]]))

    assert response.streaming
    assert response["Content-Disposition"].startswith('attachment; filename="leads-of-q4-')
    assert b"".join(response).decode() == "\ufeffname\r\nNoor\r\n"


def test_every_line_is_in_the_language_that_asked():
    with translation.override("nl"):
        response = exporting.csv_response("funnel", ["stage"], ([gettext("Qualified")] for _row in range(2)))

    with translation.override("en"):
        [_header, *rows] = "".join(part.decode() for part in response).split()

    assert rows == ["Gekwalificeerd", "Gekwalificeerd"]
