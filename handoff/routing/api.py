"""The dry run of routing, for other software."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from handoff import rules
from handoff.routing import replaying
from leads.api_shapes import PersonShape
from smarketing.api.problem import answers
from smarketing.api.reading import show
from smarketing.requests import ApiRequest


class ReplayedShape(serializers.Serializer):
    handoff = serializers.IntegerField(source="handoff.pk")
    sent_at = serializers.DateTimeField(source="handoff.sent_at")
    receiver = PersonShape(source="handoff.receiver", allow_null=True)
    would_receive = PersonShape(source="would", allow_null=True)
    because = serializers.CharField()
    same = serializers.BooleanField(source="is_same")


class DryRunShape(serializers.Serializer):
    different = serializers.IntegerField()
    handoffs = ReplayedShape(many=True, source="rows")


class DryRun(APIView):
    @extend_schema(operation_id="routing_dry_run", responses=answers(_200=DryRunShape))
    def get(self, request: ApiRequest, **_: Any) -> Response:
        """Who would get the last 50 hand-offs under the rules of now, and why. Changes nothing."""
        return Response(show(DryRunShape, replaying.dry_run(rules.in_force(timezone.now()))))


urlpatterns = [path("routing/dry-run/", DryRun.as_view(), name="api_routing_dry_run")]
