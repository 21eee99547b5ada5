"""Whatever a file holds: every row has one outcome, the forecast was right, the facts agree, and a second time nothing changes."""

import csv
import io
import tempfile
from collections import Counter

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leads.imports import columns, loading, running, staging
from leads.models import ImportBatch, ImportRow, Lead
from tests.leads.imports.conftest import quiet

pytestmark = pytest.mark.django_db

FEW = {
    "external_id": ["", "", "A", "B", "C"],
    "email": ["", "", "a@x.nl", "b@x.nl", "c@x.nl", "wrong"],
    "phone": ["", "", "020 5550134", "020 5550135"],
    "first_name": ["", "Noor", "Jan"],
    "company": ["", "Acme", "Bolt"],
    "company_domain": ["", "", "acme.nl", "bolt.nl"],
    "company_size": ["", "10", "20", "many"],
    "source": ["", "Fair", "Webinar"],
    "captured_at": ["", "", "2026-01-01", "2026-03-01", "never"],
    "stage": ["", "", "New", "MQL", "Customer", "Lost", "Recycled"],
    "sql_at": ["", "", "2026-02-01"],
    "opportunity_at": ["", "", "", "2026-02-15"],
    "customer_at": ["", "", "", "2026-02-20", "2026-04-01"],
    "lost_at": ["", "", "", "2026-02-25"],
    "reason": ["", "Price"],
    "amount": ["", "", "100", "200", "-1"],
    "note": ["", "hello", "bye"],
    "fact:x": ["", "1", "2"],
}
A_ROW = st.tuples(*(st.sampled_from(choices) for choices in FEW.values()))
A_FILE = st.lists(A_ROW, min_size=1, max_size=12)

COUNTS = ("created", "updated", "unchanged", "rejected")
LIMITS = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # each example is several imports: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def staged(rows) -> tuple[ImportBatch | None, dict]:
    rows = [row for row in rows if any(row)]
    if not rows:
        return None, {}
    out = io.StringIO()
    csv.writer(out).writerows([list(FEW), *rows])
    batch = running.receive([out.getvalue().encode()], "any.csv", by=None, at=timezone.now())
    chosen = columns.check({name: name for name in FEW}, batch.layout["headers"])
    running.choose_columns(batch, chosen, at=timezone.now(), ring=False)
    staging.stage(batch, at=timezone.now(), progress=quiet)
    forecast = loading.forecast(batch, at=timezone.now())
    running.start_now(batch, at=timezone.now())
    return batch, forecast


def import_rows(rows) -> dict[str, int] | None:
    """The counts; beside them the forecast and the rows are checked to say the same."""
    batch, forecast = staged(rows)
    if batch is None:
        return None
    loading.load(batch, at=timezone.now(), progress=quiet)
    counts = {name: getattr(batch, name) for name in COUNTS}
    assert counts == {name: forecast[name] for name in COUNTS}
    assert batch.warnings == forecast["warnings"]
    outcomes = Counter(ImportRow.objects.filter(batch=batch).values_list("outcome", flat=True))
    assert {name: outcomes[name.upper()] for name in COUNTS} == counts
    assert sum(counts.values()) == batch.rows
    return counts


def found(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def assert_facts_agree():
    moments = [
        "captured_at",
        "mql_at",
        "sql_at",
        "accepted_at",
        "contacted_at",
        "opportunity_at",
        "customer_at",
    ]
    for stage, moment in zip(
        ["NEW", "MQL", "SQL", "ACCEPTED", "CONTACTED", "OPPORTUNITY", "CUSTOMER"], moments, strict=True
    ):
        assert not found(
            f"""SELECT l.id FROM leads_lead l LEFT JOIN (SELECT lead_id, min(changed_at) at FROM leads_stagechange
                WHERE to_stage = '{stage}' GROUP BY 1) c ON c.lead_id = l.id WHERE l.{moment} IS DISTINCT FROM c.at"""
        )
    assert not found(
        """SELECT l.id FROM leads_lead l JOIN LATERAL (SELECT to_stage FROM leads_stagechange c WHERE c.lead_id = l.id
           ORDER BY (to_stage IN ('LOST', 'DISQUALIFIED')) DESC, id DESC LIMIT 1) c ON true
           WHERE l.stage IN ('LOST', 'DISQUALIFIED') AND c.to_stage <> l.stage"""
    )
    assert not found(
        "SELECT 1 FROM leads_stagechange GROUP BY lead_id HAVING count(*) FILTER (WHERE from_stage = '') <> 1"
    )
    assert not found(
        """SELECT l.id FROM leads_lead l, jsonb_each(l.facts) f WHERE f.value IS DISTINCT FROM
           (SELECT value FROM leads_leadfact h WHERE h.lead_id = l.id AND h.key = f.key ORDER BY id DESC LIMIT 1)"""
    )
    assert not found(
        """SELECT l.id FROM leads_lead l LEFT JOIN leads_opportunity o ON o.lead_id = l.id
           WHERE l.customer_at IS DISTINCT FROM o.won_at"""
    )


def everything():
    tables = ["lead", "contact", "company", "source", "stagechange", "leadfact", "opportunity", "activity"]
    return [found(f"SELECT t::text FROM leads_{table} t ORDER BY id") for table in tables]


@LIMITS
@given(first=A_FILE, second=A_FILE)
def test_any_two_files(first, second):
    with transaction.atomic():
        for rows in (first, second):
            import_rows(rows)
            assert_facts_agree()
        transaction.set_rollback(True)


@LIMITS
@given(first=A_FILE, second=A_FILE)
def test_the_same_file_a_second_time_changes_nothing(first, second):
    with transaction.atomic():
        for rows in (first, second):
            import_rows(rows)
            before = everything()
            again = import_rows(rows)
            assert again is None or (again["created"], again["updated"]) == (0, 0)
            assert everything() == before
        transaction.set_rollback(True)


@LIMITS
@given(rows=A_FILE)
def test_sets_of_any_size_give_the_same(rows):
    def outcome_in_sets_of(size):
        with transaction.atomic():
            before, loading.ROWS_PER_SET = loading.ROWS_PER_SET, size
            try:
                counts = import_rows(rows)
            finally:
                loading.ROWS_PER_SET = before
            leads = sorted(
                Lead.objects.values_list(
                    "contact__email", "external_id", "stage", "facts__x", "company__name"
                ),
                key=str,
            )
            transaction.set_rollback(True)
        return counts, leads

    assert outcome_in_sets_of(1) == outcome_in_sets_of(10_000)


@pytest.fixture(autouse=True)
def files_in_memory(settings):
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        yield
