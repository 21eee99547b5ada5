"""What both teams do about a clock, for other software: each verb is answered with the clock as it stands then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from leads.api_shapes import PersonShape
from sla import access, disputing, holding, voiding
from sla.api.clocks import ClockShape
from sla.models import Clock, Decision, Dispute, Pause, PauseReason
from smarketing.api import asked, problem
from smarketing.api.fields import MomentField, WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.paging import PAGES, CappedPages, page_of
from smarketing.api.problem import answers
from smarketing.api.reading import NothingShape, read, show_all
from smarketing.requests import ApiRequest

LONGEST_WORDS = 300


class PauseShape(serializers.ModelSerializer):
    """`until_at`: when it runs out by itself; `ended_at`: when it ended, null while it runs."""

    ended_at = serializers.DateTimeField(source="to_at", allow_null=True)
    by = PersonShape(source="made_by", allow_null=True)

    class Meta:
        model = Pause
        fields = ["reason", "from_at", "until_at", "ended_at", "by"]


class DisputeShape(serializers.ModelSerializer):
    """Raised by one side and answered by the other; `decision` is empty while it waits."""

    clock = serializers.IntegerField(source="clock_id")
    raised_by = PersonShape()
    answered_by = PersonShape(allow_null=True)

    class Meta:
        model = Dispute
        fields = ["id", "clock", "side", "reason", "raised_by", "raised_at", "decision", "answer", "answered_by", "answered_at"]  # fmt: skip


class ClockInFullShape(ClockShape):
    """With everything that both teams did about it."""

    holder = PersonShape(allow_null=True)
    resumes_at = serializers.DateTimeField(allow_null=True)
    disputed_at = serializers.DateTimeField(allow_null=True)
    cleared_at = serializers.DateTimeField(allow_null=True)
    pauses = serializers.SerializerMethodField()
    disputes = serializers.SerializerMethodField()

    @extend_schema_field(PauseShape(many=True))
    def get_pauses(self, clock: Clock) -> list[dict[str, Any]]:
        return show_all(PauseShape, clock.pauses.select_related("made_by").order_by("from_at", "id"))

    @extend_schema_field(DisputeShape(many=True))
    def get_disputes(self, clock: Clock) -> list[dict[str, Any]]:
        raised = clock.disputes.select_related("raised_by", "answered_by").order_by("raised_at", "id")
        return show_all(DisputeShape, raised)


class HoldShape(serializers.Serializer):
    """`until` is needed for a date that the lead asked for; without it a pause lasts as long as the agreement allows."""

    reason = serializers.ChoiceField(choices=[(reason.lower(), reason.label) for reason in holding.CHOSEN])
    until = MomentField()

    def validate_until(self, until: datetime | None) -> datetime | None:
        if until and until <= timezone.now():
            raise ValidationError("Choose a moment that is still to come.")
        return until

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["reason"].upper() == PauseReason.LEAD_ASKED_FOR_DATE and not given.get("until"):
            raise ValidationError({"until": ["Which date did the lead ask for?"]})
        return given


class WhyShape(serializers.Serializer):
    reason = WordsField(max_length=LONGEST_WORDS, required=True, allow_blank=False)


class DisputeDecisionShape(serializers.Serializer):
    decision = serializers.ChoiceField(choices=[(decision.lower(), decision.label) for decision in Decision])
    answer = WordsField(max_length=LONGEST_WORDS, required=True, allow_blank=False)


class ClockView(IdempotentView):
    """One clock through its door, answered as it stands then."""

    def clock_answer(self, request: ApiRequest, clock_id: int) -> Response:
        clock = access.get_clock_to_read(request.user, clock_id)
        return Response(ClockInFullShape(clock, context={"now": timezone.now()}).data)


class OneClock(ClockView):
    @extend_schema(operation_id="clocks_read", responses=answers(_200=ClockInFullShape))
    def get(self, request: ApiRequest, clock_id: int) -> Response:
        """With its pauses and disputes."""
        return self.clock_answer(request, clock_id)


class PauseClock(ClockView):
    @extend_schema(operation_id="clocks_pause", request=HoldShape, responses=answers(_200=ClockInFullShape))
    def post(self, request: ApiRequest, clock_id: int) -> Response:
        """Every clock of sales on this lead stands still: the reason is about the lead."""
        clock = access.get_clock_to_hold(request.user, clock_id)
        given = read(HoldShape, request)
        reason, until = given["reason"].upper(), given.get("until")
        holding.hold(clock.handoff, reason, until=until, by=request.user, at=timezone.now())
        return self.clock_answer(request, clock_id)


class ResumeClock(ClockView):
    @extend_schema(
        operation_id="clocks_resume", request=NothingShape, responses=answers(_200=ClockInFullShape)
    )
    def post(self, request: ApiRequest, clock_id: int) -> Response:
        """What somebody paused runs again; what waits for marketing goes on waiting."""
        clock = access.get_clock_to_hold(request.user, clock_id)
        holding.go_on(clock.handoff, by=request.user, at=timezone.now())
        return self.clock_answer(request, clock_id)


class DisputeClock(ClockView):
    @extend_schema(operation_id="clocks_dispute", request=WhyShape, responses=answers(_200=ClockInFullShape))
    def post(self, request: ApiRequest, clock_id: int) -> Response:
        """It counts apart until the other side has answered."""
        clock = access.get_clock_to_dispute(request.user, clock_id)
        disputing.dispute(clock, read(WhyShape, request)["reason"], by=request.user, at=timezone.now())
        return self.clock_answer(request, clock_id)


class VoidClock(ClockView):
    @extend_schema(operation_id="clocks_void", request=WhyShape, responses=answers(_200=ClockInFullShape))
    def post(self, request: ApiRequest, clock_id: int) -> Response:
        """It counts for nobody, with a reason and a name. Nothing is removed."""
        clock = access.get_clock_to_void(request.user, clock_id)
        voiding.void(clock, read(WhyShape, request)["reason"], by=request.user, at=timezone.now())
        return self.clock_answer(request, clock_id)


class Disputes(IdempotentView):
    STATES = {"open": disputing.open_disputes, "answered": disputing.answered_disputes}

    @extend_schema(
        operation_id="disputes_list",
        parameters=[OpenApiParameter("state", enum=list(STATES)), *PAGES],
        responses=answers(_200=page_of(DisputeShape)),
    )
    def get(self, request: ApiRequest) -> Response:
        """What waits for an answer, the oldest first; with `state=answered` what was answered, the latest first."""
        asked.only(request, ("state", "page", "page_size"))
        state = asked.one_of(request.query_params.get("state", "open"), list(self.STATES), "state")
        rows: QuerySet[Dispute] = self.STATES[state]().select_related("answered_by")
        pages = CappedPages()
        return pages.get_paginated_response(
            show_all(DisputeShape, pages.paginate_queryset(rows, request, self))
        )


class AnswerDispute(ClockView):
    @extend_schema(
        operation_id="disputes_answer", request=DisputeDecisionShape, responses=answers(_200=ClockInFullShape)
    )
    def post(self, request: ApiRequest, dispute_id: int) -> Response:
        """By those who lead the other side: void, in time, or as it is; the clock is the answer."""
        raised = access.get_dispute_to_answer(request.user, dispute_id)
        given = read(DisputeDecisionShape, request)
        disputing.answer(
            raised, given["decision"].upper(), given["answer"], by=request.user, at=timezone.now()
        )
        return self.clock_answer(request, raised.clock_id)


problem.means(holding.CannotPause, 409)
problem.means(disputing.DisputeMoved, 409)
problem.means(disputing.DisputeRefused, 409)
problem.means(voiding.CannotVoid, 409)
