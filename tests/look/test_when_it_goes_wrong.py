"""Pages for trouble: what happened, whether something was changed, what to do."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from smarketing import errors

pytestmark = pytest.mark.django_db


def test_a_lost_visitor_gets_a_way_back(client):
    answer = client.get("/nothing-here/")

    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_a_lost_colleague_is_offered_a_search(sam, signed_in, settings):
    settings.ROOT_URLCONF = "tests.look.gallery_urls"

    html = signed_in(sam).get("/nothing-here/").content.decode()

    assert '<input type="search" id="lost-q" name="q"' in html


def test_a_refusal_gives_its_reason_and_names_who_can_help(sam):
    request = RequestFactory().get("/")
    request.user = sam
    answer = errors.no_permission(request, PermissionDenied("Only a team lead reassigns.", "Sven", "Max"))

    assert answer.status_code == 403
    assert "Only a team lead reassigns." in answer.content.decode()
    assert "These colleagues can help: Sven, Max." in answer.content.decode()


def test_a_refusal_without_words_still_says_what_to_do(sam):
    request = RequestFactory().get("/")
    request.user = sam

    assert "Nothing was changed." in errors.no_permission(request, PermissionDenied()).content.decode()


def test_a_refusal_does_not_show_markup_of_others(sam):
    request = RequestFactory().get("/")
    request.user = sam

    assert "<b>" not in errors.no_permission(request, PermissionDenied("<b>x</b>")).content.decode()


def test_a_broken_page_shows_a_code_that_stands_in_the_log(caplog):
    answer = errors.server_error(RequestFactory().get("/"))
    incident = answer.content.decode().split("<code>")[1].split("</code>")[0]

    assert answer.status_code == 500
    assert len(incident) == 8
    assert f"incident {incident}" in caplog.text


def test_a_broken_page_is_shown_even_when_its_style_is_missing(monkeypatch):
    monkeypatch.setattr("smarketing.assets.url", lambda name: 1 / 0)

    answer = errors.server_error(RequestFactory().get("/"))

    assert "Something broke on our side" in answer.content.decode()
    assert "stylesheet" not in answer.content.decode()


def test_an_old_form_is_told_so(sam):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/accounts/login/", {"login": "x"})

    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()
