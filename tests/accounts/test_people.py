"""An administrator invites, changes and stops colleagues; everybody sees who works here."""

from random import randrange

import pytest
from django.core import mail

from smarketing.accounts.models import Role, User

pytestmark = pytest.mark.django_db


def new_colleague(team, **changes):
    return {
        "email": "Nina@Example.com",
        "first_name": "Nina",
        "last_name": "Vos",
        "role": Role.MEMBER,
        "team": team.pk,
        "language": "nl",
    } | changes


def test_a_new_colleague_gets_a_link_to_choose_a_password(signed_in, ada, sales):
    signed_in(ada).post("/settings/people/invite/", new_colleague(sales))

    nina = User.objects.get(email="nina@example.com")
    assert not nina.has_usable_password()
    assert mail.outbox[0].to == ["nina@example.com"]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_the_same_address_in_capitals_is_the_same_colleague(signed_in, ada, sam, sales):
    answer = signed_in(ada).post("/settings/people/invite/", new_colleague(sales, email="SAM@example.com"))

    assert answer.status_code == 422
    assert User.objects.filter(email__iexact="sam@example.com").count() == 1


def test_a_member_without_a_team_is_refused_in_words(signed_in, ada, sales):
    answer = signed_in(ada).post("/settings/people/invite/", new_colleague(sales) | {"team": ""})

    assert "works in a team" in answer.content.decode()


def test_who_lost_access_cannot_sign_in(signed_in, client, ada, sam):
    signed_in(ada).post(f"/settings/people/{sam.pk}/deactivate/")

    client.logout()
    client.post("/accounts/login/", {"login": sam.email, "password": "correct horse battery"})
    assert "_auth_user_id" not in client.session


def test_nobody_takes_away_his_own_access(signed_in, ada):
    signed_in(ada).post(f"/settings/people/{ada.pk}/deactivate/")

    ada.refresh_from_db()
    assert ada.is_active


@pytest.mark.parametrize(
    "address", ["/settings/people/invite/", "/settings/company/", "/settings/teams/new/"]
)
def test_only_an_administrator_changes_the_company(signed_in, max, address):
    assert signed_in(max).get(address).status_code == 403


def test_everybody_sees_who_works_here(signed_in, sam, mia):
    assert "Mia Smit" in signed_in(sam).get("/settings/people/").content.decode()


def test_the_language_of_a_person_shows_on_his_pages(signed_in, sam):
    signed_in(sam).post(
        "/settings/me/",
        {
            "first_name": "Sam",
            "last_name": "Smit",
            "language": "nl",
            "theme": "dark",
            "density": "compact",
            "single_keys": "on",
        },
    )

    assert 'lang="nl"' in signed_in(sam).get("/settings/").content.decode()


def test_signing_in_by_mail_address(client, sam):
    client.post("/accounts/login/", {"login": "SAM@example.com", "password": "correct horse battery"})

    assert client.session["_auth_user_id"] == str(sam.pk)


@pytest.fixture
def office(client):
    """The browsers of one office, which all have its address."""
    address = f"10.1.{randrange(256)}.{randrange(256)}"  # of this test alone: an address may try thirty times a minute

    def try_to_sign_in(name, password="wrong"):
        return client.post("/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address)

    return try_to_sign_in


def test_ten_wrong_passwords_lock_the_door(client, office, sam):
    for number in range(10):
        answer = office(sam.email.upper() if number % 2 else f" {sam.email}")

    assert answer.status_code == 429
    assert office(sam.email, "correct horse battery").status_code == 429
    assert "_auth_user_id" not in client.session


def test_his_colleagues_in_the_same_office_sign_in_all_the_same(client, office, sam, mia):
    for _ in range(12):
        office(sam.email)

    office(mia.email, "correct horse battery")

    assert client.session["_auth_user_id"] == str(mia.pk)


def test_nine_wrong_passwords_are_forgotten_when_the_tenth_is_right(client, office, sam):
    for password in (["wrong"] * 8 + ["correct horse battery"]) * 2:
        client.logout()
        office(sam.email, password)

    assert client.session["_auth_user_id"] == str(sam.pk)


def test_nobody_signs_up_by_himself(client, db):
    client.post("/accounts/signup/", {"email": "eve@example.com", "password1": "correct horse battery"})

    assert not User.objects.filter(email="eve@example.com").exists()
