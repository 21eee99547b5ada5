from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        from handoff import receivers, telling  # noqa: F401  (connects the receivers)

        telling.register()
