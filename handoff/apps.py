from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        from handoff import inbox, receivers, telling  # noqa: F401  (connects the receivers)
        from smarketing import shell

        telling.register()
        shell.count_waiting("handoffs", inbox.waiting_for)
