"""Returns and what is decided about them, for other software."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from handoff import access, returning
from handoff.models import Handoff
from leads.api_shapes import PersonShape
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show_all
from smarketing.requests import ApiRequest

DECISIONS = ("upheld", "rejected")


class DecisionShape(serializers.Serializer):
    side = serializers.CharField()
    decision = serializers.SerializerMethodField()
    words = serializers.CharField()
    decided_by = PersonShape()
    decided_at = serializers.DateTimeField()

    def get_decision(self, decision: Any) -> str:
        return "upheld" if decision.upheld else "rejected"


class ReturnedShape(serializers.Serializer):
    """`state`: OPEN and REJECTED wait for marketing, CONTESTED for both team leads; the others are settled."""

    state = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()
    returned_by = PersonShape()
    returned_at = serializers.DateTimeField()
    settlement = serializers.CharField()
    settled_by = PersonShape(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    contest = serializers.CharField(source="contest_words")
    decisions = DecisionShape(many=True, source="decisions.all")


class ContestShape(serializers.Serializer):
    words = WordsField(max_length=500, required=True, allow_blank=False)


class NewDecisionShape(serializers.Serializer):
    decision = serializers.ChoiceField(choices=[(one, one) for one in DECISIONS])
    words = WordsField(max_length=500)


class Returns(IdempotentView):
    @extend_schema(operation_id="list_returns", responses=answers(_200=ReturnedShape(many=True)))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        """Each time that sales gave this hand-off back, the newest first, and what was done about it."""
        return self.answer(access.get_handoff_to_read(request.user, handoff_id))

    def answer(self, handoff: Handoff) -> Response:
        rows = handoff.returns.select_related("returned_by", "settled_by").order_by("-id")
        return Response(show_all(ReturnedShape, rows.prefetch_related("decisions__decided_by")))


class Contest(Returns):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="contest_return", request=ContestShape, responses=answers(_200=ReturnedShape(many=True))
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """Marketing does not agree; the team leads of both sides decide."""
        handoff = access.get_handoff_to_contest(request.user, handoff_id)
        handoff.contest(read(ContestShape, request)["words"], by=request.user, at=timezone.now())
        return self.answer(handoff)


class Decide(Returns):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="decide_contest",
        request=NewDecisionShape,
        responses=answers(_200=ReturnedShape(many=True)),
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """What the team lead of one side thinks; it counts once both sides think the same."""
        handoff = access.get_handoff_to_decide(request.user, handoff_id)
        given = read(NewDecisionShape, request)
        returning.decide(
            handoff,
            upheld=given["decision"] == "upheld",
            words=given.get("words", ""),
            by=request.user,
            at=timezone.now(),
        )
        return self.answer(handoff)
