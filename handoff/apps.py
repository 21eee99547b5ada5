from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        from handoff import delivering, inbox, receivers, telling  # noqa: F401  (connects the receivers)
        from smarketing import shell

        telling.register()
        delivering.register()
        shell.count_waiting("handoffs", inbox.waiting_for)
