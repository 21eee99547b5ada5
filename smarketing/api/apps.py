from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "smarketing.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from smarketing.accounts.topics import Topic, register

        register(
            Topic(80, _("API tokens"), "settings_tokens", _("Let other software read and write in your name"))
        )
