"""The conversation under a hand-off, for other software."""

from __future__ import annotations

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from handoff import access
from handoff.conversation import talking
from handoff.conversation.mentions import UnclearMention
from handoff.models import LONGEST_MESSAGE
from leads.api_shapes import PersonShape
from smarketing.accounts.models import User
from smarketing.api import problem
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read, show, show_all
from smarketing.requests import ApiRequest


class MessageShape(serializers.Serializer):
    """`text` is empty after it was taken back."""

    id = serializers.IntegerField(source="pk")
    author = PersonShape()
    written_at = serializers.DateTimeField()
    text = serializers.CharField()
    mentions = PersonShape(many=True, source="mentions.all")
    deleted_at = serializers.DateTimeField(allow_null=True)


class MessagesShape(serializers.Serializer):
    messages = MessageShape(many=True)


class NewMessageShape(serializers.Serializer):
    text = WordsField(max_length=LONGEST_MESSAGE, required=True, allow_blank=False, many_lines=True)
    mentions = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=20,
        help_text="Numbers of colleagues to tell. @Name in the text works too.",
    )


class Messages(IdempotentView):
    @extend_schema(operation_id="messages", responses=answers(_200=MessagesShape))
    def get(self, request: ApiRequest, handoff_id: int) -> Response:
        """What colleagues said, oldest first."""
        handoff = access.get_handoff_to_read(request.user, handoff_id)
        return Response({"messages": show_all(MessageShape, talking.of(handoff))})

    @extend_schema(operation_id="say", request=NewMessageShape, responses=answers(_201=MessageShape))
    def post(self, request: ApiRequest, handoff_id: int) -> Response:
        """One message more; who is mentioned is told."""
        handoff = access.get_handoff_to_talk_about(request.user, handoff_id)
        given = read(NewMessageShape, request)
        wanted = set(given.get("mentions", []))
        people = list(User.objects.active().filter(pk__in=wanted))
        if len(people) != len(wanted):
            raise ValidationError({"mentions": ["Give the numbers of colleagues."]})
        message = talking.write(handoff, given["text"], mention=people, by=request.user, at=timezone.now())
        return Response(show(MessageShape, message), status=201)


problem.means(UnclearMention, 422)

urlpatterns = [path("handoffs/<int:handoff_id>/messages/", Messages.as_view(), name="api_messages")]
