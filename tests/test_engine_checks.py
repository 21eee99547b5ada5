"""In production nothing starts on engines that would forget."""

import pytest
from django.conf import settings as real_settings
from django.core.checks import run_checks
from django.db import connection
from redis import Redis

from smarketing.engine_checks import engines_keep_their_word, postgresql_is_durable, redis_is_durable


def ids(found) -> set[str]:
    return {each.id for each in found}


@pytest.fixture
def redis():
    """The Redis of this test run, left as it was found."""
    with Redis.from_url(real_settings.CACHES["default"]["LOCATION"], decode_responses=True) as redis:
        before = redis.config_get("appendonly"), redis.config_get("maxmemory-policy")
        yield redis
        for settings in before:
            for name, value in settings.items():
                redis.config_set(name, value)


@pytest.mark.django_db
def test_a_hurried_postgresql_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")

    (error,) = postgresql_is_durable()

    assert error.id == "smarketing.E001"
    assert "synchronous_commit is off" in error.msg
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def test_the_embedded_redis_keeps_its_data(redis):
    assert redis_is_durable() == []


def test_a_redis_without_a_file_is_refused(redis):
    redis.config_set("appendonly", "no")

    assert ids(redis_is_durable()) == {"smarketing.E004"}


def test_a_redis_that_throws_tasks_away_is_refused(redis):
    redis.config_set("maxmemory-policy", "allkeys-lru")

    assert ids(redis_is_durable()) == {"smarketing.E005"}


def test_a_redis_that_does_not_answer_is_refused(settings):
    settings.CACHES = {"default": {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert ids(redis_is_durable()) == {"smarketing.E003"}


@pytest.mark.django_db
def test_migrating_asks_in_production_and_only_there(settings):
    settings.PRODUCTION = True
    assert "smarketing.E001" in ids(run_checks(databases=["default"]))  # the tests' own engine hurries

    settings.PRODUCTION = False
    assert engines_keep_their_word(databases=["default"]) == []
