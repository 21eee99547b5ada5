"""What the models promise stands in the database: a migration may drop more than it says."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

OURS = ["accounts", "leads", "handoff", "sla", "dashboard", "api"]


def promised():
    for model in apps.get_models():
        if model._meta.app_label in OURS and model._meta.managed:
            for promise in (*model._meta.constraints, *model._meta.indexes):
                yield model._meta.db_table, promise.name


def test_every_constraint_and_index_is_there():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes UNION SELECT conname FROM pg_constraint")
        there = {name for (name,) in cursor.fetchall()}

    assert [promise for promise in promised() if promise[1] not in there] == []
