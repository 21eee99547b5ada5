"""Addresses of the agreement, its clocks, notices and working hours, and of the queue."""

from django.urls import include, path

from sla.pages import (
    agreement,
    calculator,
    clocks,
    connections,
    contract,
    drafting,
    first,
    health,
    notices,
    recompute,
    scorecard,
    what_if,
    wishes,
    working_hours,
)

app_name = "sla"

urlpatterns = [
    path("", include("sla.queue.urls")),
    # the agreement
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/first/", first.first, name="first"),
    path("agreement/<int:agreement_id>/first/", first.first_promises, name="first_promises"),
    path("agreement/calculator/", calculator.calculator, name="calculator"),
    path("agreement/calculator/propose/", calculator.put_into_proposal, name="put_into_proposal"),
    path("agreement/compare/", agreement.compare, name="compare"),
    path("agreement/draft/", drafting.draft, name="draft"),
    path("agreement/recompute/", recompute.recompute, name="recompute"),
    path("agreement/recompute/<int:recompute_id>/", recompute.recompute_run, name="recompute_run"),
    path(
        "agreement/recompute/<int:recompute_id>/confirm/",
        recompute.confirm_recompute,
        name="confirm_recompute",
    ),
    path("agreement/<int:agreement_id>/", agreement.version, name="version"),
    path("agreement/<int:agreement_id>/contract/", contract.contract, name="contract"),
    path("agreement/<int:agreement_id>/contract/page.css", contract.contract_style, name="contract_style"),
    path("agreement/<int:agreement_id>/edit/", drafting.edit_draft, name="edit_draft"),
    path("agreement/<int:agreement_id>/propose/", drafting.propose, name="propose"),
    path("agreement/<int:agreement_id>/sign/<slug:side>/", drafting.sign, name="sign"),
    path("agreement/<int:agreement_id>/withdraw/", drafting.withdraw, name="withdraw"),
    path("agreement/<int:agreement_id>/discard/", drafting.discard_draft, name="discard_draft"),
    # how the months turned out
    path("agreement/scorecard/", scorecard.scorecard, name="scorecard"),
    path("agreement/scorecard.csv", scorecard.export, name="scorecard_export"),
    path("agreement/scorecard/check/", scorecard.check, name="check_scorecard"),
    path("agreement/scorecard/promises/<slug:key>/", scorecard.scorecard_cases, name="scorecard_cases"),
    path("agreement/scorecard/restatements/<int:restatement_id>/", scorecard.restatement, name="restatement"),
    path("agreement/<int:agreement_id>/what-if/", what_if.what_if, name="what_if"),
    path("agreement/<int:agreement_id>/what-if/ask/", what_if.ask_what_if, name="ask_what_if"),
    path("agreement/<int:agreement_id>/what-if/<slug:key>/", what_if.what_if_cases, name="what_if_cases"),
    path("agreement/values/<int:term_id>/", scorecard.values, name="values"),
    path("agreement/values/<int:term_id>/enter/", scorecard.enter_value, name="enter_value"),
    # clocks and notices
    path("clocks/<int:clock_id>/", clocks.clock, name="clock"),
    path("clocks/<int:clock_id>/take-up/", clocks.take_up, name="take_up"),
    path("clocks/<int:clock_id>/pause/", clocks.pause, name="pause"),
    path("clocks/<int:clock_id>/resume/", clocks.resume, name="resume"),
    path("clocks/<int:clock_id>/change-class/", clocks.change_class, name="change_class"),
    path("clocks/<int:clock_id>/dispute/", clocks.dispute, name="dispute"),
    path("clocks/<int:clock_id>/void/", clocks.void, name="void"),
    path("disputes/", clocks.disputes, name="disputes"),
    path("disputes/<int:dispute_id>/answer/", clocks.answer_dispute, name="answer_dispute"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read-all/", notices.read_all_notices, name="read_all_notices"),
    path("notices/retry/", notices.retry_mails, name="retry_mails"),
    path("notices/<int:notice_id>/read/", notices.read_notice, name="read_notice"),
    path("settings/notifications/", wishes.wishes, name="wishes"),
    path("settings/health/", health.health, name="health"),
    # connections
    path("settings/connections/", connections.connections, name="connections"),
    path("settings/connections/<int:connection_id>/", connections.connection, name="connection"),
    path("settings/connections/<int:connection_id>/try/", connections.try_connection, name="try_connection"),
    path(
        "settings/connections/<int:connection_id>/pause/",
        connections.pause_connection,
        name="pause_connection",
    ),
    path(
        "settings/connections/<int:connection_id>/go-on/",
        connections.go_on_connection,
        name="go_on_connection",
    ),
    path(
        "settings/connections/<int:connection_id>/remove/",
        connections.remove_connection,
        name="remove_connection",
    ),
    # working hours
    path("settings/working-hours/", working_hours.working_hours, name="working_hours"),
    path("settings/working-hours/new/", working_hours.new_hours, name="new_hours"),
    path("settings/working-hours/<int:calendar_id>/", working_hours.hours, name="hours"),
]
