"""What a quarter would have looked like under another text, for other software."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import (
    extend_schema,
)
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from sla import access
from sla.models import WhatIfState
from sla.what_if import result, running
from smarketing.api.idempotency import IdempotentView
from smarketing.api.problem import answers
from smarketing.api.reading import NothingShape
from smarketing.requests import ApiRequest


class WhatIfSideShape(serializers.Serializer):
    """One promise under one of the two texts: a share in percent, or a number a month."""

    actual = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    cases = serializers.IntegerField()
    missed = serializers.IntegerField(allow_null=True)
    misses_url = serializers.CharField(allow_null=True)


class WhatIfTermShape(serializers.Serializer):
    key = serializers.CharField()
    sentence = serializers.CharField()
    then = WhatIfSideShape()
    now = WhatIfSideShape()
    moves = serializers.DictField(child=serializers.IntegerField())


class WhatIfShape(serializers.Serializer):
    """`terms` is empty until `state` is DONE."""

    state = serializers.ChoiceField(choices=WhatIfState.choices)
    to = serializers.DateField()
    compared_to = serializers.IntegerField(allow_null=True)
    handoffs = serializers.IntegerField()
    done = serializers.IntegerField()
    terms = WhatIfTermShape(many=True)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class AgreementWhatIf(IdempotentView):
    @extend_schema(operation_id="agreements_what_if", responses=answers(_200=WhatIfShape))
    def get(self, request: ApiRequest, agreement_id: int) -> Response:
        """What the last 13 weeks would have looked like under this text; 404 until somebody asked."""
        agreement = access.get_agreement_to_read(request.user, agreement_id)
        answer = running.answer_for(agreement)
        if answer is None:
            raise NotFound("Nobody has asked this about the present text yet.")
        return Response(WhatIfShape(result.as_data(answer)).data)

    @extend_schema(
        operation_id="agreements_ask_what_if", request=NothingShape, responses=answers(_200=WhatIfShape)
    )
    def post(self, request: ApiRequest, agreement_id: int) -> Response:
        """Asks. A quarter with many hand-offs is worked out in the background: read it until it is DONE."""
        agreement = access.get_agreement_to_draft(request.user, agreement_id)
        asked = running.ask(agreement, by=request.user, at=timezone.now())
        return Response(WhatIfShape(result.as_data(asked)).data)
