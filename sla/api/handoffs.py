"""Hand-offs with their clocks, read and found, for other software."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import access as handoff_access
from handoff.api.shapes import HandoffShape
from handoff.models import Handoff, State
from sla.api.clocks import ClockShape
from sla.models import Clock
from smarketing.api import asked
from smarketing.api.idempotency import IdempotentView
from smarketing.api.paging import PAGES, CappedPages, page_of
from smarketing.api.problem import answers
from smarketing.requests import ApiRequest


class HandoffWithClockShape(HandoffShape):
    """`clock` is the one that asks for the next act: the answer, then the first contact. `clocks` are all."""

    clock = serializers.SerializerMethodField()
    clocks = ClockShape(many=True, source="all_clocks")

    class Meta(HandoffShape.Meta):
        fields = [*HandoffShape.Meta.fields, "clock", "clocks"]

    def get_clock(self, handoff: Any) -> dict[str, Any] | None:
        running = [clock for clock in handoff.all_clocks if clock.state in ("RUNNING", "PAUSED")]
        clocks = sorted(
            running or handoff.all_clocks,
            key=lambda clock: (clock.measure != "ANSWER" if running else clock.measure == "ANSWER", clock.pk),
        )
        return ClockShape(clocks[0], context=self.context).data if clocks else None


class HandoffView(IdempotentView):
    """One hand-off through its door, answered with its clocks."""

    def handoff_answer(self, handoff: Handoff) -> Response:
        fresh = with_clocks(Handoff.objects.filter(pk=handoff.pk)).get()
        return Response(HandoffWithClockShape(fresh, context={"now": timezone.now()}).data)


class Handoffs(HandoffView):
    FILTERS = ("state", "receiver", "sender", "hot", "overdue", "page", "page_size")

    @extend_schema(
        operation_id="handoffs_list",
        parameters=[
            OpenApiParameter("state", enum=State.values, many=True), OpenApiParameter("receiver", description="A colleague's number, “mine” or “pool”."),
            OpenApiParameter("sender", description="A colleague's number or “mine”."), OpenApiParameter("hot", bool), OpenApiParameter("overdue", bool), *PAGES,
        ],
        responses=answers(_200=page_of(HandoffWithClockShape)),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Hand-offs, the latest first."""
        now, pages = timezone.now(), CappedPages()
        asked.only(request, self.FILTERS)
        rows = pages.paginate_queryset(
            with_clocks(_narrowed(request, now)).order_by("-sent_at", "-id"), request, self
        )
        return pages.get_paginated_response(HandoffWithClockShape(rows, many=True, context={"now": now}).data)


class OneHandoff(HandoffView):
    @extend_schema(operation_id="handoffs_read", responses=answers(_200=HandoffWithClockShape))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        return self.handoff_answer(handoff_access.get_handoff_to_read(request.user, handoff_id))


def with_clocks(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """With everything that HandoffWithClockShape reads."""
    clocks = Prefetch("clocks", Clock.objects.with_all_for_chips().order_by("id"), to_attr="all_clocks")
    return handoffs.select_related("lead__contact", "lead__company", "sender", "receiver").prefetch_related(
        "brief_items", clocks
    )


def _narrowed(request: ApiRequest, now: Any) -> QuerySet[Handoff]:
    given, handoffs = request.query_params, Handoff.objects.all()
    if "state" in given:
        handoffs = handoffs.filter(
            state__in=[asked.one_of(state.upper(), State.values, "state") for state in given.getlist("state")]
        )
    for name in ("receiver", "sender"):
        if name in given:
            handoffs = handoffs.filter(**_person(name, given[name], request))
    if "hot" in given:
        handoffs = handoffs.filter(hot=asked.yes_or_no(given["hot"], "hot"))
    if "overdue" in given:
        overdue = Clock.objects.overdue(now).values("handoff")
        handoffs = (
            handoffs.filter(pk__in=overdue)
            if asked.yes_or_no(given["overdue"], "overdue")
            else handoffs.exclude(pk__in=overdue)
        )
    return handoffs


def _person(name: str, asked: str, request: ApiRequest) -> dict[str, Any]:
    if asked == "mine":
        return {name: request.user}
    if asked == "pool" and name == "receiver":
        return {"receiver__isnull": True}
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        return {f"{name}_id": int(asked)}
    raise ValidationError({name: ["Give a colleague's number or “mine”."]})
