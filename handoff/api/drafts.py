"""What the brief of a lead begins with, for other software."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from handoff import access, delivering, drafting
from leads.models import Lead
from smarketing.accounts.models import User
from smarketing.api.fields import WordsField
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import read
from smarketing.requests import ApiRequest


class DraftShape(serializers.Serializer):
    brief = serializers.DictField(child=WordsField(max_length=5_000, many_lines=True), required=False)
    waived = serializers.DictField(child=WordsField(max_length=300), required=False)


class KeptDraftShape(serializers.Serializer):
    """`prefilled` names the items that nobody has edited yet, with where their text came from."""

    brief = serializers.DictField(child=serializers.CharField())
    waived = serializers.DictField(child=serializers.CharField())
    prefilled = serializers.DictField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    kept_at = serializers.DateTimeField(allow_null=True)


class Draft(IdempotentView):
    @extend_schema(operation_id="read_brief_draft", responses=answers(_200=KeptDraftShape))
    def get(self, request: ApiRequest, lead_id: int) -> Response:
        """What the brief of this lead begins with: your draft, or what is known."""
        return self._answer(request.user, access.get_lead_to_hand_over(request.user, lead_id))

    @extend_schema(
        operation_id="keep_brief_draft", request=DraftShape, responses=answers(_200=KeptDraftShape)
    )
    def put(self, request: ApiRequest, lead_id: int) -> Response:
        """Your draft is these texts, until the lead is handed over."""
        lead = access.get_lead_to_hand_over(request.user, lead_id)
        given, now = read(DraftShape, request), timezone.now()
        drafting.keep(
            lead,
            delivering.rules.in_force(now),
            texts=given.get("brief", {}),
            waived=given.get("waived", {}),
            by=request.user,
            at=now,
        )
        return self._answer(request.user, lead)

    def _answer(self, user: User, lead: Lead) -> Response:
        agreed = delivering.rules.in_force(timezone.now())
        begun = drafting.begin(lead, agreed, by=user)
        return Response(
            {
                "brief": begun.texts,
                "waived": begun.waived,
                "prefilled": {key: one["from"] for key, one in begun.prefilled.items()},
                "missing": agreed.refusals(dict(begun.texts), dict(begun.waived))[1],
                "kept_at": begun.kept_at,
            }
        )
