"""The addresses of this room's API, and which problem each refusal of the room becomes."""

from __future__ import annotations

from typing import Any

from django.urls import path

from handoff import errors
from handoff.api import claims, drafts, precision, returns, sending
from smarketing.api import problem

urlpatterns = [
    path("leads/<int:lead_id>/hand-off/", sending.HandOver.as_view(), name="api_hand_over"),
    path("leads/<int:lead_id>/brief-draft/", drafts.Draft.as_view(), name="api_brief_draft"),
    path("handoffs/<int:handoff_id>/returns/", returns.Returns.as_view(), name="api_handoff_returns"),
    path("handoffs/<int:handoff_id>/contest/", returns.Contest.as_view(), name="api_handoff_contest"),
    path("handoffs/<int:handoff_id>/decide/", returns.Decide.as_view(), name="api_handoff_decide"),
    path("handoffs/<int:handoff_id>/claims/", claims.Claims.as_view(), name="api_handoff_claims"),
    path("claims/precision/", precision.HowOftenClaimsHold.as_view(), name="api_claim_precision"),
]


def _who_did_what(error: errors.Conflict) -> dict[str, Any]:
    return {"who": str(error.who) if error.who else None, "what": error.what, "when": error.when}


problem.means(
    errors.BriefIncomplete,
    422,
    lambda error: {"missing": error.missing, "errors": {key: [words] for key, words in error.errors.items()}},
)
problem.means(errors.Conflict, 409, _who_did_what)
problem.means(errors.LeadNotSalesReady, 409)
problem.means(errors.NotContactedYet, 409)
problem.means(errors.ContestOpen, 409)
problem.means(errors.NotSpokenYet, 409)
problem.means(errors.AlreadyAsked, 409)
problem.means(errors.HandoffRefused, 422)
