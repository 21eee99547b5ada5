"""Whatever is sent, the API answers as its schema says and never with a crash."""

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from smarketing.api.models import ApiToken
from smarketing.wsgi import application
from tests.factories import AgreementFactory, LeadFactory

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def described(mara):
    """The schema, with a company behind it: an agreement, a few leads, and software that acts for who leads marketing."""
    AgreementFactory()
    LeadFactory.create_batch(3)
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture
def token(mara):
    return {"Authorization": f"Token {ApiToken.objects.create(user=mara, name='fuzz')[1]}"}


@pytest.fixture(autouse=True)
def _one_connection():
    """As Django's own test client does: the requests share the connection and the transaction of the test."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch):
    monkeypatch.setattr("smarketing.api.throttling.PerMinute.allow_request", lambda *_: True)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
def test_no_request_makes_it_fall(case, token):
    case.call_and_validate(headers=token, checks=CHECKS)
