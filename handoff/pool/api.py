"""The pool and what sales can take, for other software. Claiming stands in `sla/api/`, with the clocks."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from handoff import access, capacity, pool, rules
from handoff.api.shapes import HandoffShape
from handoff.models import SkipReason
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show
from smarketing.requests import ApiRequest


class ReservedShape(HandoffShape):
    """`reserved_until`: nobody else can take it before."""

    class Meta(HandoffShape.Meta):
        fields = [*HandoffShape.Meta.fields, "reserved_until"]


class SkipShape(serializers.Serializer):
    reason = serializers.ChoiceField(choices=[(reason.lower(), reason.label) for reason in SkipReason])
    note = WordsField(max_length=200)


class SkippedShape(serializers.Serializer):
    handoff = serializers.IntegerField(source="handoff_id")
    reason = serializers.CharField()
    note = serializers.CharField()
    happened_at = serializers.DateTimeField()


class WeekShape(serializers.Serializer):
    monday = serializers.DateField()
    room = serializers.IntegerField(help_text="New hand-offs that sales can take in that week.")
    waiting = serializers.IntegerField(help_text="What waits for its first contact when the week begins.")
    working_days = serializers.IntegerField(source="days")
    days_away = serializers.IntegerField(source="away")


class CapacityShape(serializers.Serializer):
    promised_per_month = serializers.IntegerField(source="promised", allow_null=True)
    received_this_month = serializers.IntegerField(source="received")
    weeks = WeekShape(many=True)


class Next(IdempotentView):
    @extend_schema(operation_id="pool_next", request=None, responses=answers(_200=ReservedShape))
    def post(self, request: ApiRequest) -> Response:
        """The next hand-off of the pool, reserved for the owner of the token for five minutes; 204 when nothing is for him."""
        access.require_sales(request.user)
        handoff = pool.pull(by=request.user, at=timezone.now())
        return Response(show(ReservedShape, handoff)) if handoff else Response(status=204)


class Skip(IdempotentView):
    @extend_schema(operation_id="pool_skip", request=SkipShape, responses=answers(_200=SkippedShape))
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """Let what was offered pass, with a reason that everybody can read. 422 when the time has run out."""
        handoff = access.get_handoff_to_claim(request.user, handoff_id)
        given: dict[str, Any] = read(SkipShape, request)
        turn = pool.skip(
            handoff, given["reason"].upper(), given.get("note", ""), by=request.user, at=timezone.now()
        )
        return Response(show(SkippedShape, turn))


class Capacity(APIView):
    @extend_schema(operation_id="capacity", responses=answers(_200=CapacityShape))
    def get(self, request: ApiRequest) -> Response:
        """How many hand-offs sales can take, week by week."""
        now = timezone.now()
        return Response(show(CapacityShape, capacity.plan(rules.in_force(now), at=now)))


urlpatterns = [
    path("handoffs/pool/next/", Next.as_view(), name="api_pool_next"),
    path("handoffs/<int:handoff_id>/skip/", Skip.as_view(), name="api_pool_skip"),
    path("capacity/", Capacity.as_view(), name="api_capacity"),
]
