"""Software that acts in a colleague's name."""

import pytest
from rest_framework.test import APIClient

from smarketing.api.models import ApiToken


@pytest.fixture
def software_of():
    """`software_of(mia)` asks the API with a token of mia's."""

    def with_token(person) -> APIClient:
        client = APIClient(raise_request_exception=True)
        client.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.objects.create(user=person, name='test')[1]}")
        return client

    return with_token
