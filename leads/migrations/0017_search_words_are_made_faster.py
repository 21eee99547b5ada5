import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import leads.searching


class Migration(migrations.Migration):
    """The same words, by an expression that takes a fifth of the time; a stored column cannot change its expression, so it is made anew."""

    dependencies = [("leads", "0016_people_erased")]
    operations = [
        migrations.RemoveIndex("contact", "contact_by_words"),
        migrations.RemoveField("contact", "search"),
        migrations.AddField(
            "contact",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=leads.searching.SearchWords(
                    "first_name", "last_name", "company_name", "email", "phone"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "contact",
            django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search"], name="contact_by_words"
            ),
        ),
    ]
