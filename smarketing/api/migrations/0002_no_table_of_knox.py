from django.db import migrations


class Migration(migrations.Migration):
    """knox makes its own table although ours takes its place. Nothing may point at a colleague that Django does not know of."""

    dependencies = [("api", "0001_initial"), ("knox", "0009_extend_authtoken_field")]
    operations = [migrations.RunSQL("DROP TABLE IF EXISTS knox_authtoken", migrations.RunSQL.noop)]
