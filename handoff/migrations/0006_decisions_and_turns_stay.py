from django.db import migrations

from leads.append_only import guard


class Migration(migrations.Migration):
    """The database refuses to change or delete a decision of routing or a turn in the pool."""

    dependencies = [("handoff", "0005_routing_pool_and_talk")]
    operations = guard("handoff_routingdecision", "handoff_poolturn")
