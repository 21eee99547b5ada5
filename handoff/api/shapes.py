"""A hand-off as other software reads it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from handoff.models import Handoff
from leads.api_shapes import PersonShape


class BriefItemShape(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    required = serializers.BooleanField()
    waived_reason = serializers.CharField(help_text="Why a demanded item was sent without a text.")


class LeadInHandoffShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")
    company = serializers.CharField(source="company.name", default=None, allow_null=True)
    stage = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, lead: Any) -> str:
        return f"/leads/{lead.pk}/"


class HandoffShape(serializers.ModelSerializer):
    lead = LeadInHandoffShape()
    sender = PersonShape(allow_null=True)
    receiver = PersonShape(allow_null=True)
    answer = serializers.CharField(source="reply_text")
    brief = BriefItemShape(many=True, source="brief_items")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Handoff
        fields = [
            "id", "url", "lead", "cycle", "state", "hot", "sender", "sent_at", "receiver", "routed_because", "brief", "question", "asked_at", "answer",
            "replied_at", "accepted_at", "returned_at", "return_reason", "return_note", "prepared_at", "first_attempt_at", "first_conversation_at",
            "first_contact_at", "attempts", "closed_at", "outcome",
        ]  # fmt: skip

    def get_url(self, handoff: Handoff) -> str:
        return f"/handoffs/{handoff.pk}/"
