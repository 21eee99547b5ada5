"""What marketing claimed of a lead and what sales found out, for other software."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from handoff import access, claims
from handoff.models import Finding
from leads.api_shapes import PersonShape
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show_all
from smarketing.requests import ApiRequest


class ClaimShape(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.CharField()
    key = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    finding = serializers.CharField()
    checked_by = PersonShape(source="check.checked_by", default=None, allow_null=True)
    checked_at = serializers.DateTimeField(source="check.checked_at", default=None, allow_null=True)


class FindingsShape(serializers.Serializer):
    findings = serializers.DictField(
        child=serializers.ChoiceField(choices=[(one.lower(), one.label) for one in Finding]),
        help_text="{claim id: “confirmed”, “denied” or “unknown”}",
    )


class Claims(IdempotentView):
    @extend_schema(operation_id="list_claims", responses=answers(_200=ClaimShape(many=True)))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        """What marketing claimed of the lead, and what sales found out."""
        handoff = access.get_handoff_to_read(request.user, handoff_id)
        return Response(show_all(ClaimShape, claims.of(handoff)))

    @extend_schema(
        operation_id="check_claims", request=FindingsShape, responses=answers(_200=ClaimShape(many=True))
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """After a conversation: confirmed, denied, or it did not come up."""
        handoff = access.get_handoff_to_contact(request.user, handoff_id)
        given = read(FindingsShape, request)["findings"]
        found = {claim: finding.upper() for claim, finding in given.items()}
        claims.check(handoff, found, by=request.user, at=timezone.now())
        return Response(show_all(ClaimShape, claims.of(handoff)))
