"""After a large file the tables are looked at anew, where it changed them much: a search without statistics is slow."""

import pytest
from django.db import connection

from leads.imports.loading import outgrown
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_table_that_was_never_looked_at_or_grew_by_a_fifth_is():
    LeadFactory.create_batch(10)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead")

        assert "leads_lead" in outgrown(cursor, 3)
        assert "leads_lead" not in outgrown(cursor, 1)
        assert "leads_leadfact" in outgrown(cursor, 1)
