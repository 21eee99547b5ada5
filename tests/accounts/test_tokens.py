"""Other software acts in somebody's name with a token that is shown once."""

import pytest
from django.core.management import CommandError, call_command

from smarketing.api.models import ApiToken

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_kept_as_a_hash(signed_in, sam):
    made = signed_in(sam).post("/settings/tokens/", {"name": "Website"}).context["made"]

    assert made not in signed_in(sam).get("/settings/tokens/").content.decode()
    assert made not in str(ApiToken.objects.values_list("digest", "token_key"))


def test_a_token_of_somebody_else_cannot_be_ended(signed_in, sam, sonia):
    token, _ = ApiToken.objects.create(user=sonia, name="Hers")

    assert signed_in(sam).post(f"/settings/tokens/{token.token_key}/revoke/").status_code == 404
    assert ApiToken.objects.exists()


def test_the_command_prints_the_token_and_nothing_else(sam, capsys):
    call_command("api_token", "SAM@example.com", "--name", "Website")

    assert len(capsys.readouterr().out.split()) == 1


def test_the_command_names_an_unknown_address(db):
    with pytest.raises(CommandError, match="nobody@example.com"):
        call_command("api_token", "nobody@example.com", "--name", "x")
