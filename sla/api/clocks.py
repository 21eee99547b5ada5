"""Clocks with their arithmetic, for other software."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.response import Response

from sla import access, inspection
from sla.clock_status import status_of
from sla.models import Clock, Measure
from smarketing.api import asked
from smarketing.api.idempotency import IdempotentView
from smarketing.api.paging import PAGES, CappedPages, page_of
from smarketing.api.problem import answers
from smarketing.requests import ApiRequest


class ClockShape(serializers.Serializer):
    """`state` is what people see: late, soon, calm, paused, met, cancelled or void. `remaining_seconds` of working time, negative when late."""

    id = serializers.IntegerField()
    handoff = serializers.IntegerField(source="handoff_id")
    measure = serializers.CharField()
    owner = serializers.CharField(source="side")
    state = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    target_seconds = serializers.IntegerField()
    remaining_seconds = serializers.SerializerMethodField()

    def get_state(self, clock: Clock) -> str:
        return status_of(clock, self.context["now"]).state

    def get_remaining_seconds(self, clock: Clock) -> int | None:
        status = status_of(clock, self.context["now"])
        if status.is_over or status.seconds is None:
            return None
        return -status.seconds if status.state == "late" else status.seconds


class ExplanationShape(serializers.Serializer):
    start = serializers.DateTimeField()
    due = serializers.DateTimeField(allow_null=True)
    target_seconds = serializers.IntegerField()
    blocks = serializers.ListField(child=serializers.DictField())
    holidays = serializers.ListField(child=serializers.DictField())
    pauses = serializers.ListField(child=serializers.DictField())
    warnings = serializers.ListField(child=serializers.DateTimeField())
    segments = serializers.ListField(child=serializers.DictField())
    class_changes = serializers.ListField(child=serializers.DictField())
    moves = serializers.ListField(child=serializers.DictField())
    text = serializers.CharField()


class Clocks(IdempotentView):
    STATES = ["late", "soon", "calm", "paused", "met", "cancelled", "void"]

    @extend_schema(
        operation_id="clocks_list",
        parameters=[
            OpenApiParameter("state", enum=STATES),
            OpenApiParameter("measure", enum=Measure.values),
            *PAGES,
        ],
        responses=answers(_200=page_of(ClockShape)),
    )
    def get(self, request: ApiRequest) -> Response:
        """Clocks, the latest started first."""
        now, pages = timezone.now(), CappedPages()
        asked.only(request, ("state", "measure", "page", "page_size"))
        given = request.query_params
        clocks = Clock.objects.all()
        if "state" in given:
            clocks = clocks.in_state(asked.one_of(given["state"], self.STATES, "state"), now)
        if "measure" in given:
            clocks = clocks.filter(measure=asked.one_of(given["measure"], Measure.values, "measure"))
        rows = pages.paginate_queryset(
            clocks.with_all_for_chips().order_by("-started_at", "-id"), request, self
        )
        return pages.get_paginated_response(ClockShape(rows, many=True, context={"now": now}).data)


class Explain(IdempotentView):
    @extend_schema(operation_id="clocks_explain", responses=answers(_200=ExplanationShape))
    def get(self, request: ApiRequest, clock_id: int) -> Response:
        """How the due moment came about, block by block."""
        return Response(inspection.as_data(access.get_clock_to_read(request.user, clock_id), timezone.now()))
