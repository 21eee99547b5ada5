"""What sales and marketing do with a hand-off, for other software: each verb is answered with the hand-off and its clocks."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import access as handoff_access
from handoff.models import Channel, Handoff, Result, ReturnReason
from leads.access import LARGEST_ID
from sla.api.handoffs import HandoffView, HandoffWithClockShape
from smarketing.api.fields import MomentField, WordsField
from smarketing.api.problem import answers
from smarketing.api.reading import NothingShape, read
from smarketing.requests import ApiRequest


class QuestionShape(serializers.Serializer):
    question = WordsField(max_length=500, required=True, allow_blank=False)


class ReplyShape(serializers.Serializer):
    answer = WordsField(max_length=1_000, required=True, allow_blank=False)


class ReturnShape(serializers.Serializer):
    reason = serializers.ChoiceField(choices=[(reason.lower(), reason.label) for reason in ReturnReason])
    note = WordsField(max_length=500)


class DuplicateShape(serializers.Serializer):
    of = serializers.IntegerField(min_value=1, help_text="The hand-off that goes on.")


SPOKEN = OpenApiExample(
    "A call",
    request_only=True,
    value={"channel": "call", "result": "spoke", "note": "Wants to see it on Thursday"},
)


@extend_schema_serializer(examples=[SPOKEN])
class ContactLogShape(serializers.Serializer):
    channel = serializers.ChoiceField(choices=[(channel.lower(), channel.label) for channel in Channel])
    result = serializers.ChoiceField(choices=[(result.lower(), result.label) for result in Result])
    occurred_at = MomentField()
    note = WordsField(max_length=5_000, many_lines=True)


class Accept(HandoffView):
    @extend_schema(
        operation_id="handoff_accept", request=NothingShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_answer(request.user, handoff_id)
        handoff.accept(by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Claim(HandoffView):
    @extend_schema(
        operation_id="handoff_claim", request=NothingShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_claim(request.user, handoff_id)
        handoff.claim(by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Return(HandoffView):
    @extend_schema(
        operation_id="handoff_return", request=ReturnShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_answer(request.user, handoff_id)
        given = read(ReturnShape, request)
        handoff.return_(given["reason"].upper(), given.get("note", ""), by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Ask(HandoffView):
    @extend_schema(
        operation_id="handoff_ask", request=QuestionShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_ask(request.user, handoff_id)
        handoff.ask(read(QuestionShape, request)["question"], by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Answer(HandoffView):
    @extend_schema(
        operation_id="handoff_answer", request=ReplyShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        handoff = handoff_access.get_handoff_to_reply(request.user, handoff_id)
        handoff.reply(read(ReplyShape, request)["answer"], by=request.user, at=timezone.now())
        return self.handoff_answer(handoff)


class Duplicate(HandoffView):
    @extend_schema(
        operation_id="handoff_duplicate",
        request=DuplicateShape,
        responses=answers(_200=HandoffWithClockShape),
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """Closed as a duplicate of another open hand-off, which goes on with the earlier start of the two; that one is the answer."""
        handoff = handoff_access.get_handoff_to_answer(request.user, handoff_id)
        wanted = read(DuplicateShape, request)["of"]
        kept = Handoff.objects.select_related("lead").filter(pk=min(wanted, LARGEST_ID)).first()
        if kept is None:
            raise ValidationError({"of": ["There is no such hand-off."]})
        handoff.confirm_duplicate(kept, by=request.user, at=timezone.now())
        return self.handoff_answer(kept)


class Contact(HandoffView):
    @extend_schema(
        operation_id="handoff_contact", request=ContactLogShape, responses=answers(_200=HandoffWithClockShape)
    )
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """A contact that was made; the earliest by occurrence is the first one."""
        handoff = handoff_access.get_handoff_to_contact(request.user, handoff_id)
        given = read(ContactLogShape, request)
        handoff.log_contact(
            given["channel"].upper(),
            given["result"].upper(),
            occurred_at=given.get("occurred_at"),
            note=given.get("note", ""),
            by=request.user,
            at=timezone.now(),
        )
        return self.handoff_answer(handoff)
