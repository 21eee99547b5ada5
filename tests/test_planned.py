"""A statement that is planned once on a connection answers like any other, whatever is given and whatever became of the transaction."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from leads.models import Lead
from smarketing import planned
from smarketing.planned import Given
from smarketing.prepared import Prepared
from tests.factories import LeadFactory
from tests.handoff.moments import TUESDAY_NOON

pytestmark = pytest.mark.django_db


def answer(sql, values):
    with connection.cursor() as cursor:
        planned.execute(cursor, sql, values)
        return cursor.fetchall()


def plans_of(words):
    """For each statement of this connection that has these words: how often it ran on one plan for all values, and on plans of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE strpos(statement, %s) > 0",
            [words],
        )
        return cursor.fetchall()


def test_it_is_planned_once_for_all_values():
    for number in (1, 2, 3):
        assert answer("SELECT %s + 40 /* planned once */", [Given(number, int)]) == [(number + 40,)]

    assert plans_of("planned once") == [(3, 0)]


def test_what_is_not_given_belongs_to_the_statement():
    for stage in ("NEW", "MQL", "NEW"):
        answer("SELECT id FROM leads_lead WHERE stage = %s AND id > %s", [stage, Given(7, int)])

    assert len(plans_of("stage = 'NEW' AND id > $1")) == len(plans_of("stage = 'MQL' AND id > $1")) == 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [(int, 2**40), (int, None), (str, "it's 100 %"), (datetime, TUESDAY_NOON), (datetime, None)],
)
def test_what_is_given_arrives_as_it_was(kind, value):
    assert answer("SELECT %s, 'a %% sign'", [Given(value, kind)]) == [(value, "a % sign")]


def test_lists_are_compared_with_numbers_and_with_words():
    lead = LeadFactory(stage="NEW")

    for ids, stages, found in (
        ([lead.pk], ["NEW", "MQL"], [(lead.pk,)]),
        ([], ["NEW"], []),
        ([lead.pk], [], []),
    ):
        sql = "SELECT id FROM leads_lead WHERE id = ANY(%s) AND stage = ANY(%s)"
        assert answer(sql, [Given(ids, list), Given(stages, list)]) == found


def test_values_may_have_names():
    sql = "SELECT %(many)s * %(much)s - %(many)s"

    assert answer(sql, {"many": Given(6, int), "much": 7}) == [(36,)]
    assert answer(sql, {"many": Given(2, int), "much": 7}) == [(12,)]


def test_it_outlives_a_transaction_that_came_to_nothing():
    sql = "SELECT %s + 1 /* rolled back */"
    with transaction.atomic():
        answer(sql, [Given(1, int)])
        transaction.set_rollback(True)

    assert answer(sql, [Given(2, int)]) == [(3,)]
    assert plans_of("rolled back") == [(2, 0)]


def test_a_statement_that_cannot_be_planned_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(DatabaseError, match="no_such_table"), transaction.atomic():
            answer("SELECT %s FROM no_such_table", [Given(1, int)])


def test_a_query_put_into_sql_once_is_planned_once():
    mine = Prepared(
        lambda person, at: Lead.objects.filter(owner=person, hot_at__lt=at, reason="planned twice?").values(
            "pk"
        ),
        person=int,
        at=datetime,
    )
    for hours in (1, 2):
        mine.rows(person=1, at=TUESDAY_NOON + timedelta(hours=hours))

    assert plans_of("planned twice?") == [(2, 0)]


def test_behind_a_pool_of_connections_nothing_is_planned_ahead(settings):
    settings.PLAN_ONCE = False

    assert answer("SELECT %s + 1 /* in a pool */", [Given(1, int)]) == [(2,)]
    assert answer("SELECT %(n)s + 1 /* in a pool */", {"n": Given(1, int)}) == [(2,)]
    assert plans_of("in a pool") == []
