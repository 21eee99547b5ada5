"""The figures for other software: the same functions as the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from dashboard import funnel, promises
from dashboard.funnel import Step
from leads import tidying
from leads.models import Source
from smarketing import periods
from smarketing.api import asked
from smarketing.api.problem import answers
from smarketing.requests import ApiRequest


class StageShape(serializers.Serializer):
    """`rate` is the share of the first stage, `step_rate` that of the stage before; `median_seconds` since capture."""

    stage = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    step_rate = serializers.FloatField(allow_null=True)
    median_seconds = serializers.IntegerField(allow_null=True)
    leads_url = serializers.CharField()


class GroupShape(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    stages = StageShape(many=True)


class FunnelShape(serializers.Serializer):
    by = serializers.ChoiceField(choices=[funnel.COHORT, funnel.ACTIVITY])
    definition = serializers.CharField()
    as_of = serializers.DateTimeField()
    still_moving = serializers.IntegerField(allow_null=True)
    stages = StageShape(many=True)
    groups = GroupShape(many=True)


class PromiseShape(serializers.Serializer):
    key = serializers.CharField()
    owner = serializers.CharField()
    sentence = serializers.CharField()
    how_measured = serializers.CharField()
    unit = serializers.ChoiceField(choices=["count", "percent", "money", "number"])
    target = serializers.FloatField(allow_null=True)
    actual = serializers.FloatField(allow_null=True)
    cases = serializers.IntegerField()
    pace = serializers.FloatField(allow_null=True)
    misses = serializers.IntegerField(allow_null=True)
    misses_left = serializers.IntegerField(allow_null=True)
    leads_url = serializers.CharField()
    misses_url = serializers.CharField()


class Funnel(APIView):
    @extend_schema(
        operation_id="dashboard_funnel",
        parameters=[
            OpenApiParameter("by", enum=[funnel.COHORT, funnel.ACTIVITY]), OpenApiParameter("from", date, description="inclusive"),
            OpenApiParameter("to", date, description="exclusive"), OpenApiParameter("group", enum=funnel.GROUPS),
            OpenApiParameter("source", description="the key of a source, or “none”"),
        ],
        responses=answers(_200=FunnelShape),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """How far leads come, by cohort or by activity; without dates, of all time."""
        asked.only(request, ("by", "from", "to", "group", "source"))
        given = request.query_params
        by = asked.one_of(given.get("by", funnel.COHORT), [funnel.COHORT, funnel.ACTIVITY], "by")
        group = asked.one_of(given.get("group", ""), ["", *funnel.GROUPS], "group")
        source = tidying.line(given.get("source", ""))
        if source not in ("", "none") and not Source.objects.filter(key=source).exists():
            raise ValidationError({"source": ["There is no such source."]})
        try:
            period = periods.read(given, today=timezone.localdate(), default="all")
        except periods.UnknownPeriod as problem:
            raise ValidationError({"from": [str(problem)]}) from None
        question = funnel.by_activity if by == funnel.ACTIVITY else funnel.by_cohort
        counted = question(period, source=source, group=group, at=timezone.now())
        groups = [
            {"key": each.key, "label": each.label, "stages": _stages(each.steps)} for each in counted.groups
        ]
        return Response(
            {
                "by": by, "definition": counted.definition, "as_of": timezone.localtime(counted.as_of), "still_moving": counted.still_moving,
                "stages": _stages(counted.steps), "groups": groups,
            }
        )  # fmt: skip


class Promises(APIView):
    @extend_schema(
        operation_id="dashboard_promises", parameters=[OpenApiParameter("month", description="such as 2026-11; default: this month")],
        responses=answers(_200=PromiseShape(many=True)),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """What was promised for the month and what came of it so far."""
        asked.only(request, ["month"])
        kept = promises.for_month(asked.month(request.query_params.get("month", "")), at=timezone.now())
        return Response([_promise(each) for each in kept])


urlpatterns = [
    path("dashboard/funnel/", Funnel.as_view(), name="api_funnel"),
    path("dashboard/promises/", Promises.as_view(), name="api_promises"),
]


def _stages(steps: list[Step]) -> list[dict[str, Any]]:
    return [
        {
            "stage": step.stage, "label": step.label, "count": step.count, "rate": step.share_of_all, "step_rate": step.share,
            "median_seconds": step.seconds, "leads_url": step.url,
        }
        for step in steps
    ]  # fmt: skip


def _promise(kept: promises.Kept) -> dict[str, Any]:
    return {
        "key": kept.key, "owner": kept.owner, "sentence": kept.sentence, "how_measured": kept.how_measured, "unit": kept.unit,
        "target": kept.target, "actual": kept.actual, "cases": kept.cases, "pace": kept.pace, "misses": kept.misses, "misses_left": kept.misses_left,
        "leads_url": kept.url, "misses_url": kept.misses_url,
    }  # fmt: skip
