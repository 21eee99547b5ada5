from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

import leads.searching


class Migration(migrations.Migration):
    """The few whose words have letters beyond ASCII: a search for whole words that go on asks them apart (`leads/longer_words.py`)."""

    dependencies = [("leads", "0018_indexes_that_nobody_reads")]
    operations = [
        migrations.AddIndex(
            "contact",
            GinIndex(
                fields=["search"],
                name="contact_by_other_letters",
                fastupdate=False,
                condition=models.Q(leads.searching.HasOtherLetters()),
            ),
        ),
    ]
