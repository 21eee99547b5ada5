from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import taking_back, telling
        from leads.criteria import telling as criteria
        from leads.criteria import waiting
        from smarketing import shell

        telling.register()
        taking_back.register()
        criteria.register()
        shell.count_waiting("qualify", waiting.count_for)
        register_topics()


def register_topics() -> None:
    from django.utils.translation import gettext_lazy as _

    from smarketing.accounts.topics import Topic, register

    register(Topic(60, _("Sources"), "leads:sources", _("Where leads come from")))
    register(Topic(61, _("Campaigns"), "leads:campaigns", _("Marketing efforts with a period and a spend")))
