"""Three addresses for machines."""

import pytest

from smarketing import health

pytestmark = pytest.mark.django_db


def test_the_process_answers(client):
    assert client.get("/healthz").json() == {"alive": True}


def test_ready_names_each_part_with_a_sentence(client):
    checks = client.get("/readyz").json()["checks"]

    assert checks["database"]["fine"]
    assert checks["redis"]["fine"]
    assert checks["migrations"]["says"] == "The tables are up to date."


def test_one_part_that_does_not_answer_makes_it_not_ready(client, monkeypatch):
    def broken() -> health.Finding:
        raise ConnectionError

    monkeypatch.setitem(health.checks, "broken", broken)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["broken"] == {"fine": False, "says": "Does not answer: ConnectionError."}


def test_metrics_are_for_this_machine(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404


def test_metrics_open_elsewhere_with_the_token(client, settings):
    settings.METRICS_TOKEN = "s3cret"

    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200
    assert client.get("/metrics").status_code == 404
