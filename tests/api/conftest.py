"""Software that acts in a colleague's name, and a company that it meets."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from handoff.models import Handoff
from leads.models import Stage
from smarketing.api.models import ApiToken
from tests.browser import browser_page, open_window
from tests.factories import BRIEF, AgreementFactory, LeadFactory

__all__ = ["browser_page", "open_window"]

TOLD = {item["key"]: "A price for forty trucks" for item in BRIEF}


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    """Requests are counted per person in Redis; numbers of persons start again in each test."""
    cache.clear()


@pytest.fixture
def software_of():
    """`software_of(mia)` asks the API with a token of mia's."""

    def with_token(person) -> APIClient:
        client = APIClient(raise_request_exception=True)
        client.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.objects.create(user=person, name='test')[1]}")
        return client

    return with_token


@pytest.fixture
def hand_over(db, mia):
    """`hand_over(sam)`: a fresh lead, delivered to him by mia; `hand_over("pool")` to nobody in particular."""
    AgreementFactory()

    def send(to) -> Handoff:
        now = timezone.now()
        lead = LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now)
        return Handoff.send(lead, brief=TOLD, to=to, by=mia, at=now)

    return send
