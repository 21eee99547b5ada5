"""How often claims hold, for other software: the same figures as the page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import precision
from smarketing import periods
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.rates import Rate
from smarketing.requests import ApiRequest

PERIOD = [OpenApiParameter("from", str), OpenApiParameter("to", str), OpenApiParameter("period", str)]


class HeldShape(serializers.Serializer):
    label = serializers.CharField()
    confirmed = serializers.IntegerField()
    denied = serializers.IntegerField()
    unknown = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    claims_url = serializers.CharField()


class PrecisionShape(serializers.Serializer):
    definition = serializers.CharField()
    all = HeldShape()
    criteria = HeldShape(many=True)
    brief = HeldShape(many=True)
    sources = HeldShape(many=True)
    marketers = HeldShape(many=True)


class HowOftenClaimsHold(IdempotentView):
    @extend_schema(operation_id="claim_precision", parameters=PERIOD, responses=answers(_200=PrecisionShape))
    def get(self, request: ApiRequest) -> Response:
        """Confirmed / (confirmed + denied), with Wilson's 95 % interval, of the hand-offs sent in the period."""
        try:
            period = periods.read(request.query_params, today=timezone.localdate(), default="this_quarter")
        except periods.UnknownPeriod as error:
            raise ValidationError({"period": [str(error)]}) from error
        measured = precision.measure(period)

        def held(line: precision.Line) -> dict[str, Any]:
            rate: Rate = line.rate
            return {
                "label": line.label,
                "confirmed": line.confirmed,
                "denied": line.denied,
                "unknown": line.unknown,
                "precision": rate.share,
                "low": rate.low,
                "high": rate.high,
                "claims_url": precision.address(period, line.asked),
            }

        groups = ("criteria", "brief", "sources", "marketers")
        return Response(
            {
                "definition": (precision.__doc__ or "").split("\n\n")[0],
                "all": held(measured.all),
                **{name: [held(line) for line in getattr(measured, name)] for name in groups},
            }
        )
