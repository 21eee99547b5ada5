from django.apps import AppConfig


class SmarketingConfig(AppConfig):
    name = "smarketing"

    def ready(self) -> None:
        from smarketing import engine_checks  # noqa: F401 (registers its checks)
