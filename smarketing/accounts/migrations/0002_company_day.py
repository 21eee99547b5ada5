from django.db import migrations

COMPANY_DAY = """
CREATE FUNCTION company_day(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (moment AT TIME ZONE COALESCE((SELECT time_zone FROM accounts_organisation WHERE id = 1), 'UTC'))::date
$$;
"""


class Migration(migrations.Migration):
    """Days and months are those of the company's zone, in SQL as in Python."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(COMPANY_DAY, "DROP FUNCTION company_day(timestamptz)")]
