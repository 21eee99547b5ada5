"""The addresses of this room's API."""

from django.urls import include, path

from sla.api import agreements, answering, clock_acts, clocks, handoffs, what_if

urlpatterns = [
    path("handoffs/", handoffs.Handoffs.as_view(), name="api_handoffs"),
    path("handoffs/<int:handoff_id>/", handoffs.OneHandoff.as_view(), name="api_handoff"),
    path("handoffs/<int:handoff_id>/accept/", answering.Accept.as_view(), name="api_handoff_accept"),
    path("handoffs/<int:handoff_id>/claim/", answering.Claim.as_view(), name="api_handoff_claim"),
    path("handoffs/<int:handoff_id>/return/", answering.Return.as_view(), name="api_handoff_return"),
    path("handoffs/<int:handoff_id>/ask/", answering.Ask.as_view(), name="api_handoff_ask"),
    path("handoffs/<int:handoff_id>/answer/", answering.Answer.as_view(), name="api_handoff_answer"),
    path("handoffs/<int:handoff_id>/duplicate/", answering.Duplicate.as_view(), name="api_handoff_duplicate"),
    path("handoffs/<int:handoff_id>/contact/", answering.Contact.as_view(), name="api_handoff_contact"),
    path("clocks/", clocks.Clocks.as_view(), name="api_clocks"),
    path("clocks/<int:clock_id>/explain/", clocks.Explain.as_view(), name="api_clock_explain"),
    path("clocks/<int:clock_id>/", clock_acts.OneClock.as_view(), name="api_clock"),
    path("clocks/<int:clock_id>/pause/", clock_acts.PauseClock.as_view(), name="api_clock_pause"),
    path("clocks/<int:clock_id>/resume/", clock_acts.ResumeClock.as_view(), name="api_clock_resume"),
    path("clocks/<int:clock_id>/dispute/", clock_acts.DisputeClock.as_view(), name="api_clock_dispute"),
    path("clocks/<int:clock_id>/void/", clock_acts.VoidClock.as_view(), name="api_clock_void"),
    path("disputes/", clock_acts.Disputes.as_view(), name="api_disputes"),
    path("disputes/<int:dispute_id>/answer/", clock_acts.AnswerDispute.as_view(), name="api_dispute_answer"),
    path("agreements/", agreements.Agreements.as_view(), name="api_agreements"),
    path("agreements/current/", agreements.CurrentAgreement.as_view(), name="api_agreement_current"),
    path(
        "agreements/<int:agreement_id>/what-if/",
        what_if.AgreementWhatIf.as_view(),
        name="api_agreement_what_if",
    ),
    path("", include("sla.scorecard.api")),
]
