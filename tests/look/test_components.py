"""The components by what a person reads and a screen reader hears."""

from types import SimpleNamespace

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.loader import render_to_string

HOSTILE = "<b>x</b>\"'"


def shown(component: str, request: HttpRequest | None = None, **names: object) -> str:
    return " ".join(render_to_string(f"components/{component}.html", names, request).split())


class CallBack(forms.Form):
    name = forms.CharField(label="Name", help_text="As the person writes it.")
    phone = forms.CharField(label="Phone", required=False)
    outcome = forms.ChoiceField(
        label="Outcome", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Calling is allowed", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("The two do not go together.")


def test_a_field_joins_label_hint_and_error():
    html = str(CallBack({})["name"].as_field_group())

    assert '<label class="field__label" for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext">As the person writes it.' in html
    assert 'id="id_name_error"' in html
    assert "This field is required." in html


def test_what_may_stay_empty_says_so_and_nothing_else_is_marked():
    assert "(optional)" in str(CallBack()["phone"].as_field_group())
    assert "(optional)" not in str(CallBack()["name"].as_field_group())


def test_choices_are_a_group_with_a_name():
    html = " ".join(str(CallBack()["outcome"].as_field_group()).split())

    assert "<fieldset" in html
    assert "<legend>Outcome" in html
    assert html.count('type="radio"') == 2


def test_a_tick_stands_before_its_words():
    html = str(CallBack()["agreed"].as_field_group())

    assert html.index('type="checkbox"') < html.index("Calling is allowed")


def test_the_form_says_all_errors_at_once_and_links_to_each():
    html = " ".join(str(CallBack({"phone": "020"})).split())

    assert "3 things need attention" in html
    assert "<li>The two do not go together.</li>" in html
    assert '<a href="#id_name">Name: This field is required.</a>' in html
    assert '<a href="#id_outcome">Outcome: This field is required.</a>' in html
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert 'value="020"' in html


def test_a_target_of_an_error_link_is_there():
    html = str(CallBack({}))

    assert 'id="id_name"' in html
    assert 'id="id_outcome"' in html


def test_a_hidden_field_brings_no_label():
    assert "<label" not in str(CallBack()["secret"].as_field_group())


def test_a_running_clock_carries_what_the_browser_needs_and_its_words():
    clock = SimpleNamespace(
        state="soon", words="22 m left", due_words="11:22", label="Due in 22 minutes, at 11:22", due_at=None,
        due=1_795_429_320, now=1_795_428_000, segments="[[1,2]]", warn=1800, day=28800,
    )  # fmt: skip
    html = shown("_clock_chip", clock=clock)

    assert 'due="1795429320" now="1795428000" segments="[[1,2]]" warn="1800" day="28800"' in html
    assert 'role="timer" aria-label="Due in 22 minutes, at 11:22"' in html
    assert 'href="#state-soon"' in html
    assert "22 m left" in html
    assert "11:22</time>" in html


def test_a_clock_that_stands_still_gives_the_browser_nothing_to_count():
    html = shown(
        "_clock_chip",
        clock=SimpleNamespace(state="met", words="Met in 38 m", label="Met in 38 minutes", due=None),
    )

    assert " due=" not in html
    assert "Met in 38 m" in html


@pytest.mark.parametrize(
    ("page", "names", "words", "links"),
    [
        (
            {"has_next": True, "has_previous": True, "start_index": 51, "end_index": 100},
            {"count": 412},
            "51–100 of 412",
            2,
        ),
        (
            {"has_next": True, "start_index": 1, "end_index": 50},
            {"count": 10_000, "capped": True},
            "1–50 of more than 10,000",
            1,
        ),
        ({"has_next": True}, {"next_query": "?after=abc"}, "", 1),
        ({"has_next": False}, {"count": 14}, "14", 0),
    ],
)
def test_pages_say_where_one_is_also_when_nobody_counted(rf, page, names, words, links):
    page = SimpleNamespace(
        **{"has_previous": False, "previous_page_number": 1, "next_page_number": 3, **page}
    )
    html = shown("_pagination", page=page, request=rf.get("/?q=jan"), **names)

    assert words in html
    assert html.count("<a ") == links


def test_pages_keep_the_filters(rf):
    page = SimpleNamespace(has_previous=False, has_next=True, next_page_number=2)

    assert 'href="?q=jan&amp;page=2"' in shown("_pagination", page=page, request=rf.get("/?q=jan"))


def test_what_went_well_is_a_toast_with_undo_and_what_went_wrong_stands_in_the_page():
    said = [
        Message(messages.SUCCESS, "Accepted. Call Jane before 16:00.", "/undo/7/"),
        Message(messages.ERROR, "Not saved."),
    ]
    toasts, page = shown("_toasts", messages=said), shown("_messages", messages=said)

    assert "Accepted" in toasts
    assert 'action="/undo/7/"' in toasts
    assert "Not saved" not in toasts
    assert "Not saved" in page
    assert 'role="alert"' in page
    assert "Accepted" not in page


def test_an_address_elsewhere_is_no_undo():
    assert "<form" not in shown("_toasts", messages=[Message(messages.SUCCESS, "Done.", "safe")])


def test_a_step_says_where_one_is():
    steps = [
        {"label": "File", "url": "/1/", "state": "done"},
        {"label": "Columns", "state": "current"},
        {"label": "Check"},
    ]
    html = shown("_stepper", steps=steps, label="Import")

    assert '<a href="/1/">File</a>' in html
    assert 'aria-current="step"' in html
    assert "Step 2 of 3:" in html


def test_a_number_leads_to_what_it_counts_and_says_how():
    html = shown(
        "_stat", label="Sales-ready", value="118", url="/leads/?stage=SQL", definition="Marked in the period."
    )

    assert '<a href="/leads/?stage=SQL">118</a>' in html
    assert 'aria-label="How Sales-ready is counted"' in html
    assert "Marked in the period." in html


@pytest.mark.parametrize(
    ("side", "letter", "word"), [("MARKETING", "M", "Marketing"), ("SALES", "S", "Sales")]
)
def test_a_team_has_a_letter_and_a_word(side, letter, word):
    html = shown("_team_chip", side=side)

    assert f">{letter}</span>{word}" in html


def test_a_stage_fills_up_along_the_line():
    assert shown("_stage_badge", label="Accepted", step=4).count("is-done") == 4
    assert "svg" not in shown("_stage_badge", label="Lost", step=None)


@pytest.mark.parametrize(
    ("component", "names"),
    [
        ("_empty_state", {"title": HOSTILE, "text": HOSTILE}),
        ("_toast", {"text": HOSTILE}),
        ("_banner", {"text": HOSTILE}),
        ("_stat", {"label": HOSTILE, "value": HOSTILE, "definition": HOSTILE}),
        ("_stage_badge", {"label": HOSTILE}),
        ("_team_chip", {"side": "SALES", "words": HOSTILE}),
        ("_tabs", {"tabs": [{"label": HOSTILE, "url": "?"}], "label": HOSTILE}),
        ("_stepper", {"steps": [{"label": HOSTILE}], "label": HOSTILE}),
        ("_filter_bar", {"active": [{"words": HOSTILE, "query": "?"}], "count": 1, "what": HOSTILE}),
        (
            "_clock_chip",
            {"clock": {"words": HOSTILE, "label": HOSTILE, "state": HOSTILE, "due_words": HOSTILE}},
        ),
        ("_as_table", {"caption": HOSTILE, "head": [HOSTILE], "rows": [[HOSTILE]]}),
    ],
)
def test_a_hostile_name_stays_text(component, names):
    html = shown(component, **names)

    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;&quot;" in html


def test_the_filter_line_shows_what_is_active_and_how_many(rf):
    class Filters(forms.Form):
        q = forms.CharField(label="Name, company", required=False)
        source = forms.CharField(label="Source", required=False)
        country = forms.CharField(label="Country", required=False)

    html = shown(
        "_filter_bar",
        form=Filters({"q": "jan"}),
        facets="source",
        active=[{"words": "Due today", "query": "?q=jan"}],
        count=10_000,
        capped=True,
        what="leads",
    )

    assert 'role="search"' in html
    assert 'value="jan"' in html
    assert "more than 10,000 leads" in html
    assert 'href="?q=jan">Due today' in html
    assert html.index("Source") < html.index("More filters") < html.index("Country")
