from importlib import import_module

from django.db import migrations

before = import_module("dashboard.migrations.0002_counts_follow_the_facts")

_start = before.LEAD_TRIGGERS.index("CREATE FUNCTION dashboard_count_changed_leads")
_end = before.LEAD_TRIGGERS.index("CREATE TRIGGER dashboard_counts_insert")
FUNCTION = before.LEAD_TRIGGERS[_start:_end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

_columns = ", ".join(before._compared)
_joined = f"FROM old_rows o JOIN new_rows n USING (id) WHERE {before._changed}"
_were = f"SELECT id, {_columns} FROM old_rows EXCEPT SELECT id, {_columns} FROM new_rows"
_are = f"SELECT id, {_columns} FROM new_rows EXCEPT SELECT id, {_columns} FROM old_rows"


def without_a_join(function: str) -> str:
    """The same rows: those that only one of both sides has."""
    for row, joined, rows in (
        ("", f"SELECT {_joined}", _are),
        ("o", f"SELECT -1 AS sign, {{}} {_joined}", f"SELECT -1 AS sign, {_columns} FROM ({_were}) o"),
        ("n", f"SELECT 1, {{}} {_joined}", f"SELECT 1, {_columns} FROM ({_are}) n"),
    ):
        sought = joined.format(", ".join(f"{row}.{name}" for name in before._compared))
        if sought not in function:
            raise AssertionError(sought)
        function = function.replace(sought, rows)
    return function


class Migration(migrations.Migration):
    """The trigger joined old and new rows, which have no statistics and no index: PostgreSQL compared each with each.

    Ten thousand leads that learned a fact took ten seconds to find that no count changes. EXCEPT sorts or hashes, always.
    """

    dependencies = [("dashboard", "0002_counts_follow_the_facts")]
    operations = [migrations.RunSQL(without_a_join(FUNCTION), FUNCTION)]
