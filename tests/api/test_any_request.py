"""Whatever is sent, the API answers as its schema says and never with a crash.

Every operation is asked with what schemathesis derives from the schema, right and wrong, as a colleague who may do most
things. Numbers in addresses are those of real leads and hand-offs most of the time, so that the verbs behind the doors
are reached. Each request meets the same company: what it changed is rolled back.
"""

import os
from collections import Counter

import pytest
import schemathesis
import time_machine
from django.core import signals
from django.db import close_old_connections, transaction
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handoff.models import Handoff
from leads import deals
from leads.models import Lead, Stage
from sla.models import Clock
from smarketing.api.models import ApiToken
from smarketing.wsgi import application
from tests.conftest import TUESDAY_NOON
from tests.factories import BRIEF, AgreementFactory, CriteriaSetFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("SMARKETING_FUZZ_EXAMPLES", "12"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
schema.app = application
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(TUESDAY_NOON, tick=True):
        yield


@pytest.fixture
def company(max, mia, sam):
    """A lead at every stage, hand-offs in every state, an agreement, criteria."""
    AgreementFactory()
    CriteriaSetFactory()
    SourceFactory(key="website")
    now = timezone.now()
    told = {item["key"]: "A price for forty trucks" for item in BRIEF}

    def hand_over(to):
        lead = LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now)
        return Handoff.send(lead, brief=told, to=to, by=mia, at=now)

    LeadFactory.create_batch(2)
    LeadFactory(stage=Stage.SQL, sql_at=now)
    hand_over("pool")
    hand_over(sam)
    hand_over(sam).ask("Who signs?", by=sam, at=now)
    hand_over(sam).return_("OTHER", "A student", by=sam, at=now)
    hand_over(sam).accept(by=sam, at=now)
    for _ in range(2):
        hand_over(sam).log_contact("CALL", "SPOKE", occurred_at=None, note="", by=sam, at=now)
    deals.win(Lead.objects.latest("id"), amount=100, by=sam, at=now)


@pytest.fixture
def token(max):
    return {"Authorization": f"Token {ApiToken.objects.create(user=max, name='fuzz')[1]}"}


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


def known(name):
    """What really stands at this place of an address."""
    numbers = {"lead_id": Lead, "handoff_id": Handoff, "clock_id": Clock}
    if name in numbers:
        return list(numbers[name].objects.order_by("id").values_list("id", flat=True))
    return ["decider", "vehicles", "budget"]


def test_no_request_makes_it_fall(company, token, subtests):
    answered = Counter()
    for operation in OPERATIONS:
        with subtests.test(operation.label):
            ask_everything(operation, token, answered)

    assert {200, 201, 400, 404, 409, 422} <= set(answered), answered


def ask_everything(operation, token, answered):
    real = {parameter.name: known(parameter.name) for parameter in operation.path_parameters}
    requests = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests, data=st.data())
    def ask(request, data):
        for name, values in real.items():
            if data.draw(st.integers(0, 9)):
                request.path_parameters[name] = data.draw(st.sampled_from(values))
        with transaction.atomic():
            answer = request.call(headers=token)
            answered[answer.status_code] += 1
            request.validate_response(answer, checks=CHECKS)
            transaction.set_rollback(True)

    ask()
