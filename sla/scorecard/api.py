"""The scorecard for other software: a month as it stands or was frozen, with its restatements; and the numbers of own terms."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from sla import access
from sla.models import Agreement, OwnValue, Restatement, Term, TermKind
from sla.scorecard import history, own_values, responding, wording
from sla.scorecard.history import Frozen, Line
from sla.scorecard.responding import Times
from smarketing.api import asked
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read
from smarketing.periods import Period
from smarketing.requests import ApiRequest

MONTH = OpenApiParameter("month", description="such as 2026-11; default: this month")
LEADS_TOLD = 200


class MovedShape(serializers.Serializer):
    lead = serializers.IntegerField(allow_null=True)
    was = serializers.CharField()
    now = serializers.CharField()
    since = serializers.DateTimeField()
    reason = serializers.CharField()


class RestatementShape(serializers.Serializer):
    """`kind`: SETTLED (was open at month end), CORRECTED, or ENTERED (a number that its owner enters). `moved`: at most 200 leads."""

    number = serializers.IntegerField()
    kind = serializers.CharField()
    found_at = serializers.DateTimeField()
    by = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    actual_was = serializers.FloatField(allow_null=True)
    actual = serializers.FloatField(allow_null=True)
    cases_was = serializers.IntegerField()
    cases = serializers.IntegerField()
    misses_was = serializers.IntegerField(allow_null=True)
    misses = serializers.IntegerField(allow_null=True)
    moved = MovedShape(many=True)


class MonthShape(serializers.Serializer):
    month = serializers.CharField()
    actual = serializers.FloatField(allow_null=True)


class RowShape(serializers.Serializer):
    """`actual` is the figure of the month, of a frozen one as it was frozen; `latest` is after its restatements.

    `target_note` says why the target is lower than the promise: it was made while the month ran; else it is empty.
    """

    key = serializers.CharField()
    owner = serializers.CharField()
    sentence = serializers.CharField()
    how_measured = serializers.CharField()
    unit = serializers.ChoiceField(choices=["count", "percent", "money", "number"])
    target = serializers.FloatField(allow_null=True)
    target_note = serializers.CharField()
    actual = serializers.FloatField(allow_null=True)
    latest = serializers.FloatField(allow_null=True)
    cases = serializers.IntegerField()
    misses = serializers.IntegerField(allow_null=True)
    misses_left = serializers.IntegerField(allow_null=True)
    pace = serializers.FloatField(allow_null=True)
    apart = serializers.DictField(child=serializers.IntegerField())
    note = serializers.CharField()
    leads_url = serializers.CharField()
    cases_url = serializers.CharField()
    misses_url = serializers.CharField()
    months = MonthShape(many=True)
    restatements = RestatementShape(many=True)


class ResponseShape(serializers.Serializer):
    """Seconds of working time, `wall_` on the wall clock; null: so many were not contacted yet that there is no such time."""

    key = serializers.CharField()
    cases = serializers.IntegerField()
    within = serializers.IntegerField()
    median_seconds = serializers.FloatField(allow_null=True)
    p90_seconds = serializers.FloatField(allow_null=True)
    wall_median_seconds = serializers.FloatField(allow_null=True)
    wall_p90_seconds = serializers.FloatField(allow_null=True)
    attempt_median_seconds = serializers.FloatField(allow_null=True)
    attempt_p90_seconds = serializers.FloatField(allow_null=True)
    conversation_median_seconds = serializers.FloatField(allow_null=True)
    conversation_p90_seconds = serializers.FloatField(allow_null=True)


class ScorecardShape(serializers.Serializer):
    month = serializers.CharField()
    agreement_version = serializers.IntegerField(allow_null=True)
    frozen_at = serializers.DateTimeField(allow_null=True)
    compared_at = serializers.DateTimeField(allow_null=True)
    rows = RowShape(many=True)
    response_times = ResponseShape(many=True)


class OwnNumberShape(serializers.Serializer):
    month = serializers.RegexField(r"^\d{4}-\d{2}$")
    value = serializers.DecimalField(max_digits=14, decimal_places=2)
    note = WordsField(max_length=300)


class OwnNumberAnswerShape(serializers.Serializer):
    key = serializers.CharField()
    month = serializers.CharField()
    value = serializers.FloatField()
    note = serializers.CharField()
    entered_at = serializers.DateTimeField()


class Scorecard(IdempotentView):
    @extend_schema(operation_id="scorecard", parameters=[MONTH], responses=answers(_200=ScorecardShape))
    def get(self, request: ApiRequest) -> Response:
        """A month as it stands, or as it was frozen with what was corrected since."""
        asked.only(request, ["month"])
        month, now = asked.month(request.query_params.get("month", "")), timezone.now()
        card = history.scorecard(month, at=now)
        frozen = card.frozen
        return Response(
            {
                "month": _name(month), "agreement_version": card.agreement.version if card.agreement else None,
                "frozen_at": frozen and timezone.localtime(frozen.frozen_at),
                "compared_at": frozen and frozen.compared_at and timezone.localtime(frozen.compared_at),
                "rows": [_row(line) for line in card.lines],
                "response_times": [_response(each) for each in responding.of_month(month, at=now)],
            }
        )  # fmt: skip


class OwnNumber(IdempotentView):
    @extend_schema(
        operation_id="scorecard_own_number", request=OwnNumberShape, responses=answers(_200=OwnNumberAnswerShape)
    )  # fmt: skip
    def post(self, request: ApiRequest, key: str) -> Response:
        """The number of an own term for a month. Of a frozen month it is a restatement, and another number needs a note that says why."""
        term = _own_term(request, key)
        given = read(OwnNumberShape, request)
        month = asked.month(given["month"])
        try:
            entered = own_values.enter(
                term, month, given["value"], given.get("note", ""), by=request.user, at=timezone.now()
            )
        except own_values.ReasonNeeded as problem:
            raise ValidationError({"note": [str(problem)]}) from None
        except own_values.NotYet as problem:
            raise ValidationError({"month": [str(problem)]}) from None
        return Response(_entered(entered, month))


urlpatterns = [
    path("scorecard/", Scorecard.as_view(), name="api_scorecard"),
    path("scorecard/values/<slug:key>/", OwnNumber.as_view(), name="api_own_number"),
]


def _own_term(request: ApiRequest, key: str) -> Term:
    agreement = Agreement.objects.in_force()
    term = agreement.terms.filter(kind=TermKind.OWN, key=key).first() if agreement else None
    if term is None:
        raise NotFound
    return access.get_own_term_to_enter(request.user, term.pk)


def _row(line: Line) -> dict[str, Any]:
    figure = line.figure
    latest, restatements = (
        (figure.latest, figure.restatements) if isinstance(figure, Frozen) else (figure.actual, [])
    )
    return {
        "key": line.term.key, "owner": line.term.side, "sentence": line.term.sentence, "how_measured": line.term.how_measured, "unit": figure.unit,
        "target": figure.target, "target_note": figure.part_words, "actual": figure.actual, "latest": latest, "cases": figure.cases,
        "misses": figure.misses, "misses_left": figure.misses_left, "pace": figure.pace, "apart": {part.value: n for part, n, _url in figure.apart},
        "note": figure.note, "leads_url": figure.url, "cases_url": figure.cases_url, "misses_url": figure.misses_url,
        "months": [{"month": _name(point.month), "actual": point.actual} for point in line.points],
        "restatements": [_restatement(each) for each in restatements],
    }  # fmt: skip


def _restatement(each: Restatement) -> dict[str, Any]:
    return {
        "number": each.number, "kind": each.kind, "found_at": timezone.localtime(each.found_at), "by": each.by_id, "reason": wording.why(each),
        "actual_was": _number(each.actual_was), "actual": _number(each.actual), "cases_was": each.cases_was, "cases": each.cases,
        "misses_was": each.misses_was, "misses": each.misses,
        "moved": [
            {
                "lead": moved.lead_id, "was": moved.was, "now": moved.part, "since": timezone.localtime(moved.since), "reason": wording.why_moved(moved),
            }
            for moved in list(each.moved.all())[:LEADS_TOLD]
        ],
    }  # fmt: skip


def _response(each: responding.Response) -> dict[str, Any]:
    return {
        "key": each.term.key,
        "cases": each.cases,
        "within": each.within,
        **_times("", each.worked),
        **_times("wall_", each.wall),
        **_times("attempt_", each.attempt),
        **_times("conversation_", each.conversation),
    }


def _times(prefix: str, times: Times) -> dict[str, float | None]:
    return {f"{prefix}median_seconds": times.median, f"{prefix}p90_seconds": times.ninety}


def _entered(value: OwnValue, month: Period) -> dict[str, Any]:
    return {
        "key": value.term_key, "month": _name(month), "value": _number(value.value), "note": value.note,
        "entered_at": timezone.localtime(value.entered_at),
    }  # fmt: skip


def _name(month: Period) -> str:
    return f"{month.first_day:%Y-%m}"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
