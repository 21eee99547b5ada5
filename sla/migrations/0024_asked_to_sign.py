from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0023_bulk_acts_are_acts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("DECIDED", "The team leads decided on a contest"),
                    ("ASKED", "Sales asks for information"),
                    ("ANSWERED", "Marketing answered a question"),
                    ("OUTCOME", "Your lead came to an outcome"),
                    ("OUTCOMES", "What became of your leads"),
                    ("MENTIONED", "You were mentioned"),
                    ("COFFEE", "An invitation to talk a lead through"),
                    ("CAPACITY", "Sales is nearly full"),
                    ("TO_SIGN", "An agreement waits for your signature"),
                    ("SIGNED", "A proposed agreement was signed"),
                    ("SENT_BACK", "A proposed agreement was withdrawn"),
                    ("REVIEW_DATE", "The agreement is up for review"),
                    ("OWN_VALUE", "A number for the agreement is missing"),
                    ("DISPUTE", "A promise is disputed"),
                    ("DISPUTE_OVER", "A dispute was answered"),
                    ("PAUSED", "A clock was paused"),
                    ("RECOMPUTED", "Open clocks were recomputed"),
                    ("NIGHTLY", "The day in short"),
                    ("TRIAL", "A trial: this connection works"),
                ],
                max_length=12,
            ),
        ),
    ]
