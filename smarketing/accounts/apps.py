from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "smarketing.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        post_migrate.connect(keep_the_organisation, sender=self)


def keep_the_organisation(**_: Any) -> None:
    """There is exactly one organisation and its zone is that of the settings, so that SQL and Python count the same days."""
    from django.conf import settings

    from smarketing.accounts.models import Organisation

    Organisation.objects.update_or_create(
        id=1,
        defaults={"time_zone": settings.TIME_ZONE},
        create_defaults={"time_zone": settings.TIME_ZONE, "currency": settings.CURRENCY},
    )
