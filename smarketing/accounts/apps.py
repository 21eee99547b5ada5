from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "smarketing.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        post_migrate.connect(keep_the_organisation, sender=self)
        register_topics()


def register_topics() -> None:
    from django.utils.translation import gettext_lazy as _

    from smarketing.accounts.topics import Topic, register

    register(Topic(10, _("Me"), "settings_me", _("Language, colours, density, keys")))
    register(Topic(15, _("Password"), "account_change_password", _("Choose another password")))
    register(Topic(16, _("Two-step sign-in"), "mfa_index", _("An extra code from your phone")))
    register(Topic(20, _("Absences"), "settings_absences", _("Who is away and gets no new hand-offs")))
    register(
        Topic(
            22, _("Own working days"), "settings_own_week", _("Which days and hours differ from the team's")
        )
    )
    register(Topic(30, _("People and teams"), "settings_people", _("Who works here, in which team and role")))
    register(
        Topic(
            90,
            _("Company"),
            "settings_company",
            _("Name, currency, country"),
            lambda user: user.is_administrator,
        )
    )


def keep_the_organisation(**_: Any) -> None:
    """There is exactly one organisation and its zone is that of the settings, so that SQL and Python count the same days."""
    from django.conf import settings

    from smarketing.accounts.models import Organisation

    Organisation.objects.update_or_create(
        id=1,
        defaults={"time_zone": settings.TIME_ZONE},
        create_defaults={"time_zone": settings.TIME_ZONE, "currency": settings.CURRENCY},
    )
