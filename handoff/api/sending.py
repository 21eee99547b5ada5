"""Handing a lead over, for other software. Hand-offs with their clocks are read and answered in `sla/api/`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import access
from handoff.api.shapes import HandoffShape
from handoff.models import Handoff
from smarketing.accounts.models import User
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show
from smarketing.requests import ApiRequest

TO_NOBODY_IN_PARTICULAR = ("route", "pool")
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


def _receiver(to: Any) -> User | str:
    if to in TO_NOBODY_IN_PARTICULAR:
        return str(to)
    is_number = isinstance(to, int) and not isinstance(to, bool) and 0 < to < 2**63
    person = User.objects.active().select_related("team").filter(pk=to).first() if is_number else None
    if person is None:
        raise ValidationError({"to": ["Give the number of a colleague, “route” or “pool”."]})
    return person
