"""Fields that are written in one go say what Django's own say, and nothing that people wrote becomes a tag."""

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from leads.fields import QuickSelect, QuickText, QuickTextarea

SAID = [None, "", "Noor & Jonas", '"><script>alert(1)</script>']


@pytest.mark.parametrize("value", SAID)
@pytest.mark.parametrize(
    ("quick", "slow"), [(QuickText, forms.TextInput), (QuickTextarea, forms.Textarea)], ids=["line", "text"]
)
def test_what_is_typed(quick, slow, value):
    taste = {"dir": "auto", "maxlength": "300", "aria-invalid": "true"}
    drawn = [kind(attrs=taste).render("why", value, attrs={"id": "id_why"}) for kind in (quick, slow)]

    assertHTMLEqual(*drawn)


@pytest.mark.parametrize("value", [None, "2", "route"])
def test_a_choice_with_groups(value):
    choices = [("route", "Whoever is free"), ("A colleague", [("1", "Sam <3"), ("2", "Sonia & co")])]
    drawn = [
        kind(choices=choices).render("to", value, attrs={"id": "id_to"})
        for kind in (QuickSelect, forms.Select)
    ]

    assertHTMLEqual(*drawn)
