from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    name = "handoff"

    def ready(self) -> None:
        from handoff import asking, delivering, erasing, inbox, receivers, taking_back, telling  # noqa: F401  (connects the receivers)
        from smarketing import shell
        from smarketing.accounts import topics

        telling.register()
        delivering.register()
        taking_back.register()
        shell.count_waiting("handoffs", inbox.waiting_for)
        topics.register(
            topics.Topic(
                32,
                _("Routing"),
                "handoff:routing",
                _("Who receives which leads; a dry run of it"),
            )
        )
