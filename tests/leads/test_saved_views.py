"""Views of a list that people keep. The address is the view."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from leads import saved_views
from leads.models import SavedView
from tests.conftest import TUESDAY_NOON

LEADS = "/leads/"


@pytest.fixture
def keep(sam):
    """`keep("Webinar", "source=webinar")` is a view of the lead list that sam (or `by`) saved."""

    def save(name, query, *, team=None, by=sam, page="LEADS"):
        return saved_views.save_as(page, name, query, team=team, by=by, at=TUESDAY_NOON)

    return save


def page(response) -> str:
    return response.content.decode()


pairs = st.lists(st.tuples(st.sampled_from(["stage", "source", "q", "page", "person"]), st.text(max_size=5)))


@given(pairs, st.randoms())
def test_the_same_view_is_always_the_same_text(values, chance):
    def address(of) -> QueryDict:
        query = QueryDict(mutable=True)
        for name, value in of:
            query.appendlist(name, value)
        return query

    shuffled = list(values)
    chance.shuffle(shuffled)

    text = saved_views.normal(address(values))

    assert text == saved_views.normal(address(shuffled))
    assert saved_views.normal(QueryDict(text)) == text
    assert not {"q", "page", "person"} & set(QueryDict(text))


def test_a_changed_list_offers_to_be_saved_and_an_unchanged_one_does_not(signed_in, sam):
    rep = signed_in(sam)

    assert "Save as…" not in page(rep.get(LEADS))
    assert "Save as…" not in page(rep.get(LEADS, {"state": "open"})), "that is a view of the page itself"
    assert "Save as…" not in page(rep.get(LEADS, {"q": "noor"})), "words that were searched for are not kept"
    assert "Save as…" in page(rep.get(LEADS, {"country": "NL"}))


def test_saving_a_view_makes_a_tab_that_opens_it(signed_in, sam):
    rep = signed_in(sam)

    saved = rep.post("/views/new/?of=LEADS&query=country%3DNL%26q%3DNoor", {"name": "Dutch"}, follow=True)

    view = SavedView.objects.get()
    assert (view.name, view.query, view.owner, view.team) == ("Dutch", "country=NL", sam, None)
    assert saved.redirect_chain[-1][0] == f"/leads/?country=NL&saved={view.pk}"
    assert "View saved." in page(saved)
    assert f'href="/leads/?country=NL&amp;saved={view.pk}" aria-current="page"' in page(saved)


def test_a_view_that_was_changed_can_be_saved_over(signed_in, sam, keep):
    view, rep = keep("Dutch", "country=NL"), signed_in(sam)
    clean, changed = (
        page(rep.get(LEADS, {"country": country, "saved": view.pk})) for country in ("NL", "BE")
    )
    assert f"/views/{view.pk}/save/" not in clean
    assert f"/views/{view.pk}/save/" in changed

    rep.post(f"/views/{view.pk}/save/", {"query": "country=BE&page=3"})

    view.refresh_from_db()
    assert view.query == "country=BE"


def test_two_views_of_one_person_have_two_names(signed_in, sam, sonia, keep):
    keep("Dutch", "country=NL")
    keep("Dutch", "country=NL", by=sonia)

    again = signed_in(sam).post("/views/new/?of=LEADS&query=country%3DBE", {"name": "Dutch"})

    assert again.status_code == 422
    assert "You have a view with this name already." in page(again)


def test_a_view_is_private_until_it_is_shared_with_the_team(signed_in, sam, sonia, mia, max, keep):
    private = keep("Mine", "hot=yes")
    shared = keep("Ours", "country=NL", team=sam.team)

    def seen_by(person) -> set[str]:
        return {view.name for view in SavedView.objects.seen_by(person)}

    assert seen_by(sam) == {"Mine", "Ours"}
    assert seen_by(sonia) == seen_by(max) == {"Ours"}
    assert seen_by(mia) == set()
    assert signed_in(sonia).get(f"/views/{private.pk}/").status_code == 404
    assert signed_in(sonia).get(f"/views/{shared.pk}/").status_code == 403


@pytest.mark.parametrize(("name", "may"), [("sam", True), ("sven", True), ("max", True), ("sonia", False)])
def test_a_shared_view_is_changed_by_its_owner_and_by_who_leads(request, signed_in, sam, keep, name, may):
    view, person = keep("Ours", "country=NL", team=sam.team), request.getfixturevalue(name)

    answer = signed_in(person).post(f"/views/{view.pk}/", {"name": "Dutch", "is_shared": "on"})

    view.refresh_from_db()
    assert (answer.status_code, view.name) == ((302, "Dutch") if may else (403, "Ours"))
    assert view.team == sam.team


def test_a_view_that_is_no_longer_shared_is_the_owners_alone(signed_in, sam, sonia, keep):
    view = keep("Ours", "country=NL", team=sam.team)

    signed_in(sam).post(f"/views/{view.pk}/", {"name": "Ours"})

    assert not SavedView.objects.seen_by(sonia).exists()


def test_removing_a_view_leaves_the_list(signed_in, sam, keep):
    view = keep("Dutch", "country=NL")

    answer = signed_in(sam).post(f"/views/{view.pk}/delete/", follow=True)

    assert answer.redirect_chain[-1][0] == LEADS
    assert not SavedView.objects.exists()


def test_the_buttons_follow_a_list_that_htmx_narrowed(signed_in, sam):
    part = page(signed_in(sam).get(LEADS, {"country": "NL"}, headers={"HX-Request": "true"}))

    assert 'id="view-tabs"' in part
    assert "Save as…" in part


@pytest.mark.parametrize("saved", ["999", "x", "9" * 40, "-1"])
def test_a_view_that_is_gone_leaves_the_list_as_the_address_says(signed_in, sam, saved):
    assert signed_in(sam).get(LEADS, {"country": "NL", "saved": saved}).status_code == 200
