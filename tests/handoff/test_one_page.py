"""What of a call sheet is printed: all that fits on one A4, and in which order the rest is left out."""

from hypothesis import given
from hypothesis import strategies as st

from handoff.one_page import FEWEST, PAGE, Page, Points, Text, fitted

SENTENCE = "Wants to lower the fuel cost of forty trucks before the second quarter. "


def item(label="Why now", *, times=1) -> Text:
    return Text(label, SENTENCE * times)


def contacts(number=5) -> Points:
    return Points([f"Form {n}" for n in range(number)], least=1)


def test_a_usual_sheet_is_printed_as_it_is():
    page = Page(first=[item(), item("What they want")], right=[item("Who decides")], contacts=contacts())

    assert fitted(page) == page


def test_the_last_contacts_go_first():
    page = fitted(
        Page(
            first=[item(times=2)],
            right=[item(times=2), item(times=2), item(times=2), item()],
            contacts=contacts(),
        )
    )

    assert 0 < page.contacts.cut < 5
    assert page.cut_labels == []


def test_then_why_now_and_what_they_want():
    page = fitted(
        Page(
            first=[item(times=12), item("What they want", times=12)],
            right=[item("Who decides")],
            contacts=contacts(),
        )
    )

    assert page.contacts.cut == 4, "the latest contact stays"
    assert page.cut_labels == ["Why now", "What they want"]
    assert page.first[0].cut.replace("\n", " ") in SENTENCE * 12


def test_a_text_is_cut_between_words():
    cut = Text("Why now", "Zorgvuldigheidsbepalingen " * 9, lines=3)

    assert cut.cut.split("\n") == ["Zorgvuldigheidsbepalingen"] * 3


def test_what_is_open_stays_longest():
    met, unknown = Points(["Fleet of 50 or more"] * 20, least=0), Points(["Who signs"] * 6)
    page = fitted(Page(first=[item()], met=met, open=unknown, questions=Points(["Who signs?"] * 6)))

    assert page.met.cut > 0
    assert (page.open.cut, page.questions.cut) == (0, 0)


texts = st.builds(Text, st.just("x"), st.text(alphabet="ab \n", max_size=600))
points = st.builds(Points, st.lists(st.text(alphabet="ab ", max_size=80), max_size=25))


@given(
    st.builds(
        Page,
        first=st.lists(texts, max_size=2),
        right=st.lists(texts, max_size=5),
        met=st.builds(Points, st.lists(st.text(alphabet="ab ", max_size=80), max_size=25), least=st.just(0)),
        questions=points,
        open=points,
        asked=st.none() | texts,
        contacts=st.builds(contacts, st.integers(0, 5)),
    )
)
def test_whatever_marketing_wrote_it_is_one_page(page):
    fits = fitted(page)

    assert fits.height <= PAGE
    assert len(fits.open.labels) - fits.open.cut >= min(FEWEST, len(page.open.labels))
