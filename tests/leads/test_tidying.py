"""What people type becomes comparable; what cannot be understood is kept or refused, never guessed."""

import pytest

from leads import tidying


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("020-5550134 ", "+31205550134"),
        ("+31 20 555 01 34", "+31205550134"),
        ("0031 20 555 01 34", "+31205550134"),
        ("call me maybe", "call me maybe"),
        ("020 555 01 34 ext. 12", "020 555 01 34 ext. 12"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_in_one_form_when_it_is_one(typed, kept):
    assert tidying.phone(typed) == kept


def test_a_phone_number_is_dialled_from_the_country_of_the_company():
    assert tidying.phone("02 555 01 34", "BE") == "+3225550134"


@pytest.mark.parametrize(
    "typed", [" Noor@Vandersteen.Example ", "mailto:noor@vandersteen.example", "<noor@vandersteen.example>"]
)
def test_an_address_is_written_in_one_way(typed):
    assert tidying.email(typed) == "noor@vandersteen.example"


@pytest.mark.parametrize("typed", ["noor", "noor@", "@x.example", "a b@c.example", "noor@x..example"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(tidying.NotAnAddress):
        tidying.email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.Vandersteen.example/about",
        "vandersteen.example:443",
        "info@vandersteen.example",
        "VANDERSTEEN.example.",
    ],
)
def test_a_domain_is_bare(typed):
    assert tidying.domain(typed) == "vandersteen.example"


def test_a_free_mail_box_says_nothing_about_the_employer():
    assert tidying.work_domain("noor@gmail.com") == ""
    assert tidying.work_domain("noor@vandersteen.example") == "vandersteen.example"


def test_a_name_loses_control_characters_and_keeps_the_rest():
    assert tidying.line("  <b>x</b>\"'\x00  Zoë\ud800 \u202eשלום 🙂\n") == "<b>x</b>\"' Zoë \u202eשלום 🙂"


def test_prose_keeps_its_lines():
    assert tidying.prose("one\r\ntwo\x00\rthree") == "one\ntwo\nthree"


def test_a_value_can_be_kept_as_json():
    assert tidying.value({"a\x00": ["\ud800x", float("nan"), 1, None]}) == {"a": ["x", None, 1, None]}
