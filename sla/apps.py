from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Agreement and clocks")

    def ready(self) -> None:
        from handoff import delivering, presence
        from sla import (  # noqa: F401
            announcing,
            at_work,
            due_words,
            erasing,
            health,
            notices,
            receivers,
            taking_back,
            telling,
        )
        from sla.queue import news, worklist
        from smarketing import health as product_health
        from smarketing import shell
        from smarketing.accounts import topics

        product_health.register("sweep", health.check)
        product_health.register_figures(health.figures)
        shell.tell_news(news.drawn)
        shell.count_waiting("queue", worklist.waiting_for)
        shell.count_waiting("notices", notices.unread)
        shell.show_banner(health.banner)
        presence.told_by(at_work.hours_of)
        delivering.tell_beside(due_words.first_contact_due)
        telling.register()
        topics.register(
            topics.Topic(
                12, _("Notifications"), "sla:wishes", _("How you hear by mail: at once, together, or not")
            )
        )
        topics.register(
            topics.Topic(
                80,
                _("Connections"),
                "sla:connections",
                _("Slack, Teams and other software that hear of what is late"),
                lambda user: user.is_administrator,
            )
        )
        topics.register(
            topics.Topic(
                85,
                _("Health"),
                "sla:health",
                _("Whether clocks are looked at and messages arrive"),
                lambda user: user.is_administrator,
            )
        )
        topics.register(
            topics.Topic(
                30,
                _("Working hours and holidays"),
                "sla:working_hours",
                _("When promises are counted; which days are closed; test a date."),
            )
        )
