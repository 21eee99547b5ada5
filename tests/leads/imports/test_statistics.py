"""After a large file the tables are looked at anew, where it changed them much: a search without statistics is slow.

So are the tables of what was read, before it is compared with what is there: 20,000 known companies took a minute and a half.
"""

import pytest
from django.db import connection

from leads.imports.loading import outgrown
from tests.factories import CompanyFactory, LeadFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_table_that_was_never_looked_at_or_grew_by_a_fifth_is():
    LeadFactory.create_batch(10)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead")
        cursor.execute("TRUNCATE leads_leadfact")  # as if new, whatever other tests did

        assert "leads_lead" in outgrown(cursor, 3, companies=1)
        assert "leads_lead" not in outgrown(cursor, 1, companies=3)
        assert "leads_leadfact" in outgrown(cursor, 1, companies=1)


def test_companies_are_looked_at_anew_when_the_file_named_many():
    CompanyFactory.create_batch(10)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_company")

        assert "leads_company" in outgrown(cursor, 1, companies=3)
        assert "leads_company" not in outgrown(cursor, 100, companies=1)


def test_what_was_read_is_looked_at_before_it_is_compared(staged):
    staged("email,company\n" + "".join(f"n{n}@x.nl,Company {n}\n" for n in range(300)))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE relname IN ('leads_stagedrow', 'leads_stagedcompany')"
        )
        assert cursor.fetchall() == [(300,), (300,)]
