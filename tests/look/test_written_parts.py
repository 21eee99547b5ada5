"""What is written in one go looks as the component does."""

import pytest
from django.template.loader import render_to_string

from smarketing import written_parts

HOSTILE = "<b>x</b>\"'"


@pytest.mark.parametrize("words", ["3 behind pace", HOSTILE])
def test_a_chip_written_in_one_go_is_the_component(words):
    component = render_to_string("components/_chip.html", {"state": "soon", "words": words})

    assert_looks_as(written_parts.chip("soon", words), component)


@pytest.mark.parametrize("name", ["", "Leads captured", HOSTILE])
def test_a_definition_written_in_one_go_is_the_component(name):
    component = render_to_string("components/_definition.html", {"name": name, "text": HOSTILE})

    assert_looks_as(written_parts.definition(name, HOSTILE), component)


def assert_looks_as(written: str, component: str) -> None:
    """Line breaks aside: files end with one, also those of components within components."""
    assert written.replace("\n", "") == component.replace("\n", "")
