from django.db import migrations, models

KINDS = [
    ("WARNED", "Due soon"),
    ("BREACHED", "Late"),
    ("ESCALATED", "Still late"),
    ("HANDED_OVER", "A lead was handed over to you"),
    ("PASSED_ON", "A lead was passed on to you"),
    ("TAKEN_AWAY", "A lead went to somebody else"),
    ("POOL_WAITING", "A lead waits in the pool"),
    ("RETURNED", "Sales returned a lead"),
    ("SETTLED", "Marketing dealt with a return"),
    ("CONTESTED", "A return is contested: you decide"),
    ("ASKED", "Sales asks for information"),
    ("ANSWERED", "Marketing answered a question"),
    ("OUTCOME", "Your lead came to an outcome"),
    ("OUTCOMES", "What became of your leads"),
    ("MENTIONED", "You were mentioned"),
    ("COFFEE", "An invitation to talk a lead through"),
    ("CAPACITY", "Sales is nearly full"),
    ("REVIEW_DATE", "The agreement is up for review"),
    ("OWN_VALUE", "A number for the agreement is missing"),
    ("DISPUTE", "A promise is disputed"),
    ("RECOMPUTED", "Open clocks were recomputed"),
    ("NIGHTLY", "The day in short"),
]


class Migration(migrations.Migration):
    dependencies = [("sla", "0008_notices_have_their_key")]

    operations = [
        migrations.RemoveConstraint("notice", "uq_once_notice"),
        migrations.AlterField("notice", "key", models.CharField(max_length=80)),
        migrations.AlterField("notice", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.AlterField("notice", "text", models.CharField(blank=True, max_length=300)),
        migrations.AddConstraint(
            "notice",
            models.UniqueConstraint(fields=["key", "recipient", "channel"], name="uq_once_notice"),
        ),
    ]
