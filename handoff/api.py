"""Handing a lead over, for other software. Hand-offs with their clocks are read and answered in `sla/api.py`."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import access, api_claims, errors
from handoff.models import Handoff
from leads.api_shapes import PersonShape
from smarketing.accounts.models import User
from smarketing.api import problem
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show
from smarketing.requests import ApiRequest

TO_NOBODY_IN_PARTICULAR = ("route", "pool")


class BriefItemShape(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    required = serializers.BooleanField()
    waived_reason = serializers.CharField(help_text="Why a demanded item was sent without a text.")


class LeadInHandoffShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")
    company = serializers.CharField(source="company.name", default=None, allow_null=True)
    stage = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, lead: Any) -> str:
        return f"/leads/{lead.pk}/"


class HandoffShape(serializers.ModelSerializer):
    lead = LeadInHandoffShape()
    sender = PersonShape(allow_null=True)
    receiver = PersonShape(allow_null=True)
    answer = serializers.CharField(source="reply_text")
    brief = BriefItemShape(many=True, source="brief_items")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Handoff
        fields = [
            "id", "url", "lead", "cycle", "state", "hot", "sender", "sent_at", "receiver", "routed_because", "brief", "question", "asked_at", "answer",
            "replied_at", "accepted_at", "returned_at", "return_reason", "return_note", "prepared_at", "first_attempt_at", "first_conversation_at",
            "first_contact_at", "attempts", "closed_at", "outcome",
        ]  # fmt: skip

    def get_url(self, handoff: Handoff) -> str:
        return f"/handoffs/{handoff.pk}/"


TO_WHOM_ROUTING_FINDS = OpenApiExample(
    "To whom routing finds",
    request_only=True,
    value={"to": "route", "brief": {"need": "Route planning for 40 trucks", "when": "Before January"}},
)


@extend_schema_serializer(examples=[TO_WHOM_ROUTING_FINDS])
class NewHandoffShape(serializers.Serializer):
    to = serializers.JSONField(
        required=False, help_text="The number of a colleague, “route” (the default) or “pool”."
    )
    brief = serializers.DictField(child=WordsField(max_length=5_000, many_lines=True), required=False)
    waived = serializers.DictField(
        child=WordsField(max_length=300),
        required=False,
        help_text="{key: why a demanded item is sent without a text}; sales sees it and it is counted.",
    )


class HandOver(IdempotentView):
    @extend_schema(operation_id="hand_over", request=NewHandoffShape, responses=answers(_201=HandoffShape))
    def post(self, request: ApiRequest, lead_id: int) -> Response:
        """Marketing delivers the lead with a brief; 422 names the missing items."""
        lead = access.get_lead_to_hand_over(request.user, lead_id)
        given = read(NewHandoffShape, request)
        handoff = Handoff.send(
            lead,
            brief=given.get("brief", {}),
            waived=given.get("waived", {}),
            to=_receiver(given.get("to", "route")),
            by=request.user,
            at=timezone.now(),
        )
        return Response(show(HandoffShape, handoff), status=201)


urlpatterns = [
    path("leads/<int:lead_id>/hand-off/", HandOver.as_view(), name="api_hand_over"),
    *api_claims.urlpatterns,
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


def _receiver(to: Any) -> User | str:
    if to in TO_NOBODY_IN_PARTICULAR:
        return str(to)
    is_number = isinstance(to, int) and not isinstance(to, bool) and 0 < to < 2**63
    person = User.objects.active().select_related("team").filter(pk=to).first() if is_number else None
    if person is None:
        raise ValidationError({"to": ["Give the number of a colleague, “route” or “pool”."]})
    return person
