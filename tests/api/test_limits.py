"""A runaway loop is slowed down; a Redis that does not answer stops nobody."""

import pytest
from django.core.cache import cache
from django.test import override_settings

from smarketing import remembering
from smarketing.api.throttling import PerMinute
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
NO_REDIS = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "unix:///nowhere/redis.sock",
    }
}


@pytest.fixture
def three_a_minute(monkeypatch):
    monkeypatch.setattr(PerMinute, "rate", "3/min", raising=False)


def test_who_asks_too_often_is_told_how_long_to_wait(three_a_minute, software_of, mia):
    software = software_of(mia)

    *enough, too_many = [software.get("/api/v1/leads/") for _ in range(4)]

    assert {answer.status_code for answer in enough} == {200}
    assert too_many.status_code == too_many.json()["status"] == 429
    assert 1 <= int(too_many["Retry-After"]) <= 60
    assert too_many["Content-Type"] == "application/problem+json"


def test_one_person_does_not_use_up_another_ones_share(three_a_minute, software_of, mia, sam):
    for _ in range(4):
        software_of(mia).get("/api/v1/leads/")

    assert software_of(sam).get("/api/v1/leads/").status_code == 200


def test_without_redis_everybody_goes_on(software_of, mia, monkeypatch):
    monkeypatch.setattr(remembering, "_resting_until", 0.0)  # afterwards Redis is asked again at once
    lead = LeadFactory()

    with override_settings(CACHES=NO_REDIS):
        with pytest.raises(Exception, match="nowhere"):
            cache.get("it really does not answer")
        read = software_of(mia).get("/api/v1/leads/")
        written = software_of(mia).post(
            f"/api/v1/leads/{lead.pk}/activities/", {"kind": "note", "title": "x"}
        )

    assert (read.status_code, written.status_code) == (200, 201)
