"""The addresses of this room's API."""

from django.urls import include, path

from sla.api import agreements, answering, clocks, handoffs, what_if

urlpatterns = [
    path("handoffs/", handoffs.Handoffs.as_view(), name="api_handoffs"),
    path("handoffs/<int:handoff_id>/", handoffs.OneHandoff.as_view(), name="api_handoff"),
    path("handoffs/<int:handoff_id>/accept/", answering.Accept.as_view(), name="api_handoff_accept"),
    path("handoffs/<int:handoff_id>/claim/", answering.Claim.as_view(), name="api_handoff_claim"),
    path("handoffs/<int:handoff_id>/return/", answering.Return.as_view(), name="api_handoff_return"),
    path("handoffs/<int:handoff_id>/ask/", answering.Ask.as_view(), name="api_handoff_ask"),
    path("handoffs/<int:handoff_id>/answer/", answering.Answer.as_view(), name="api_handoff_answer"),
    path("handoffs/<int:handoff_id>/contact/", answering.Contact.as_view(), name="api_handoff_contact"),
    path("clocks/", clocks.Clocks.as_view(), name="api_clocks"),
    path("clocks/<int:clock_id>/explain/", clocks.Explain.as_view(), name="api_clock_explain"),
    path("agreements/", agreements.Agreements.as_view(), name="api_agreements"),
    path("agreements/current/", agreements.CurrentAgreement.as_view(), name="api_agreement_current"),
    path(
        "agreements/<int:agreement_id>/what-if/",
        what_if.AgreementWhatIf.as_view(),
        name="api_agreement_what_if",
    ),
    path("", include("sla.scorecard.api")),
]
